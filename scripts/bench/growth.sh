#!/bin/sh
# How time and memory grow with parameters, layers, rows, groups of equal factors, and with the runs of a
# store: see growth/growth.py. Needs JDK 17+, Python 3.9+ and Linux; up to 10 GB of memory for a hundred
# million parameters, and 2 GB of disk for a hundred thousand runs.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
"$here/../caadam" --version >/dev/null
lib=$here/../../caadam-experiments/target/lib
suite=$here/../../caadam-experiments/target/caadam.jar
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
javac -proc:none -cp "$suite:$lib/*" -d "$scratch" "$here/growth/Trainings.java" "$here/growth/Stores.java"
python3 "$here/growth/growth.py" --classes "$scratch:$suite:$lib/*" "$@"
