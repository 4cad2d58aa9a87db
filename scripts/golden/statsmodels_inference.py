"""Writes gains, tests of equivalence and pooled gains: python statsmodels_inference.py OUT.

Welch's gain with its interval is statsmodels' CompareMeans, two one-sided tests its ttost_ind, the
random-effects mean, given Paule and Mandel's variance, its combine_effects. The standard error of
Hartung and Knapp that statsmodels gives is kept as it is; the tests apply the rule that it is never
below that of the weights alone. Pooled ranks are z-scores of SciPy's Mann-Whitney tests, weighted
after van Elteren. Of the performance profiles nothing but counts is needed.
"""

import json
import sys

import numpy as np
import scipy
import statsmodels
from scipy import optimize, stats
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW, ttost_ind


def difference(a, b, margin):
    compare = CompareMeans(DescrStatsW(a), DescrStatsW(b))
    low, high = compare.tconfint_diff(alpha=0.05, usevar="unequal")
    inner = compare.tconfint_diff(alpha=0.1, usevar="unequal")
    t, p, df = compare.ttest_ind(usevar="unequal")
    return {"a": list(map(float, a)), "b": list(map(float, b)), "margin": margin,
            "gain": float(np.mean(a) - np.mean(b)), "df": float(df), "p": float(p),
            "standardError": float(compare.std_meandiff_separatevar),
            "low": float(low), "high": float(high), "innerLow": float(inner[0]),
            "innerHigh": float(inner[1]),
            "tost": float(ttost_ind(a, b, -margin, margin, usevar="unequal")[0])}


def pooled(parts):
    """parts: a list of (a, b)."""
    compared = [CompareMeans(DescrStatsW(a), DescrStatsW(b)) for a, b in parts]
    gains = np.array([np.mean(a) - np.mean(b) for a, b in parts])
    variances = np.array([one.std_meandiff_separatevar ** 2 for one in compared])
    k = len(parts)
    plain = combine_effects(gains, variances, method_re="chi2", use_t=True)

    def excess(tau_squared):
        weights = 1 / (variances + tau_squared)
        return weights @ (gains - np.average(gains, weights=weights)) ** 2 - (k - 1)

    # SciPy solves the equation, as statsmodels takes 0 where rounding takes it past the solution.
    tau_squared = 0 if excess(0) <= 0 else optimize.brentq(excess, 0, 1e3, xtol=1e-15, rtol=1e-14)
    result = combine_effects(gains, variances + tau_squared, method_re="chi2", use_t=True)
    # On exactly these problems: a linear contrast of all means, with Satterthwaite's freedom.
    sides = [side for pair in parts for side in pair]
    terms = np.array([np.var(side, ddof=1) / len(side) for side in sides]) / k**2
    alone = {"aloneGain": float(np.mean(gains)), "aloneError": float(np.sqrt(terms.sum())),
             "aloneDf": float(terms.sum() ** 2
                              / np.sum(terms**2 / np.array([len(side) - 1 for side in sides])))}
    kept = [{"a": list(map(float, a)), "b": list(map(float, b))} for a, b in parts]
    return alone | {
        "parts": kept, "gain": float(result.mean_effect_fe), "tauSquared": float(tau_squared),
        "sdWeights": float(result.sd_eff_w_fe), "sdHartungKnapp": float(result.sd_eff_w_fe_hksj),
        "q": float(plain.q), "qP": float(stats.chi2.sf(plain.q, k - 1)),
        "iSquared": float(plain.i2)}


def ranks(parts):
    """Lost runs are infinite; lower is better."""
    excess, variance, probabilities = 0, 0, []
    for a, b in parts:
        n, m = len(a), len(b)
        order = stats.rankdata(np.concatenate([a, b]))
        u = stats.mannwhitneyu(order[n:], order[:n], method="asymptotic", use_continuity=False)
        # The p-value has the tie-corrected z; U over its excess gives the standard deviation.
        probabilities.append(u.statistic / (n * m))
        weight = 1 / (n + m + 1)
        excess += weight * (u.statistic - n * m / 2)
        z = stats.norm.isf(u.pvalue / 2)
        variance += (weight * (u.statistic - n * m / 2) / z) ** 2
    z = excess / np.sqrt(variance)
    text = lambda values: [None if np.isinf(value) else float(value) for value in values]
    return {"parts": [{"a": text(a), "b": text(b)} for a, b in parts],
            "probability": float(np.mean(probabilities)), "z": float(z),
            "p": float(2 * stats.norm.sf(abs(z)))}


def main(out):
    random = np.random.RandomState(27)
    normal = lambda n, scale=1, mean=0: np.round(random.randn(n) * scale + mean, 6)
    differences = [difference(normal(n, s, m), normal(k), margin)
                   for n, k, s, m, margin in ((30, 30, 1, 0.1, 0.5), (5, 5, 1, 0, 0.3),
                                              (10, 30, 3, 1, 2), (2, 2, 1, 2, 1),
                                              (2, 30, 0.1, 0.5, 0.7), (5, 4, 10, 0, 20),
                                              (30, 30, 0.5, 4, 3))]
    pools = [pooled([(normal(n, s, m + between * random.randn()), normal(k)) for _ in range(parts)])
             for parts, n, k, s, m, between in ((6, 10, 10, 1, 0.5, 0), (6, 30, 30, 1, 0.2, 0.5),
                                                (3, 5, 5, 2, 0, 3), (2, 10, 12, 1, 1, 0.8),
                                                (12, 5, 30, 3, 0.1, 0.1))]
    lost = lambda n, count, mean=0: np.concatenate([normal(n - count, 1, mean), [np.inf] * count])
    ranked = [ranks([(lost(n, c, m), lost(k, d)) for c, d in losses])
              for n, k, m, losses in ((10, 10, -0.3, ((1, 0), (0, 1), (1, 1))),
                                      (30, 20, 0.2, ((3, 2), (0, 0))),
                                      (30, 30, -1, ((2, 0), (1, 0), (0, 3), (0, 0))))]
    ranked.append(ranks([(np.round(normal(12)), np.round(normal(9))) for _ in range(3)]))
    with open(out, "w") as file:
        json.dump({"scipy": scipy.__version__, "numpy": np.__version__,
                   "statsmodels": statsmodels.__version__, "differences": differences,
                   "pooled": pools, "ranks": ranked}, file)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
