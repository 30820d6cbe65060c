#!/usr/bin/env python3
"""Builds the demo market data: companies.csv, products.csv, hs_lines.csv and pictures/*.svg.

Standard library only. The curated content is in tables/; the same tables give
the same files, byte for byte.
"""

import csv
import json
import random
from pathlib import Path

from drawings import DRAWN
from stated import stated

HERE = Path(__file__).resolve().parent
TABLES = HERE / "tables"
SEED = 20260105

COMPANY_HEADER = ["registration_number", "name", "name_zh", "country", "city", "founded",
                  "about", "sells", "buys"]
PRODUCT_HEADER = ["supplier_registration", "sku", "title", "title_zh", "category", "description",
                  "hs_code", "unit", "origin", "currency", "moq", "ladder", "lead_days",
                  "incoterm", "place", "picture", "attributes", "supply", "on_hand"]
HS_HEADER = ["code", "rate", "mfn", "unit", "description", "verified"]

# Background tint and accent of each category.
TINTS = {
    "textiles": ("#FBE9F0", "#F4C9DA"),
    "garments": ("#ECE9FB", "#D2CBF5"),
    "toys": ("#FFF3D9", "#FFE1A3"),
    "lighting": ("#FFF8DC", "#FFEBA6"),
    "furniture": ("#F6ECE2", "#E9D3BB"),
    "machinery": ("#E6EEF4", "#C6D7E4"),
    "electronics": ("#E4F0FF", "#C2DCFC"),
    "home-appliances": ("#E3F6F5", "#BFE7E5"),
    "bicycles-sports": ("#E7F6E4", "#C7E9C0"),
    "glass-ceramics": ("#E5F4FA", "#C0E2F0"),
    "hardware": ("#EFEFEF", "#D9DADC"),
    "packaging": ("#F8EFE0", "#ECD7B0"),
    "food-tea": ("#EEF5DF", "#D6E7B2"),
    "batteries-power": ("#E4F7EC", "#BDEBD0"),
}

# Picture of a listing -> icon of the emoji set, where the names differ.
EMOJI = {
    "bolt": "nut-and-bolt", "bowl": "bowl-with-spoon", "cap": "billed-cap", "carton": "package",
    "cashew": "peanuts", "charger": "electric-plug", "chess": "chess-pawn",
    "flip-flops": "thong-sandal", "couch": "couch-and-lamp", "dartboard": "bullseye",
    "dice": "game-die", "doll": "nesting-dolls", "felt-hat": "top-hat", "flower": "blossom",
    "frame": "framed-picture", "gift-box": "wrapped-gift", "hard-hat": "rescue-workers-helmet",
    "lotion": "lotion-bottle", "microphone": "studio-microphone", "padlock": "locked",
    "paper-bag": "shopping-bags", "paper-cup": "cup-with-straw", "plate": "fork-and-knife-with-plate",
    "puzzle": "puzzle-piece", "rabbit": "rabbit-face", "rain-boot": "womans-boot",
    "rice": "sheaf-of-rice", "spice": "wood", "straw-hat": "womans-hat", "swim-cap": "goggles",
    "swimsuit": "one-piece-swimsuit", "tea": "herb", "tea-cup": "teacup-without-handle",
    "vase": "amphora", "whale": "spouting-whale", "desktop": "desktop-computer",
    "pull-toy": "dog-face", "motor": "gear", "connector": "electric-plug",
}

# Listings that share the picture of a near relative.
SAME = {
    "tyre": "wheel", "kids-bicycle": "bicycle", "e-bike": "bicycle", "nails": "screw",
    "clog": "flip-flops", "hairnet": "beanie", "wall-lamp": "ceiling-lamp", "glass-globe": "pendant-lamp",
    "chandelier": "pendant-lamp", "desk": "table", "standing-desk": "table", "wardrobe": "cabinet",
    "mattress": "bed", "quilt": "bed", "stool": "chair", "gas-spring": "office-chair",
    "cnc-router": "laser-cutter", "press": "laser-cutter", "welder": "laser-cutter", "lathe": "laser-cutter",
    "dust-collector": "packing-machine", "valve": "pump", "diode": "transistor",
    "circuit-board": "chip", "window-ac": "air-conditioner", "portable-ac": "air-conditioner",
    "display-cooler": "refrigerator", "mini-fridge": "refrigerator", "ice-maker": "chest-freezer",
    "toaster": "rice-cooker", "air-fryer": "rice-cooker", "iron": "hair-dryer",
    "kettlebell": "dumbbell", "basin": "bowl", "tray": "plate", "knob": "hook",
    "washer": "bearing", "jerrycan": "bottle", "grinder": "drill", "battery-cell": "battery",
    "inverter": "ev-battery", "lace": "fabric-roll", "hoodie": "coat",
}

DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(division, rng):
    """An invented 18-character Chinese unified social credit code with valid check characters."""
    body = "MA" + "".join(rng.choice(DIGITS) for _ in range(6))
    weights = [3, 7, 9, 10, 5, 8, 4, 2]
    full = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    rest = 11 - sum(full.index(c) * w for c, w in zip(body, weights)) % 11
    body += {10: "X", 11: "0"}.get(rest, str(rest))
    code = "91" + division + body
    total = sum(DIGITS.index(c) * pow(3, i, 31) for i, c in enumerate(code))
    return code + DIGITS[(31 - total % 31) % 31]


