#!/bin/sh
# Epochs of ours, PyTorch, Keras 3 on JAX and scans in JAX in turns. Needs JDK 17+, Maven and Python 3.11 or
# 3.12; makes a Python environment of its own from PyPI (requirements.txt), in target/bench-venv or where
# CAADAM_BENCH_VENV says; an environment that has the packages already is taken as it is.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
venv=${CAADAM_BENCH_VENV:-$here/../../target/bench-venv}
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
fi
if ! "$venv/bin/python" -c 'from importlib.metadata import version as v; [v(n) for n in ("torch", "keras", "jax", "caadam", "timm", "schedulefree", "prodigyopt")]' 2>/dev/null; then
    "$venv/bin/python" -m pip install -r "$here/requirements.txt"
fi
"$here/../caadam" --version >/dev/null
exec "$venv/bin/python" "$here/compare.py" "$@"
