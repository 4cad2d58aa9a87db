#!/bin/sh
# Packs a store of runs into a few files of limited size:
#
#     pack.sh STORE OUT [BYTES [BYTES-OF-A-FILE]]
#
# All but checkpoints goes in always: run files, plan, tables, logs. Of the states of runs under way, in checkpoints/,
# those go in that fit, the newest first; what was not written to its end stays out. The files are OUT/store.tar.00 and
# so on; "cat OUT/store.tar.* | tar x -C STORE" unpacks them.
set -eu
store=$1
out=$(mkdir -p "$2" && cd "$2" && pwd)
most=${3:-66000000}
part=${4:-16000000}
list=$(mktemp)
trap 'rm -f "$list"' EXIT
cd "$store"

# Sizes and names of files, without what is locked or was being written.
files() {
    find "$@" -type f ! -name .lock ! -name '*.part' ! -name '*.part.lock' ! -path '*.part/*' -printf '%s %p\n'
}

# What tar makes of files, each with a header and in blocks of 512 bytes.
bytes() {
    awk '{ sum += 512 * (int(($1 + 511) / 512) + 1) } END { print sum + 0 }'
}

files . ! -path './checkpoints/*' >"$list"
# The end of an archive fills 10 KiB.
sum=$(($(bytes <"$list") + 10240))
if [ "$sum" -gt "$most" ]; then
    echo "pack: run files alone take $sum of $most bytes; all of them are packed all the same" >&2
fi
kept=0
left=
for run in $(ls -t checkpoints 2>/dev/null); do
    size=$(files "checkpoints/$run" | bytes)
    if [ $((sum + size)) -le "$most" ]; then
        files "checkpoints/$run" >>"$list"
        sum=$((sum + size))
        kept=$((kept + 1))
    else
        left="$left $run"
    fi
done
rm -f "$out"/store.tar.*
cut -d ' ' -f 2- "$list" | tar cf - --format=ustar --no-recursion -T - | split -b "$part" -d - "$out/store.tar."
echo "packed $(find runs -name '*.json' 2>/dev/null | wc -l) runs and $kept checkpoints; checkpoints left out:${left:- none}"
