"""Epochs of ours, PyTorch and Keras 3 on JAX in turns: A B C A B C ...

    scripts/bench/compare.sh [--out DIR] [--rounds N] [--networks mlp:64-32,...] [--core N|none]

compare.sh makes the Python environment and starts this. All contenders run as processes that wait, warm,
for their turn; one turn is a few epochs of one network, of which the median counts. A ratio is
theirs/ours of the same round; its median and quartiles over the rounds are reported. One that is 2 says
that ours takes half the time. Beside it stands the ratio of processor time (all threads, Linux only), which
does not count waiting for a core that others use: on a machine that is not idle, the scheduler favours who
sleeps often, and wall times are unfair.

Threads: one each. All processes are bound to the same core (Linux; --core none leaves that out), which
JAX's thread pool follows, and are given OMP_NUM_THREADS=1, MKL_NUM_THREADS=1,
XLA_FLAGS="--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1", torch.set_num_threads(1)
and, for ours, one intra-op thread, which is the suite's default.

Writes DIR/comparison.csv (network, contender, ms, ratio, ratio_low, ratio_high, cpu_ms, cpu_ratio,
cpu_ratio_low, cpu_ratio_high), DIR/comparison-epochs.csv (every epoch) and DIR/comparison.json (versions
and machine), DIR being results/bench by default.
"""

import argparse
import csv
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NETWORKS = "mlp:64-32,mlp:128-128-64,mlp:1024-256-64-16"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
              "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
              "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}


class Contender:
    """A process that trains epochs on request."""

    def __init__(self, label, command, core, further=0):
        pin = (lambda: os.sched_setaffinity(0, {core})) if core is not None else None
        self.label = label
        self.further = further
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, env=os.environ | ONE_THREAD, preexec_fn=pin)
        self.name = self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.label} ended with exit code {self.process.wait()}.")
        return line.strip()

    def epochs(self, network, count):
        self.process.stdin.write(f"{network} {count}\n")
        self.process.stdin.flush()
        answered, *times = self.answer().split(",")
        if answered != network:
            sys.exit(f"{self.label} answered {answered} instead of {network}.")
        return [float(ms) for ms in times]

    def turn(self, network, count):
        """Returns the wall times of so many epochs, and the mean processor time of one, in ms."""
        before = self.processor_ms()
        times = self.epochs(network, count)
        return times, (self.processor_ms() - before) / (count + self.further)

    def processor_ms(self):
        total = 0
        for task in Path(f"/proc/{self.process.pid}/task").glob("*/schedstat"):
            try:
                total += int(task.read_text().split()[0])
            except OSError:
                pass  # The thread has ended.
        return total / 1e6

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)


def quartiles(values):
    return statistics.quantiles(values, n=4, method="inclusive")


def compare(contenders, network, arguments, every_epoch):
    """Returns lines of comparison.csv: ours first."""
    for contender in contenders:
        contender.epochs(network, arguments.warmup)
    wall, processor = [], []
    for number in range(arguments.rounds):
        # Rotated, so that nobody always comes after the same neighbour.
        turns = {}
        for k in range(len(contenders)):
            contender = contenders[(number + k) % len(contenders)]
            times, busy = contender.turn(network, arguments.epochs)
            every_epoch += [(network, contender.label, number, ms) for ms in times]
            turns[contender.label] = statistics.median(times), busy
        wall.append({label: turn[0] for label, turn in turns.items()})
        processor.append({label: turn[1] for label, turn in turns.items()})
    return [(network, contender.label, *summary(wall, contender.label),
             *summary(processor, contender.label)) for contender in contenders]


def summary(rounds, label):
    """Returns the median in ms, and of the ratios to ours the median and the quartiles."""
    ms = statistics.median(r[label] for r in rounds)
    if not all(r["ours"] for r in rounds):
        return ms, "", "", ""
    low, middle, high = quartiles([r[label] / r["ours"] for r in rounds])
    return round(ms, 2), round(middle, 3), round(low, 3), round(high, 3)


def cpu():
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor()


def commit():
    git = ["git", "-C", str(ROOT), "describe", "--always", "--abbrev=40", "--dirty", "--exclude=*"]
    return subprocess.run(git, capture_output=True, text=True).stdout.strip()


def write_csv(file, header, lines):
    with open(file, "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)


def parse():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "results" / "bench")
    parser.add_argument("--networks", default=NETWORKS)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--epochs", type=int, default=5, help="timed epochs of a turn (default 5)")
    parser.add_argument("--warmup", type=int, default=12,
                        help="epochs of each before the first round (default 12: 2,484 steps, after"
                             " which dead units exist)")
    parser.add_argument("--core", default="0", help="the core of all processes, or none")
    parser.add_argument("--flush-denormal", action="store_true",
                        help="a second PyTorch with torch.set_flush_denormal(True)")
    return parser.parse_args()


def main():
    arguments = parse()
    pinned = arguments.core != "none" and hasattr(os, "sched_setaffinity")
    core = int(arguments.core) if pinned else None
    epochs = [sys.executable, str(ROOT / "scripts" / "bench" / "epochs.py")]
    contenders = [Contender("ours", [str(ROOT / "scripts" / "caadam"), "bench", "--serve"], core),
                  Contender("torch", [*epochs, "torch"], core),
                  Contender("keras-jax", [*epochs, "keras"], core, further=2)]
    if arguments.flush_denormal:
        contenders.append(Contender("torch-flush", [*epochs, "torch", "--flush-denormal"], core))
    started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    lines, every_epoch = [], []
    print(f"{'network':20} {'contender':12} {'ms':>9} {'theirs/ours':>12}  quartiles  "
          f"{'cpu ms':>9} {'theirs/ours':>12}  quartiles", flush=True)
    for network in arguments.networks.split(","):
        for line in compare(contenders, network, arguments, every_epoch):
            lines.append(line)
            print("{:20} {:12} {:9} {:>12}  {}-{}  {:9} {:>12}  {}-{}".format(*line), flush=True)
    for contender in contenders:
        contender.close()
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_csv(arguments.out / "comparison.csv",
              ("network", "contender", "ms", "ratio", "ratio_low", "ratio_high", "cpu_ms", "cpu_ratio",
               "cpu_ratio_low", "cpu_ratio_high"), lines)
    write_csv(arguments.out / "comparison-epochs.csv", ("network", "contender", "round", "ms"),
              every_epoch)
    about = {"contenders": {contender.label: contender.name for contender in contenders},
             "commit": commit(), "started": started, "cpu": cpu(), "cores": os.cpu_count(),
             "core": core, "os": platform.platform(), "python": platform.python_version(),
             "load": os.getloadavg(), "rounds": arguments.rounds, "epochs": arguments.epochs,
             "warmup": arguments.warmup, "environment": ONE_THREAD}
    (arguments.out / "comparison.json").write_text(json.dumps(about, indent=2) + "\n")


if __name__ == "__main__":
    main()
