#!/bin/sh
# Spends a lent GPU: measures how to train fastest, unless that was measured before, trains runs of a study until a
# deadline, and packs what there is into $OUT. prepare.sh puts it, with all that it needs, into a folder.
#
#     lease.sh SECONDS        # from now until everything lies in $OUT
#
# A run that the deadline stops goes on from its last epoch in the next lease. Settings, by environment: STUDY, ONLY and
# RUNS (which runs: those of "caadam run"), MEASURE (seconds of each measurement; 0 for none), MEASURE_ALL (of all of
# them), PACKING (kept for packing), MOST and PART (see pack.sh), DEVICE.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
deadline=$(($(date +%s) + $1))
study=${STUDY:-images-fair}
only=${ONLY-cifar10,adam,caadam:multiplicative}
runs=${RUNS:-30}
measure=${MEASURE:-30}
all=${MEASURE_ALL:-420}
packing=${PACKING:-15}
device=${DEVICE:-gpu}
store=$here/store
mkdir -p "$store" "$OUT"

left() {
    echo $((deadline - packing - $(date +%s)))
}

caadam() {
    # shellcheck disable=SC2086 # Several options.
    "$here/java/bin/java" ${OPTIONS:-} -Dfile.encoding=UTF-8 -jar "$here/caadam.jar" "$@"
}

LC_ALL=C.UTF-8
export LC_ALL
if [ -d "$here/images" ]; then
    (python3 "$here/images.py" unpack "$here/images" "$here/data/unpacking" &&
        mv "$here/data/unpacking" "$here/data/cifar-10-batches-bin") &
    unpacking=$!
fi
if [ "$device" = gpu ]; then
    # PyTorch as the machine's Python has it, and DJL's JNI library beside it.
    site=$(python3 -c 'import importlib.util as u; print(u.find_spec("torch").submodule_search_locations[0])')
    mkdir -p "$here/native"
    for name in c10 c10_cuda caffe2_nvrtc torch_cpu torch_cuda torch; do
        ln -sf "$site/lib/lib$name.so" "$here/native/"
    done
    PYTORCH_LIBRARY_PATH=$here/native
    PYTORCH_VERSION=$(sed -n "s/^__version__ = '\([0-9.]*\).*/\1/p" "$site/version.py")
    PYTORCH_FLAVOR=cu$(sed -n "s/^cuda.*= '\([0-9]*\)\.\([0-9]*\).*/\1\2/p" "$site/version.py")
    LD_LIBRARY_PATH=$(ls -d "$site/lib" "$site"/../nvidia/*/lib | tr '\n' ':')${LD_LIBRARY_PATH:-}
    export PYTORCH_LIBRARY_PATH PYTORCH_VERSION PYTORCH_FLAVOR LD_LIBRARY_PATH
    # Kernels of several processes then run side by side; without it, in turns.
    nvidia-cuda-mps-control -d || echo "lease: there is no multi-process service" >&2
fi

measure() {
    budget=$(left)
    [ "$budget" -lt "$all" ] || budget=$all
    # shellcheck disable=SC2086 # Several options.
    caadam bench --throughput --device "$device" --seconds "$measure" --budget "$budget" \
        --out "$store/throughput" ${BENCH:-}
}

if [ "$measure" != 0 ] && ! [ -f "$store/throughput/throughput.env" ]; then
    if ! measure && [ "$device" = gpu ]; then
        echo "lease: nothing was measured; once more without the multi-process service" >&2
        echo quit | nvidia-cuda-mps-control || true
        measure || true
    fi
fi
WORKERS=${WORKERS:-$(nproc)}
BEST_OPTS=
# shellcheck disable=SC1091 # It is written by what was measured.
[ ! -f "$store/throughput/throughput.env" ] || . "$store/throughput/throughput.env"
[ -z "${unpacking:-}" ] || wait "$unpacking"

seconds=$(left)
if [ "$seconds" -gt 0 ]; then
    echo "lease: $study by $WORKERS processes for $seconds s, with ${BEST_OPTS:-the usual options}"
    # A state after each epoch, so that the deadline costs less than one.
    # shellcheck disable=SC2086 # Several options.
    timeout -k 5 "$seconds" "$here/java/bin/java" ${OPTIONS:-} $BEST_OPTS -Dcaadam.checkpointSeconds=0 \
        -Dfile.encoding=UTF-8 -jar "$here/caadam.jar" run "$study" ${only:+--only "$only"} --runs "$runs" \
        --device "$device" --workers "$WORKERS" --data-dir "$here/data" --out "$store" --quiet \
        >"$store/lease.log" 2>&1 || code=$?
    if [ "${code:-0}" = 124 ]; then
        echo "lease: stopped at the deadline"
    else
        echo "lease: \"caadam run\" ended with ${code:-0}"
    fi
    tail -n 5 "$store/lease.log"
fi
sh "$here/pack.sh" "$store" "$OUT" "${MOST:-66000000}" "${PART:-16000000}"
if [ "$device" = gpu ]; then
    echo quit | nvidia-cuda-mps-control 2>/dev/null || true
fi
