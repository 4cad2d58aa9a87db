#!/bin/sh
# Times an epoch of each network of california-notebook by two builds of the suite, in turns in one process:
#
#     grid.sh OLD-LIB NEW-LIB CSV [ROUNDS]
#
# OLD-LIB and NEW-LIB are the lib folders beside two caadam.jar. Milliseconds are the least processor time of some
# rounds, 30 unless told; a ratio is old/new of one round, with quartiles. What the columns mean stands in
# grid/GridCost.java.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cost=$here/../compare/cost
old=$(echo "$1"/caadam-core-*.jar)
new=$(echo "$2"/caadam-core-*.jar)
djl=$(ls "$2"/*.jar | grep -v caadam-core | tr '\n' ':')
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
javac -cp "$djl" -d "$scratch/main" "$cost/Contender.java" "$cost/PairedCost.java" "$here/grid/GridCost.java"
javac -cp "$scratch/main:$djl:$old" -d "$scratch/old" "$cost/Training.java"
javac -cp "$scratch/main:$djl:$new" -d "$scratch/new" "$cost/Training.java"
java -Dai.djl.pytorch.num_threads=1 -Dai.djl.pytorch.num_interop_threads=1 -DOPT_OUT_TRACKING=true \
    -cp "$scratch/main:$djl" GridCost "$scratch/old/" "$old" "$scratch/new/" "$new" "$3" "${4:-30}"
