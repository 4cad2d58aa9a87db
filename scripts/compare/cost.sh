#!/bin/sh
# Times steps and epochs of two builds of the suite, in turns in one process:
#
#     cost.sh OLD-LIB NEW-LIB [UNITS...]
#
# OLD-LIB and NEW-LIB are the lib folders beside two caadam.jar. Both libraries must have the methods that
# cost/Training.java calls. A ratio is new/old in processor time. Nothing else should run on the machine.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
old=$(echo "$1"/caadam-core-*.jar)
new=$(echo "$2"/caadam-core-*.jar)
djl=$(ls "$2"/*.jar | grep -v caadam-core | tr '\n' ':')
shift 2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
javac -cp "$djl" -d "$scratch/main" "$here/cost/Contender.java" "$here/cost/PairedCost.java"
javac -cp "$scratch/main:$djl:$old" -d "$scratch/old" "$here/cost/Training.java"
javac -cp "$scratch/main:$djl:$new" -d "$scratch/new" "$here/cost/Training.java"
for units in "${@:-64-32}"; do
    java -Dai.djl.pytorch.num_threads=1 -Dai.djl.pytorch.num_interop_threads=1 -DOPT_OUT_TRACKING=true \
        -cp "$scratch/main:$djl" PairedCost "$units" "$scratch/old/" "$old" "$scratch/new/" "$new"
done
