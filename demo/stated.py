"""Properties of the templates that a listing's own text states: numbers with their units, and words that leave one choice only.

Nothing is guessed: what the text does not say stays empty.
"""

import re

# One number: not the end of a range, a ratio or a product, nor what is filled in or what a user weighs.
NUMBER = r"(?<![–/×\d.,])(?<![/×] )(?<!PV )(?<!filling )(\d[\d,]*(?:\.\d+)?)"

# Category -> property -> expression for its number in title or description.
NUMBERS = {
    "textiles": {"weight_gsm": NUMBER + r" g/m²(?!/)", "width_cm": r"(?<!× )(?<!\+ )(?<!to )(?<![\d.])(\d{2,3}) cm(?! ×)"},
    "garments": {"weight_gsm": NUMBER + r" g/m²(?!/)"},
    "home-appliances": {"power": NUMBER + r" W\b", "voltage": NUMBER + r" V\b", "noise_db": NUMBER + r" dB\b"},
    "lighting": {"power": NUMBER + r" W\b", "lumens": NUMBER + r" lm\b(?!/)", "lifetime_h": NUMBER + r" h\b",
                 "colour_temperature": NUMBER + r" K\b"},
    "furniture": {"load_kg": r"load " + NUMBER + r" kg"},
    "machinery": {"power_kw": NUMBER + r" kW\b"},
    "electronics": {"voltage": NUMBER + r" V\b"},
    "batteries-power": {"voltage": NUMBER + r" V\b", "capacity_mah": NUMBER + r" mAh\b",
                        "cycles": NUMBER + r" cycles"},
    "glass-ceramics": {"capacity_ml": NUMBER + r" ml\b"},
    "hardware": {"weight_g": NUMBER + r" g\b(?!/)"},
    "packaging": {"thickness_um": NUMBER + r" µm\b"},
    "food-tea": {"shelf_life_months": r"shelf life " + NUMBER + r" months"},
    "bicycles-sports": {"load_kg": r"load " + NUMBER + r" kg", "weight": NUMBER + r" kg\b(?! user)"},
}

# Category -> property -> value -> words that say it. Where words of two values occur, nothing is stated.
WORDS = {
    "textiles": {
        "weave": {"woven": r"corduroy|denim|poplin|plain weave|sheeting|canvas|twill|duck|sateen|jacquard|dobby",
                  "knitted": r"knit|jersey|fleece|interlock|raschel|tricot|velour", "nonwoven": r"nonwoven|felt"},
        "finish": {"greige": r"greige|unbleached", "bleached": r"\bbleached|\bwhite\b", "dyed": r"dyed",
                   "printed": r"print"},
    },
    "garments": {"gender": {"women": r"\bwomen|\bladies", "men": r"\bmen's|\bmen\b",
                            "children": r"child|\bkid|\bbaby|\bgirl|\bboy"}},
    "furniture": {"assembly": {"flat_pack": r"\bKD\b|flat[ -]pack", "assembled": r"\bassembled"}},
    "batteries-power": {"chemistry": {"nimh": r"NiMH", "lifepo4": r"LiFePO4", "alkaline": r"alkaline",
                                      "lead_acid": r"lead[ -]acid|\bAGM\b|\bVRLA\b",
                                      "lithium_ion": r"Li-ion|lithium-ion|Li-polymer"}},
    "glass-ceramics": {"body": {"porcelain": r"porcelain|bone china", "stoneware": r"stoneware",
                                "earthenware": r"earthenware|terracotta", "glass": r"glass"}},
    "hardware": {"coating": {"zinc": r"zinc(?! die)", "hot_dip": r"hot[ -]dip", "chrome": r"chrom",
                             "powder": r"powder", "black_oxide": r"black oxide", "plain": r"\buncoated"}},
}


def stated(category, title, description):
    """`key=value` pairs in the form of the import, `;` between them."""
    text = f"{title} | {description}"
    found = {}
    for key, expression in NUMBERS.get(category, {}).items():
        match = re.search(expression, text)
        if match:
            found[key] = match.group(1).replace(",", "")
    # A yarn is named after what it is for.
    for key, values in ({} if re.search("yarn", text) else WORDS).get(category, {}).items():
        said = [value for value, words in values.items() if re.search(words, text, re.IGNORECASE)]
        if len(said) == 1:
            found[key] = said[0]
    return ";".join(f"{key}={value}" for key, value in found.items())
