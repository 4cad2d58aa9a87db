"""How cost grows with work: times and memory of trainings and of the suite's commands, slopes and a figure.

    scripts/bench/growth.sh [--out DIR] [--figure FILE] [--points NAME=VALUE,VALUE...] [--only NAME,...] [--stores DIR]

growth.sh compiles the two programs beside this one against the suite's jars, and starts this. Every point is a
process of its own, so that its memory is its own. Trainings are timed in processor time of the thread that trains,
commands in processor time of the whole process, with Java's start and its compiler: a busy machine distorts neither
much. Memory is the most that the process had; commands collect garbage serially, which grows the heap no further than
what is in use asks for. A slope is that between two points, in powers: 1 is as fast as the work.

Writes DIR/growth.csv (curve, value, measure, amount, slope), where amounts are ms and MB, and a slope is that from the
point before; DIR is results/bench by default.
"""

import argparse
import csv
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TRAININGS = {
    "parameters": [1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000],
    "layers": [2, 20, 200],
    "rows": [1_000, 10_000, 100_000, 1_000_000],
    "groups": [1, 10, 50, 200],
}
RUNS = [100, 1_000, 10_000, 100_000]
COMMANDS = ("status", "tables", "report", "collect")
EPOCHS = 50
JAVA = ["java", "-Dai.djl.pytorch.num_threads=1", "-Dai.djl.pytorch.num_interop_threads=1",
        "-DOPT_OUT_TRACKING=true", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"]
COLORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]


def run(command):
    """Returns what a process prints, its processor time in ms and its largest memory in MB."""
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        printed = out.read()
    if process.returncode:
        sys.exit(f"{' '.join(command[-4:])} ended with {process.returncode}.")
    return printed, (usage.ru_utime + usage.ru_stime) * 1e3, usage.ru_maxrss / 1024


def trainings(classes, name, values):
    """Yields lines of growth.csv."""
    for value in values:
        printed, _, _ = run([*JAVA, "-cp", classes, "Trainings", name, str(value)])
        parameters, step, epoch, compiling, peak = printed.split()[-5:]
        print(f"{name} {value}: step {step} ms, epoch {epoch} ms, compiled in {compiling} ms, {peak} MB", flush=True)
        at = int(parameters) if name == "parameters" else value
        for measure, amount in (("step", step), ("epoch", epoch), ("compile", compiling), ("memory", peak)):
            yield name, at, measure, float(amount)


def commands(classes, values, stores, scratch):
    """Yields lines of growth.csv."""
    for value in values:
        store = stores / str(value)
        if not (store / "whole").exists():
            run([*JAVA, "-cp", classes, "Stores", str(store), str(value), str(EPOCHS)])
        suite = [*JAVA, "-XX:+UseSerialGC", "-cp", classes, "io.github.caadam.experiments.cli.Main"]
        whole, parts = str(store / "whole"), [str(store / "part-1"), str(store / "part-2")]
        for command in COMMANDS:
            sources = parts if command == "collect" else [whole]
            out = [] if command == "status" else ["--out", str(Path(scratch) / f"{command}-{value}")]
            start = time.time()
            _, busy, peak = run([*suite, command, *sources, *out])
            print(f"{command} of {value} runs: {busy:.0f} ms, {time.time() - start:.1f} s wall, {peak:.0f} MB",
                  flush=True)
            yield "runs", value, command, round(busy, 1)
            yield "runs", value, f"{command} memory", round(peak)


def slopes(lines):
    """Returns, for each line, the slope from the point before of its curve and measure; None for the first."""
    before, found = {}, []
    for curve, value, measure, amount in lines:
        x, y = before.get((curve, measure), (0, 0))
        found.append(math.log(amount / y) / math.log(value / x) if x > 0 and y > 0 and amount > 0 else None)
        before[curve, measure] = value, amount
    return found


