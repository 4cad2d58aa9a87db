#!/usr/bin/env python3
"""Makes runs of results/ again with two builds of the suite, and compares what comes out to the last digit:

    runs.py OLD.jar NEW.jar RESULTS-DIR... [--each N] [--epochs-at-most E]

Of each directory N runs (12 by default) are taken at equal distances from runs.csv. Both jars make each of
them by "run --id"; jars of store format 1 know the id of old, which is the alias. Exits with 1 if two differ. A run made by the same kind of processor as the committed one
also has the committed digits; the last column says whether it does.
"""
import argparse
import csv
import pathlib
import re
import subprocess
import sys


def rows(directory, each, most_epochs):
    with open(pathlib.Path(directory) / "runs.csv", newline="") as file:
        found = [row for row in csv.DictReader(file)
                 if row["status"] == "finished" and int(row["epochs"]) <= most_epochs]
    step = max(1, len(found) // each)
    return found[::step][:each]


def outcome(jar, row):
    command = ["java", "-jar", jar, "run"]
    seed = re.search(r"weights-(\d+)$", row["protocol"])
    if seed:
        command += [row["study"], "--weights-seed", seed.group(1)]
    result = subprocess.run(command + ["--id", row["alias"] or row["id"]], capture_output=True, text=True)
    match = re.search(r"(\S+) ([-\d.Ee]+) after (\d+) epochs, the best of which was (\d+)", result.stdout)
    return match.groups() if match else (result.stdout + result.stderr).strip()[-200:]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("results", nargs="+")
    parser.add_argument("--each", type=int, default=12)
    parser.add_argument("--epochs-at-most", type=int, default=10**9)
    options = parser.parse_args()
    differing = 0
    for directory in options.results:
        for row in rows(directory, options.each, options.epochs_at_most):
            old = outcome(options.old, row)
            new = outcome(options.new, row)
            same = old == new and isinstance(new, tuple)
            differing += not same
            committed = same and float(new[1]) == float(row["value"])
            print(
                directory.rstrip("/").rsplit("/", 1)[-1],
                row["id"],
                row["architecture"],
                row["optimizer"] + ":" + row["strategy"],
                "equal" if same else f"DIFFERENT {old} {new}",
                new[1] if same else "",
                "as committed" if committed else f"committed {row['value']}",
                sep="\t",
                flush=True,
            )
    print(f"{differing} runs differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
