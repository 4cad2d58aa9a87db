"""Writes effect sizes, intervals, paired tests and Holm's correction: python scipy_effects.py OUT.

Hedges' g and its interval come from SciPy's noncentral t distribution, the bootstrap interval
from scipy.stats.bootstrap, the probability of improvement from the Mann-Whitney statistic, Holm's
correction from statsmodels.
"""

import json
import sys

import numpy as np
import scipy
import statsmodels
from scipy import optimize, special, stats
from statsmodels.stats.multitest import multipletests


def hedges(a, b):
    n, m = len(a), len(b)
    df = n + m - 2
    t = stats.ttest_ind(a, b, equal_var=True).statistic
    correction = np.exp(special.gammaln(df / 2) - special.gammaln((df - 1) / 2)) / np.sqrt(df / 2)
    scale = correction * np.sqrt(1 / n + 1 / m)
    reach = 4 * np.sqrt(1 + t * t / (2 * df))
    ends = [optimize.brentq(lambda d: stats.nct.cdf(t, df, d) - p, t - reach, t + reach, xtol=1e-12)
            for p in (0.975, 0.025)]
    return [scale * t] + [scale * end for end in ends]


def difference(a, b, axis):
    return np.mean(a, axis=axis) - np.mean(b, axis=axis)


def case(a, b, random):
    interval = stats.bootstrap((a, b), difference, n_resamples=200_000, method="BCa", batch=20_000,
                               random_state=random).confidence_interval
    wins = stats.mannwhitneyu(a, b).statistic / (len(a) * len(b))
    g, low, high = hedges(a, b)
    result = {"a": list(map(float, a)), "b": list(map(float, b)), "g": float(g), "gLow": float(low),
              "gHigh": float(high), "low": float(interval.low), "high": float(interval.high),
              "wins": float(wins)}
    if len(a) == len(b):
        paired = stats.ttest_rel(a, b)
        result |= {"pairedT": float(paired.statistic), "pairedP": float(paired.pvalue)}
    return result


def main(out):
    random = np.random.RandomState(21)
    cases = [case(random.randn(n) * s + m, random.randn(k), random)
             for n, k, s, m in ((30, 30, 1, 0.1), (30, 30, 0.5, 2), (30, 30, 1, 12), (10, 30, 3, -1),
                                (5, 4, 1, 0), (2, 2, 1, 2), (3, 30, 0.1, 0.5))]
    cases.append(case(random.standard_exponential(20), random.standard_exponential(12) * 2, random))
    cases.append(case(random.randint(0, 4, 15).astype(float), random.randint(1, 5, 15).astype(float),
                      random))
    holm = []
    for size in (1, 4, 36):
        p = random.rand(size) ** 4
        holm.append({"p": list(map(float, p)),
                     "adjusted": list(map(float, multipletests(p, method="holm")[1]))})
    with open(out, "w") as file:
        json.dump({"scipy": scipy.__version__, "numpy": np.__version__,
                   "statsmodels": statsmodels.__version__, "cases": cases, "holm": holm}, file)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
