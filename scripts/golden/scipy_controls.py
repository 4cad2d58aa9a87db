"""Writes runs of two networks with the comparisons that controls.csv makes of them:
python scipy_controls.py OUT.

Each configuration is compared with default Adam, and with Adam at a fair learning rate: the averaged
one of the same strategy and options. Effects as in scipy_effects.py, Welch's p by SciPy, Holm's
correction over each kind of comparison by statsmodels.
"""

import json
import sys

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.multitest import multipletests

from scipy_effects import hedges

ADAM = ("Adam", "none")

# What is compared with which averaged one, if any; mean and deviation of its RMSE.
CONFIGURATIONS = {
    ADAM: (None, 0.46, 0.003),
    ("Adam", "none lr=0.005"): (None, 0.452, 0.004),
    ("CaAdam", "additive"): ("additive averaged", 0.455, 0.003),
    ("CaAdam", "additive averaged"): (None, 0.456, 0.002),
    ("CaAdam", "additive shuffled:5"): ("additive averaged", 0.462, 0.005),
    ("CaAdam", "depth convention=paper gamma=1.0"):
        ("depth averaged convention=paper gamma=1.0", 0.45, 0.003),
    ("CaAdam", "depth averaged convention=paper gamma=1.0"): (None, 0.451, 0.003),
    ("CaAdam", "depth weights-only convention=paper gamma=1.0"):
        ("depth averaged convention=paper gamma=1.0", 0.451, 0.003),
}


def compare(runs, baseline_of):
    """Lower is better: gain and effect are the baseline's minus the configuration's."""
    comparisons = {}
    for (network, configuration), values in runs.items():
        baseline = baseline_of(configuration)
        if baseline is not None:
            base = runs[network, baseline]
            g, low, high = hedges(base, values)
            comparisons[network, configuration] = {
                "difference": float(np.mean(base) - np.mean(values)), "g": float(g),
                "gLow": float(low), "gHigh": float(high),
                "p": float(stats.ttest_ind(base, values, equal_var=False).pvalue)}
    holm = multipletests([one["p"] for one in comparisons.values()], method="holm")[1]
    for one, adjusted in zip(comparisons.values(), holm):
        one["holm"] = float(adjusted)
    return comparisons


def fair(configuration):
    averaged = CONFIGURATIONS[configuration][0]
    return None if averaged is None else ("CaAdam", averaged)


def main(out):
    random = np.random.RandomState(23)
    runs = {}
    for network, n in (("64-32", 10), ("1024-256-64-16", 5)):
        for configuration, (_, mean, deviation) in CONFIGURATIONS.items():
            runs[network, configuration] = random.randn(n) * deviation + mean
    adam = compare(runs, lambda configuration: None if configuration == ADAM else ADAM)
    matched = compare(runs, fair)
    rows = [{"architecture": network, "optimizer": optimizer, "strategy": strategy,
             "values": list(map(float, values)),
             "adam": adam.get((network, (optimizer, strategy))),
             "fair": matched.get((network, (optimizer, strategy)))}
            for (network, (optimizer, strategy)), values in runs.items()]
    with open(out, "w") as file:
        json.dump({"scipy": scipy.__version__, "numpy": np.__version__,
                   "statsmodels": statsmodels.__version__, "rows": rows}, file)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
