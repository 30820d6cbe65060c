#!/usr/bin/env python3
"""Checks the demo market data. Prints what is wrong and leaves with status 1, or prints counts."""

import csv
import re
import sys
import xml.etree.ElementTree as ElementTree
from decimal import Decimal
from pathlib import Path

import generate

HERE = Path(__file__).resolve().parent
UNITS = {"pcs", "set", "m", "m2", "kg", "pair", "unit"}
INCOTERMS = {"EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP"}
CURRENCIES = {"USD", "EUR", "CNY"}
PRICE = re.compile(r"\d+(\.\d{1,6})?")
problems = []


def expect(condition, text):
    if not condition:
        problems.append(text)


def read(name, header):
    text = (HERE / name).read_bytes().decode("utf-8")
    expect("\ufeff" not in text and "\r" not in text and "\ufffd" not in text, f"{name}: stray characters")
    rows = list(csv.DictReader(text.splitlines()))
    expect(list(rows[0]) == header, f"{name}: header")
    for line, row in enumerate(rows, 2):
        expect(None not in row and None not in row.values(), f"{name}:{line}: number of columns")
        for key, value in row.items():
            expect(value == value.strip(), f"{name}:{line}: blanks around {key}")
    return rows


def check_code(code):
    """The check character of a unified social credit code."""
    total = sum(generate.DIGITS.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    return len(code) == 18 and generate.DIGITS[(31 - total % 31) % 31] == code[17]


def check_ladder(where, row):
    breaks = [part.split(":") for part in row["ladder"].split(";")]
    expect(2 <= len(breaks) <= 4, f"{where}: {len(breaks)} breaks")
    for quantity, price in breaks:
        expect(quantity.isdigit() and PRICE.fullmatch(price), f"{where}: {quantity}:{price}")
    quantities = [int(quantity) for quantity, _ in breaks]
    prices = [Decimal(price) for _, price in breaks]
    expect(all(a < b for a, b in zip(quantities, quantities[1:])), f"{where}: quantities do not rise")
    expect(all(a > b for a, b in zip(prices, prices[1:])), f"{where}: prices do not fall")
    expect(prices[-1] > 0, f"{where}: price of nothing")
    expect(row["moq"] == breaks[0][0], f"{where}: moq is not the first break")


def check_pictures(used):
    files = {path.name: path for path in (HERE / "pictures").glob("*.svg")}
    expect(used == set(files), f"pictures: missing {used - set(files)}, unused {set(files) - used}")
    total = 0
    for name, path in files.items():
        text = path.read_text(encoding="utf-8")
        total += len(text.encode())
        expect(len(text.encode()) < 20_000, f"{name}: too big")
        root = ElementTree.fromstring(text)
        expect(root.get("viewBox") == "0 0 400 300", f"{name}: viewBox")
        ids = set(re.findall(r'\bid="([^"]+)"', text))
        expect(set(re.findall(r"url\(#([^)]+)\)", text)) <= ids, f"{name}: dangling reference")
        outside = text.replace("http://www.w3.org/2000/svg", "")
        expect(not re.search(r"<script|<foreignObject|\bon\w+=|href=|https?:|data:", outside), f"{name}: active or outside content")
    expect(total < 1_500_000, "pictures: too big together")
    expect((HERE / "pictures/LICENSE.txt").is_file(), "pictures: no licence")
    return len(files), total


def main():
    companies = read("companies.csv", generate.COMPANY_HEADER)
    products = read("products.csv", generate.PRODUCT_HEADER)
    lines = {row["code"]: row for row in read("hs_lines.csv", generate.HS_HEADER)}
    sellers = {row["registration_number"]: row for row in companies if row["sells"] == "true"}
    expect(len(sellers) == 40, f"{len(sellers)} sellers")
    expect(sum(row["buys"] == "true" for row in companies) == 12, "not 12 buyers")
    expect(len(products) == 320, f"{len(products)} goods")
    for key in ("registration_number", "name", "name_zh"):
        expect(len({row[key] for row in companies}) == len(companies), f"companies: {key} repeats")
    for row in companies:
        expect(all(row.values()), f"{row['name']}: empty field")
        expect(re.fullmatch(r"[A-Z]{2}", row["country"]) and row["founded"].isdigit(), f"{row['name']}: country or year")
        if row["country"] == "CN":
            expect(check_code(row["registration_number"]), f"{row['name']}: check character")
    seen, titles, per_seller = set(), set(), {}
    for row in products:
        where = row["sku"]
        ready = row["supply"] == "ready_stock"
        expect(all(value for name, value in row.items() if name not in ("attributes", "on_hand")), f"{where}: empty field")
        expect(ready or row["supply"] == "made_to_order", f"{where}: supply")
        expect(row["on_hand"].isdigit() if ready else row["on_hand"] == "", f"{where}: quantity on hand")
        seller = sellers.get(row["supplier_registration"])
        expect(seller, f"{where}: unknown supplier")
        expect((row["supplier_registration"], where) not in seen, f"{where}: sku repeats")
        seen.add((row["supplier_registration"], where))
        expect(row["title"] not in titles, f"{where}: title repeats")
        titles.add(row["title"])
        per_seller[row["supplier_registration"]] = per_seller.get(row["supplier_registration"], 0) + 1
        expect(re.search(r"[\u4e00-\u9fff]", row["title_zh"]), f"{where}: Chinese title")
        expect(not re.search(r"[\u4e00-\u9fff]", row["title"] + row["description"]), f"{where}: Chinese in English text")
        expect(len(re.findall(r"\d+", row["description"])) >= 1, f"{where}: no measure in the description")
        expect(row["category"] in generate.TINTS, f"{where}: category")
        code = row["hs_code"]
        expect(code.isdigit() and (len(code) == 6 or code in lines), f"{where}: HS code {code}")
        expect(row["unit"] in UNITS and row["incoterm"] in INCOTERMS and row["currency"] in CURRENCIES, f"{where}: unit, term or currency")
        expect(seller and row["origin"] == seller["country"], f"{where}: origin")
        expect(7 <= int(row["lead_days"]) <= 60, f"{where}: lead time")
        check_ladder(where, row)
    expect(set(per_seller.values()) == {8}, "not 8 goods for each supplier")
    for code, row in lines.items():
        expect(re.fullmatch(r"\d{10}", code) and row["verified"] == "false", f"hs_lines: {code}")
        expect(re.fullmatch(r"\d+|SCHED-[A-Z]+", row["rate"]), f"hs_lines: rate of {code}")
    count, size = check_pictures({row["picture"] for row in products})
    if problems:
        print("\n".join(problems))
        sys.exit(1)
    print(f"{len(sellers)} sellers, {len(companies) - len(sellers)} buyers, {len(products)} goods, "
          f"{len({row['category'] for row in products})} categories, {len(lines)} tariff lines "
          f"({sum(len(row['hs_code']) == 10 for row in products)} goods use one), "
          f"{count} pictures, {size} bytes")


if __name__ == "__main__":
    main()
