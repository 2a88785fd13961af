#!/bin/sh
# Makes the two embedded fonts out of the Debian package fonts-noto-core (20201225-1), unpacked in $1, with
# fonttools 4.68. Noto Sans has no arrows and no mathematical signs: they come from Noto Sans Math.
set -eu
fonts="$1/usr/share/fonts/truetype/noto"
letters='U+0020-007E,U+00A0-017F,U+0192,U+0218-021B,U+02C6-02C7,U+02D8-02DD,U+0300-0304,U+0308,U+030A-030C,U+0327-0328,
U+0384-03CE,U+1E9E,U+2009,U+2010-2015,U+2018-201A,U+201C-201E,U+2020-2022,U+2026,U+202F,U+2030,U+2032-2033,U+2039-203A,
U+20AC,U+2122,U+FFFD'
signs='U+2190-2195,U+2202,U+2206,U+2211-2212,U+221A,U+221E,U+2248,U+2260,U+2264-2265'
work=$(mktemp -d)
for face in Regular Bold; do
  pyftsubset "$fonts/NotoSans-$face.ttf" --unicodes="$(echo "$letters" | tr -d '\n')" --no-hinting --notdef-outline \
    --layout-features=kern,mark,ccmp --name-IDs=0,1,2,3,4,5,6,13,14 --output-file="$work/letters.ttf"
  pyftsubset "$fonts/NotoSansMath-Regular.ttf" --unicodes="$signs" --no-hinting --notdef-outline \
    --layout-features='' --drop-tables+=MATH --output-file="$work/signs.ttf"
  pyftmerge --output-file="$work/merged.ttf" "$work/letters.ttf" "$work/signs.ttf"
  pyftsubset "$work/merged.ttf" --unicodes='*' --notdef-outline --layout-features=kern,mark,ccmp \
    --name-IDs=0,1,2,3,4,5,6,13,14 --output-file="NotoSans-$face.subset.ttf"
done
rm -r "$work"