def read_tables():
    suppliers = []
    for path in sorted(TABLES.glob("goods-*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.strip():
                continue
            cells = line.lstrip("@").split("|")
            if line.startswith("@"):
                keys = ["code", "name", "name_zh", "country", "city", "founded", "category",
                        "currency", "incoterm", "place", "register", "about"]
                suppliers.append(dict(zip(keys, cells, strict=True), goods=[]))
            else:
                keys = ["title", "title_zh", "description", "hs_code", "unit", "ladder",
                        "lead_days", "picture"]
                supplier = suppliers[-1]
                good = dict(zip(keys, cells, strict=True))
                good["sku"] = f"{supplier['code']}-{101 + len(supplier['goods'])}"
                for key in ("incoterm", "place", "currency"):
                    good[key] = supplier[key]
                supplier["goods"].append(good)
    by_sku = {good["sku"]: good for supplier in suppliers for good in supplier["goods"]}
    for line in (TABLES / "terms.txt").read_text(encoding="utf-8").splitlines():
        sku, incoterm, place, currency, ladder = line.split("|")
        by_sku[sku].update(incoterm=incoterm, place=place, currency=currency,
                           ladder=ladder or by_sku[sku]["ladder"])
    return suppliers


def write_csv(name, header, rows):
    with open(HERE / name, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def companies(suppliers):
    rng = random.Random(SEED)
    rows = []
    for s in suppliers:
        s["registration"] = credit_code(s["register"], rng) if s["country"] == "CN" else s["register"]
        rows.append([s["registration"], s["name"], s["name_zh"], s["country"], s["city"],
                     s["founded"], s["about"], "true", "false"])
    for line in (TABLES / "buyers.txt").read_text(encoding="utf-8").splitlines():
        if line.strip():
            rows.append(line.split("|") + ["false", "true"])
    return rows


def ready_stock():
    """Goods that lie ready, with what is on hand; all others are made to order."""
    lines = (TABLES / "ready.txt").read_text(encoding="utf-8").split()
    return dict(line.split("|") for line in lines)


def products(suppliers):
    rows, ready = [], ready_stock()
    for s in suppliers:
        for g in s["goods"]:
            moq = g["ladder"].split(":", 1)[0]
            rows.append([s["registration"], g["sku"], g["title"], g["title_zh"],
                         s["category"], g["description"], g["hs_code"], g["unit"], s["country"],
                         g["currency"], moq, g["ladder"], g["lead_days"], g["incoterm"], g["place"],
                         resolve(g["picture"]) + ".svg", stated(s["category"], g["title"], g["description"]),
                         "ready_stock" if g["sku"] in ready else "made_to_order", ready.get(g["sku"], "")])
    return rows


def resolve(name):
    return SAME.get(name, name)


def pictures(suppliers):
    """One picture per icon, on the background of the category that shows it first."""
    emoji = json.loads((TABLES / "icons.json").read_text(encoding="utf-8"))
    folder = HERE / "pictures"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.svg"):
        old.unlink()
    wanted = {}
    for s in suppliers:
        for g in s["goods"]:
            wanted.setdefault(resolve(g["picture"]), s["category"])
    for name, category in sorted(wanted.items()):
        icon = DRAWN.get(name) or emoji[EMOJI.get(name, name)]
        back, accent = TINTS[category]
        (folder / f"{name}.svg").write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" width="400" height="300">'
            f'<rect width="400" height="300" fill="{back}"/>'
            f'<circle cx="200" cy="150" r="118" fill="{accent}" fill-opacity=".55"/>'
            f'<circle cx="352" cy="44" r="66" fill="{accent}" fill-opacity=".3"/>'
            f'<circle cx="38" cy="268" r="54" fill="{accent}" fill-opacity=".3"/>'
            '<ellipse cx="200" cy="243" rx="76" ry="7" fill="#1b2733" fill-opacity=".10"/>'
            f'<g transform="translate(112 62) scale(5.5)" fill="none">{icon}</g></svg>\n',
            encoding="utf-8")
    return len(wanted)


def hs_lines():
    rows = []
    for line in (TABLES / "hs_lines.txt").read_text(encoding="utf-8").splitlines():
        if line.strip():
            code, rate, mfn, unit, description = line.split("|")[:5]
            rows.append([code, rate, "" if mfn == "-" else mfn,
                         "" if unit in ("-", "see page") else unit.replace(" (see page)", ""),
                         description, "false"])
    return rows


def main():
    suppliers = read_tables()
    company_rows = companies(suppliers)
    product_rows = products(suppliers)
    hs_rows = hs_lines()
    write_csv("companies.csv", COMPANY_HEADER, company_rows)
    write_csv("products.csv", PRODUCT_HEADER, product_rows)
    write_csv("hs_lines.csv", HS_HEADER, hs_rows)
    print(f"{len(company_rows)} companies, {len(product_rows)} goods, {len(hs_rows)} tariff lines, "
          f"{pictures(suppliers)} pictures")


if __name__ == "__main__":
    main()
