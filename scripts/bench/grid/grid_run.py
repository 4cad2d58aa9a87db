"""Says what the thirty seeds of california-notebook take, judged by some of them.

    grid_run.py RUNS PUBLISHED RATES SEEDS SECONDS

RUNS is the runs.csv of the seeds that were made, PUBLISHED that of the published runs, RATES a file with a rate of
products in GFLOP/s per line, measured meanwhile, SECONDS the wall time of all. Prints, per network and for all: wall
time of an epoch in ms, with its evaluation, over the epochs of all runs, start and compilation among them; the core
minutes of as many epochs as the published runs took; the floor of these, once at 90 GFLOP/s and once at the median of
RATES. A floor is the products of forward and backward passes of 13,209 rows at the rate, and 1.25 ns a parameter and
step, in batches of 128; that at the median has the products of evaluating 3,302 rows, too.
"""

import csv
import statistics
import sys
from collections import defaultdict

ROWS, VALIDATION, FEATURES, BATCH = 13_209, 3_302, 8, 128
PAPERS_RATE = 90


def floor(network, rate, evaluates):
    """Milliseconds of an epoch."""
    widths = [FEATURES, *map(int, network.split("-")), 1]
    layers = list(zip(widths, widths[1:]))
    forward = sum(2 * i * o for i, o in layers)
    products = ROWS * (3 * forward - 2 * widths[0] * widths[1]) + evaluates * VALIDATION * forward
    steps = -(-ROWS // BATCH)
    return products / rate / 1e6 + steps * 1.25e-6 * sum((i + 1) * o for i, o in layers)


def main(runs, published, rates, seeds, seconds):
    with open(rates, encoding="utf-8") as lines:
        rate = statistics.median(float(line) for line in lines if line.strip())
    epochs, spent, all_epochs = defaultdict(int), defaultdict(float), defaultdict(int)
    with open(runs, encoding="utf-8") as file:
        for run in csv.DictReader(file):
            epochs[run["architecture"]] += int(run["epochs"])
            spent[run["architecture"]] += float(run["seconds"])
    with open(published, encoding="utf-8") as file:
        for run in csv.DictReader(file):
            all_epochs[run["architecture"]] += int(run["epochs"])
    totals = [0.0, 0.0, 0.0]
    print(f"{'network':22} ms/epoch  core min  floor at {PAPERS_RATE}  floor at {rate:.0f} GFLOP/s")
    for network, count in epochs.items():
        epoch = 1000 * spent[network] / count
        minutes = [value * all_epochs[network] / 60_000
                   for value in (epoch, floor(network, PAPERS_RATE, False), floor(network, rate, True))]
        totals = [total + one for total, one in zip(totals, minutes)]
        print(f"{network:22} {epoch:8.2f}  {minutes[0]:8.1f}  {minutes[1]:11.1f}  {minutes[2]:11.1f}")
    print(f"{'all':22} {'':8}  {totals[0]:8.1f}  {totals[1]:11.1f}  {totals[2]:11.1f}")
    print(f"ratio to the floors: {totals[0] / totals[1]:.3f} and {totals[0] / totals[2]:.3f}")
    print(f"wall time {float(seconds):.0f} s, for thirty seeds {float(seconds) * 30 / float(seeds) / 60:.1f} min")


if __name__ == "__main__":
    main(*sys.argv[1:])