def figure(lines, file):
    """Draws a panel of times and one of memory for each curve, by logarithmic scales, as SVG."""
    curves = list(dict.fromkeys(line[0] for line in lines))
    wide, high, gap = 300, 200, 70
    parts = []
    for row, curve in enumerate(curves):
        own = [line for line in lines if line[0] == curve and line[3] > 0]
        for column, unit in enumerate(("ms", "MB")):
            shown = [line for line in own if ("memory" in line[2]) == (unit == "MB")]
            left, top = gap + 20 + column * (wide + 2 * gap), 40 + row * (high + gap)
            parts += panel(curve, shown, unit, left, top, wide, high)
    style = ("text{font:12px sans-serif;fill:#333}.title{font-weight:bold;font-size:14px}"
             "line{stroke:#ddd;stroke-width:1}")
    body = "\n".join(parts)
    file.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="{2 * (wide + 2 * gap) + 60}" '
                    f'height="{40 + len(curves) * (high + gap)}">\n<style>{style}</style>\n'
                    f'<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n', encoding="utf-8")


def panel(title, shown, unit, left, top, wide, high):
    """Returns a panel's elements: a line for each measure, named at its end."""
    xs, ys = [line[1] for line in shown], [line[3] for line in shown]
    low_x, high_x = math.floor(math.log10(min(xs))), math.ceil(math.log10(max(xs)))
    low_y, high_y = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))

    def place(x, y):
        return (left + (math.log10(x) - low_x) / max(1, high_x - low_x) * wide,
                top + high - (math.log10(y) - low_y) / max(1, high_y - low_y) * high)

    parts = [f'<text x="{left}" y="{top - 12}" class="title">{title}</text>']
    for power in range(low_x, high_x + 1):
        x, _ = place(10 ** power, 10 ** low_y)
        parts.append(f'<line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{top + high}"/>'
                     f'<text x="{x:.1f}" y="{top + high + 18}" text-anchor="middle">{label(power)}</text>')
    for power in range(low_y, high_y + 1):
        _, y = place(10 ** low_x, 10 ** power)
        parts.append(f'<line x1="{left}" y1="{y:.1f}" x2="{left + wide}" y2="{y:.1f}"/>'
                     f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{label(power)} {unit}</text>')
    ends = []
    for color, measure in zip(COLORS, dict.fromkeys(line[2] for line in shown)):
        points = [place(line[1], line[3]) for line in shown if line[2] == measure]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/>' for x, y in points]
        ends.append((points[-1][1], points[-1][0], color, measure.removesuffix(" memory")))
    lowest = 0
    for y, x, color, name in sorted(ends):
        lowest = max(y + 4, lowest + 14)  # Names do not overlap.
        parts.append(f'<text x="{x + 6:.1f}" y="{lowest:.1f}" fill="{color}">{name}</text>')
    return parts


def label(power):
    return f"{10 ** power:,}" if 0 <= power < 6 else f"{10.0 ** power:g}"


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--classes", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, default=ROOT / "results" / "bench")
    parser.add_argument("--figure", type=Path, default=ROOT / "docs" / "images" / "growth.svg")
    parser.add_argument("--stores", type=Path, help="where stores are made and kept; those that are there are taken")
    parser.add_argument("--only", default=",".join([*TRAININGS, "runs"]), help="curves, behind commas")
    parser.add_argument("--points", action="append", default=[], help="such as runs=100,1000")
    return parser.parse_args()


def read(file):
    if not file.exists():
        return []
    with open(file, newline="") as lines:
        return [(line["curve"], int(line["value"]), line["measure"], float(line["amount"]))
                for line in csv.DictReader(lines)]


def main():
    arguments = parse()
    values = TRAININGS | {"runs": RUNS}
    for points in arguments.points:
        name, numbers = points.split("=")
        values[name] = [int(number) for number in numbers.split(",")]
    file = arguments.out / "growth.csv"
    only = [name for name in arguments.only.split(",") if name]
    # What is not measured anew stays.
    lines = [line for line in read(file) if line[0] not in only]
    with tempfile.TemporaryDirectory() as scratch:
        for name in only:
            if name == "runs":
                lines += commands(arguments.classes, values[name], arguments.stores or Path(scratch), scratch)
            else:
                lines += trainings(arguments.classes, name, values[name])
    arguments.out.mkdir(parents=True, exist_ok=True)
    with open(file, "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("curve", "value", "measure", "amount", "slope"))
        writer.writerows((*line, "" if slope is None else f"{slope:.2f}")
                         for line, slope in zip(lines, slopes(lines)))
    figure(lines, arguments.figure)


if __name__ == "__main__":
    main()
