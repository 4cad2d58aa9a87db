"""Writes where NumPy's legacy RandomState leaves the indices it shuffles: python numpy_shuffle.py OUT."""

import json
import sys

import numpy as np


def shuffled(n, seed):
    indices = np.arange(n)
    np.random.RandomState(seed).shuffle(indices)
    return indices.tolist()


def main(out):
    cases = [{"n": n, "seed": seed, "indices": shuffled(n, seed)}
             for n, seed in ((1, 0), (2, 1), (17, 113), (300, 113), (64, 4294967))]
    whole = shuffled(20640, 113)
    with open(out, "w") as file:
        json.dump({"numpy": np.__version__, "cases": cases,
                   "california": {"first": whole[:5], "firstTest": whole[16512:16517],
                                  "last": whole[-1]}}, file)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
