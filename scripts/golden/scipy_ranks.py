"""Writes tests with lost runs: python scipy_ranks.py OUT.

Mann and Whitney's test of errors with infinite ones for runs that were lost, exact without ties and
else by the normal approximation with its corrections, and Fisher's exact test of the shares lost.
"""

import json
import sys

import numpy as np
import scipy
from scipy import stats


def ranks(a, b, a_lost, b_lost):
    x = np.concatenate([a, [np.inf] * a_lost])
    y = np.concatenate([b, [np.inf] * b_lost])
    ties = len(set(x) | set(y)) < len(x) + len(y)
    # Ranks in place of infinities, with which SciPy refuses to count.
    order = stats.rankdata(np.concatenate([x, y]))
    test = stats.mannwhitneyu(order[:len(x)], order[len(x):],
                              method="asymptotic" if ties else "exact")
    return {"a": list(map(float, a)), "b": list(map(float, b)), "aLost": a_lost, "bLost": b_lost,
            "p": float(test.pvalue),
            "probability": float(1 - test.statistic / (len(x) * len(y)))}


def main(out):
    random = np.random.RandomState(23)
    cases = [ranks(np.round(random.randn(n) * s + m, 6), np.round(random.randn(k), 6), lost, others)
             for n, k, s, m, lost, others in ((27, 30, 1, -0.5, 3, 0), (30, 30, 1, -1, 0, 0),
                                              (9, 10, 1, 0, 1, 0), (28, 29, 0.5, 0.3, 2, 1),
                                              (4, 5, 1, 2, 1, 1), (20, 10, 1, 0, 10, 20))]
    fisher = [{"table": table, "p": float(stats.fisher_exact(np.reshape(table, (2, 2))).pvalue)}
              for table in ([27, 3, 30, 0], [25, 5, 29, 1], [10, 20, 25, 5], [0, 30, 30, 0],
                            [4, 1, 9, 21])]
    with open(out, "w") as file:
        json.dump({"scipy": scipy.__version__, "numpy": np.__version__, "ranks": cases,
                   "fisher": fisher}, file)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
