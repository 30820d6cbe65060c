#!/usr/bin/env bash
# Makes the font files beside it from the Debian packages fonts-noto-cjk and fonts-noto-core; the same packages give the
# same bytes. Needs: apt-get install fonts-noto-cjk fonts-noto-core python3-venv, and the Python package index once.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cjk=${NOTO_CJK:-/usr/share/fonts/opentype/noto}
core=${NOTO_CORE:-/usr/share/fonts/truetype/noto}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet fonttools==4.68.0

"$work/venv/bin/python" - "$work" <<'PY'
"""Writes which characters each weight holds, one hexadecimal code point a line."""
import sys

# Latin with all its marks, Greek, Cyrillic, punctuation, currencies, arrows, mathematics, boxes, full-width forms.
RANGES = [(0x20, 0x7E), (0xA0, 0x24F), (0x370, 0x3FF), (0x400, 0x4FF), (0x1E00, 0x1EFF), (0x2000, 0x206F),
          (0x2070, 0x209F), (0x20A0, 0x20CF), (0x2100, 0x218F), (0x2190, 0x22FF), (0x2460, 0x24FF),
          (0x2500, 0x257F), (0x25A0, 0x25FF), (0x3000, 0x303F), (0x3040, 0x30FF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF)]
# Characters of names that GB 2312 leaves out.
NAMES = ("喆堃镕赟昇炘玥珺瑀琇璟琛琦瑄瑗璠瑢琬琰珮珩玘玟玮珅珈珏珑玙琎琲琨琪琮琯瑨瑱璐璘璎燚翀翊翎翙"
         "芃芊芮苒茜荃荇菡萱蓁蕙蘅薇藜昉昊昕昫晖晗晞晟晢晥暄暐暕曈沄沅沐沁洺洳浚浠涵淏淇淼湉湜滢潇澍澔瀚灏"
         "烜焱焯焜煜熠燊禕祎祺禛稷竑笙筠箐翮耘聿肜胤舸艺諝谦谞赪轩辂邈郗酉鄞鋆钊钐钰铄铖锳镭闫阗霈霏霖靓韬"
         "颀颢飏飒馗馥骁骐骞骥髙鹍鹏麒黎黛龑龢")


def chinese(rows):
    for row in rows:
        for cell in range(1, 95):
            try:
                yield ord(bytes([0xA0 + row, 0xA0 + cell]).decode("gb2312"))
            except UnicodeDecodeError:
                pass


common = {point for low, high in RANGES for point in range(low, high + 1)}
regular = common | set(chinese(range(1, 88))) | {ord(c) for c in NAMES}
bold = common | set(chinese(range(1, 10))) | set(chinese(range(16, 56)))
for name, points in (("regular", regular), ("bold", bold)):
    with open(f"{sys.argv[1]}/{name}.txt", "w", encoding="ascii") as out:
        out.writelines(f"{point:04X}\n" for point in sorted(points))
PY

for weight in Regular Bold; do
    name=${weight,,}
    # 2 is Simplified Chinese in the collection.
    "$work/venv/bin/pyftsubset" "$cjk/NotoSansCJK-$weight.ttc" --font-number=2 \
        --unicodes-file="$work/$name.txt" --layout-features=kern,liga,ccmp,locl,mark,mkmk \
        --no-hinting --drop-tables+=vhea,vmtx,VORG,BASE --name-IDs=0,1,2,3,4,5,6,13,14 \
        --output-file="$work/$name.otf"
    gzip -9 -n -c "$work/$name.otf" > "$here/noto-sans-sc-$name.otf.gz"
done

# What Latin, Greek and Cyrillic letters, marks and currencies the first two lack: Ł, ő, ş, ₹ and others.
"$work/venv/bin/python" - "$work" <<'PY'
import sys
from fontTools.ttLib import TTFont

RANGES = [(0xA0, 0x2AF), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x1E00, 0x1EFF), (0x2000, 0x206F),
          (0x20A0, 0x20CF), (0x2100, 0x214F)]
held = TTFont(f"{sys.argv[1]}/regular.otf").getBestCmap()
with open(f"{sys.argv[1]}/latin.txt", "w", encoding="ascii") as out:
    out.writelines(f"{point:04X}\n" for low, high in RANGES for point in range(low, high + 1) if point not in held)
PY
for weight in Regular Bold; do
    name=${weight,,}
    "$work/venv/bin/pyftsubset" "$core/NotoSans-$weight.ttf" --unicodes-file="$work/latin.txt" \
        --layout-features=kern,liga,ccmp,locl,mark,mkmk --no-hinting --name-IDs=0,1,2,3,4,5,6,13,14 \
        --output-file="$work/latin-$name.ttf"
    gzip -9 -n -c "$work/latin-$name.ttf" > "$here/noto-sans-latin-$name.ttf.gz"
done
ls -l "$here"
