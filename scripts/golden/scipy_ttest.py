"""Writes SciPy's Welch and pooled t-tests of some samples: python scipy_ttest.py OUT."""

import json
import sys

import numpy as np
import scipy
from scipy import stats


def case(a, b):
    welch = stats.ttest_ind(a, b, equal_var=False)
    pooled = stats.ttest_ind(a, b, equal_var=True)
    return {"a": [float(x) for x in a], "b": [float(x) for x in b],
            "welchT": float(welch.statistic), "welchP": float(welch.pvalue),
            "pooledT": float(pooled.statistic), "pooledP": float(pooled.pvalue)}


def main(out):
    random = np.random.RandomState(20)
    cases = [case(random.randn(n) * s + m, random.randn(k))
             for n, k, s, m in ((30, 30, 1, 0.1), (10, 30, 3, 1), (2, 2, 1, 2), (2, 30, 0.1, 0.5),
                                (5, 4, 10, 0), (30, 30, 0.5, 4), (30, 30, 1, 30))]
    far = [case(random.randn(30) + m, random.randn(30) * 0.5) for m in (8, 25, 60)]
    with open(out, "w") as file:
        json.dump({"scipy": scipy.__version__, "numpy": np.__version__, "cases": cases + far}, file)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
