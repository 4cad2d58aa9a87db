#!/usr/bin/env python3
"""Migrates results/ from store format 1, which a commit has, to format 2, and shows that no number changed.

    scripts/migrate/results.py COMMIT            compares results/ with those of the commit
    scripts/migrate/results.py COMMIT --write    migrates them first, by scripts/caadam or what CAADAM names

A run is found by its old id, which is its alias now. All other columns that the old file has must be equal
to the letter. The histories of run files are compared as numbers.
"""
import argparse
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "results"
# What format 1 did not know of the epochs that were made on a GPU; results/README.md says where.
PLACES = Path(__file__).with_name("places.json")
CAADAM = os.environ.get("CAADAM", ROOT / "scripts" / "caadam")
KEPT = ["runs.csv", "provenance.json", "plan.json", "store.json", "runs"]


def git(*arguments):
    return subprocess.run(["git", "-C", ROOT, *arguments], check=True, capture_output=True).stdout.decode()


def old(commit, name):
    return git("show", f"{commit}:{name}")


def old_files(commit, end):
    return [name for name in git("ls-tree", "-r", "--name-only", commit, "results").splitlines()
            if name.endswith(end)]


def migrate(commit):
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(f"git -C '{ROOT}' archive {commit} results | tar x -C '{scratch}'", shell=True, check=True)
        for file in sorted(Path(scratch, "results").glob("*/runs.csv")):
            new = Path(scratch, "new", file.parent.name)
            new.parent.mkdir(exist_ok=True)
            subprocess.run([CAADAM, "migrate", file.parent, new, "--places", PLACES], check=True)
            place(new, RESULTS / new.name)
            if (new / "tuning").exists():
                place(new / "tuning", RESULTS / new.name / "tuning")


def place(new, directory):
    (directory / "study.json").unlink(missing_ok=True)
    shutil.rmtree(directory / "runs", ignore_errors=True)
    for name in KEPT:
        if (new / name).is_dir():
            shutil.copytree(new / name, directory / name)
        elif (new / name).exists():
            shutil.copy(new / name, directory / name)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def compare(commit):
    count = 0
    for name in old_files(commit, "runs.csv"):
        before = rows(old(commit, name))
        after = {row["alias"]: row for row in rows((ROOT / name).read_text()) if row["status"] == "finished"}
        if len(after) != len(before):
            sys.exit(f"{name}: {len(before)} runs before, {len(after)} after")
        for row in before:
            new = after[row["id"]]
            for column, value in row.items():
                if column != "id" and new[column] != value:
                    sys.exit(f"{name}, {row['id']}: {column} was {value}, is {new[column]}")
            if new["id"] == row["id"] or len(new["id"]) != 16:
                sys.exit(f"{name}, {row['id']}: its new id is {new['id']}")
        count += len(before)
    print(f"{count} rows, all columns equal but for the id, which is the alias now")
    records = 0
    for name in [one for one in old_files(commit, ".json") if "/runs/" in one]:
        before = json.loads(old(commit, name))
        store = (ROOT / name).parent
        after = next(run for run in map(read, store.glob("*.json")) if before["id"] in run["aliases"])
        for key in ["study", "status", "dataset", "dataSource", "architecture", "optimizer", "strategy", "run", "metric",
                    "value", "secondary", "seconds", "epochs", "steps", "bestEpoch", "history"]:
            if before.get(key) != after.get(key):
                sys.exit(f"{name}: {key} was {before.get(key)}, is {after.get(key)}")
        records += 1
    print(f"{records} run files, results and histories equal")


def read(file):
    return json.loads(file.read_text())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commit")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.write:
        migrate(options.commit)
    compare(options.commit)


if __name__ == "__main__":
    main()
