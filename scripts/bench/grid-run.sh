#!/bin/sh
# Makes the first seeds of california-notebook by two workers, and says what thirty would take, beside the floor at
# the rate that products had meanwhile:
#
#     grid-run.sh FOLDER STORE [SEEDS]
#
# FOLDER holds caadam.jar and lib; STORE is a new directory; seeds are three unless told. Every five seconds
# grid/ProductRate.java times some products, half a percent of a core. What is printed stands in grid/grid_run.py.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
djl=$(ls "$1"/lib/*.jar | tr '\n' ':')
scratch=$(mktemp -d)
probe=
trap 'rm -rf "$scratch"; test -z "$probe" || kill "$probe" 2>/dev/null' EXIT
javac -cp "$djl" -d "$scratch" "$here/../compare/cost/Contender.java" "$here/../compare/cost/PairedCost.java" \
    "$here/grid/ProductRate.java"
java -Dai.djl.pytorch.num_threads=1 -Dai.djl.pytorch.num_interop_threads=1 -DOPT_OUT_TRACKING=true \
    -cp "$scratch:$djl" ProductRate 5 >"$scratch/rates" 2>"$scratch/log" &
probe=$!
start=$(date +%s)
java -jar "$1/caadam.jar" run california-notebook --runs "${3:-3}" --workers 2 --out "$2"
end=$(date +%s)
kill "$probe"
probe=
python3 "$here/grid/grid_run.py" "$2/runs.csv" "$here/../../results/california-notebook/runs.csv" \
    "$scratch/rates" "${3:-3}" $((end - start))
