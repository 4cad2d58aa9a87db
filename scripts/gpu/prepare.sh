#!/bin/sh
# Prepares a folder with all that lease.sh needs on a bare machine with an NVIDIA GPU and a Python that holds PyTorch,
# and cuts it into parts for a machine that takes little at a time:
#
#     prepare.sh FOLDER [STORE]
#
# STORE is what an earlier lease brought back, or a copy of results/images-fair; without it, all runs are made anew. The
# suite must be built ("mvn package -DskipTests"). Fetches PyTorch's headers from PyPI and, where DJL_SOURCE names no
# clone of it, DJL's sources from GitHub; builds DJL's JNI library against them, some ten minutes on two cores. What is
# in FOLDER already is not made again. Settings, by environment: TORCH (the version that the machine has), CIFAR (the
# folder cifar-10-batches-bin), PART (bytes of a part). Needs JDK 17, g++ with C++20, git, python3 with venv, unzip.
set -eu
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
folder=$(mkdir -p "$1" && cd "$1" && pwd)
store=${2:-}
torch=${TORCH:-2.11.0}
images=${CIFAR:-${CAADAM_DATA_DIR:-$HOME/.caadam/data}/cifar-10-batches-bin}
target=$root/caadam-experiments/target
native=engines/pytorch/pytorch-native/src/main/native
work=$folder/work
ready=$folder/ready
mkdir -p "$work" "$ready"
for needed in "$target/caadam.jar" "$images/data_batch_1.bin"; do
    [ -e "$needed" ] || { echo "prepare: there is no $needed" >&2; exit 2; }
done

[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
if [ ! -d "$work/torch/include" ]; then
    "$work/venv/bin/pip" -q download --no-deps --only-binary=:all: "torch==$torch" -d "$work/wheel"
    unzip -q -o "$work/wheel/torch-*.whl" 'torch/include/*' torch/lib/libc10.so torch/lib/libtorch.so \
        torch/lib/libtorch_cpu.so -d "$work"
    rm -r "$work/wheel"
fi
if [ ! -f "$ready/native/libdjl_torch.so" ]; then
    if [ -z "${DJL_SOURCE:-}" ]; then
        DJL_SOURCE=$work/djl
        [ -d "$DJL_SOURCE" ] ||
            git clone -q --depth 1 --branch v0.36.0 https://github.com/deepjavalibrary/djl "$DJL_SOURCE"
    fi
    mkdir -p "$work/source" "$work/headers" "$work/objects" "$ready/native"
    git -C "$DJL_SOURCE" archive v0.36.0 "$native" api/src/main/native \
        engines/pytorch/pytorch-engine/src/main/java/ai/djl/pytorch/jni | tar x -C "$work/source"
    javac -proc:none -nowarn -cp "$target/lib/*" -h "$work/headers" -d "$work/classes" \
        "$work/source/engines/pytorch/pytorch-engine/src/main/java/ai/djl/pytorch/jni/PyTorchLibrary.java"
    java=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
    find "$work/source/$native" -name '*.cc' | xargs -P "$(nproc)" -I{} sh -c '
        object=$1/objects/$(basename "$2" .cc).o
        [ -f "$object" ] && exit
        g++ -std=c++20 -O2 -fPIC -w -I"$1/headers" -I"$3" -I"$1/source/api/src/main/native" -I"$4/include" \
            -I"$4/include/linux" -I"$1/torch/include" -I"$1/torch/include/torch/csrc/api/include" \
            -c "$2" -o "$object.new" && mv "$object.new" "$object"' sh "$work" {} "$work/source/$native" "$java"
    g++ -shared -o "$work/libdjl_torch.so" "$work"/objects/*.o -L"$work/torch/lib" -ltorch -ltorch_cpu -lc10 \
        -Wl,-rpath,'$ORIGIN'
    strip "$work/libdjl_torch.so"
    mv "$work/libdjl_torch.so" "$ready/native"
fi
if [ ! -d "$ready/images" ]; then
    "$work/venv/bin/pip" -q install numpy
    "$work/venv/bin/python" "$root/scripts/gpu/images.py" pack "$images" "$work/images"
    mv "$work/images" "$ready/images"
fi
if [ ! -d "$ready/java" ]; then
    jlink --strip-debug --no-header-files --no-man-pages --output "$work/java" --add-modules \
        java.base,java.compiler,java.desktop,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml,jdk.unsupported,jdk.zipfs
    mv "$work/java" "$ready/java"
fi
rm -rf "$ready/lib" "$ready/store"
cp -rL "$target/caadam.jar" "$target/lib" "$ready"
rm -f "$ready"/lib/pytorch-native-*.jar "$ready"/lib/pytorch-jni-*.jar
cp "$root"/scripts/gpu/lease.sh "$root"/scripts/gpu/pack.sh "$root"/scripts/gpu/images.py "$ready"
mkdir "$ready/store"
[ -z "$store" ] || cp -r "$store"/. "$ready/store"

tree=0
if git -C "$root" rev-parse --git-dir >/dev/null 2>&1; then
    tree=$(cd "$root" && git ls-files -z -co --exclude-standard | xargs -0 du -cbs 2>/dev/null | tail -n 1 | cut -f 1)
fi
part=${PART:-$((64 * 1024 * 1024 - tree - 1024 * 1024))}
rm -f "$folder"/part-*
(cd "$ready" && tar cf - java lib caadam.jar native | xz -T 0 -5) >"$work/runtime.tar.xz"
tar cf - -C "$work" runtime.tar.xz -C "$ready" images images.py lease.sh pack.sh store | split -b "$part" -d - "$folder/part-"
echo "prepared $(ls "$folder"/part-* | wc -l) parts of $part bytes at most; beside each, $tree bytes of working tree travel."
echo "Copy the parts into an ignored folder .gpu of the repository that travels. Carry one a call, right behind each other:"
for each in "$folder"/part-*; do
    echo "    carry .gpu/$(basename "$each"): mkdir -p /tmp/caadam && mv .gpu/part-* /tmp/caadam"
done
cat <<'END'
and with the last one, behind the mv (SECONDS: what the call has, less half a minute):
    cd /tmp/caadam && cat part-* | tar x && tar xJf runtime.tar.xz && sh lease.sh SECONDS
What came back: cat FILES/store.tar.* | tar x -C STORE. Then prepare.sh FOLDER STORE, for the next lease.
END
