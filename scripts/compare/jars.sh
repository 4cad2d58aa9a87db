#!/bin/sh
# Trains the same networks with two builds of caadam-core and says whether weights and states are equal to
# the bit: jars.sh OLD.jar NEW.jar [PATTERN], the pattern a regular expression on the lines' first three
# columns, such as "mlp.*NADAM .*COMPILED". Exits with 1 if a cell differs. Needs JDK 17+ and Maven.
set -eu
old=$(realpath "$1")
new=$(realpath "$2")
pattern=${3:-}
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
root=$here/../..
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

classpath() {
    mvn "$@" -q -B -f "$root/pom.xml" -pl caadam-core dependency:build-classpath -DincludeScope=test \
        "-Dmdep.outputFile=$work/classpath"
}
classpath -o >/dev/null 2>&1 || classpath
libraries=$(cat "$work/classpath")

build() {
    mkdir "$work/$1"
    javac -encoding UTF-8 -d "$work/$1" -cp "$2:$libraries" "$here/JarComparison.java"
}

# One thread, as in the tests: two add up in an order of their own.
train() {
    java -Dai.djl.pytorch.num_threads=1 -Dai.djl.pytorch.num_interop_threads=1 -DOPT_OUT_TRACKING=true \
        -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
        -cp "$work/$1:$2:$libraries" JarComparison train "$work/$1.bin" "$pattern"
}

build old "$old"
build new "$new"
train old "$old" &
first=$!
trap 'kill "$first" 2>/dev/null || true; rm -rf "$work"' EXIT
train new "$new"
wait "$first"
java -cp "$work/new:$new:$libraries" JarComparison compare "$work/old.bin" "$work/new.bin"
