"""Epochs of ours, PyTorch, Keras 3 on JAX and scans in JAX in turns: A B C A B C ...

    scripts/bench/compare.sh [--out DIR] [--rounds N] [--networks mlp:64-32,...] [--core N|none]
                             [--contenders ours,jax-scan,...]
    scripts/bench/compare.sh --steps [--optimizers adam,lion,...] [--networks mlp:64-32,...,resnet20]

With --steps it times the steps of optimizers alone: our fused step, DJL's own optimizer in DJL's trainer where
it runs, and in PyTorch its forms "foreach" and "fused" where they exist (steps.py). One turn is then some
hundred steps of one optimizer on one network. "newton-schulz" in place of an optimizer's name is Muon's
products by themselves.

Ours trains twice, CaAdam with multiplicative scaling ("ours") and Adam ("ours-adam"), so that each of the others
is compared with the same optimizer: Keras with the former, PyTorch and the scans with the latter.

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
and machine), DIR being results/bench by default; with --steps DIR/steps.csv (optimizer, network, contender,
ms, ratio, ratio_low, ratio_high) and DIR/steps.json. All times of steps are processor times of the thread that
makes them; those of a whole turn, which are printed beside them, have gradients in them and are not kept.
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
OPTIMIZERS = ("adam,adamw,adamax,nadamw,radam,sgd,sgd;momentum=0.9,rmsprop,adagrad,adadelta,lion,lamb,prodigy,"
              "schedulefreeadamw,adafactor,muon,newton-schulz")
TRAINS_ADAM = ("torch", "torch-flush", "jax-scan", "jax-scan-numpy")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
              "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
              "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}


class Contender:
    """A process that trains on request."""

    def __init__(self, label, command, core, further=0, prefix=""):
        pin = (lambda: os.sched_setaffinity(0, {core})) if core is not None else None
        self.label = label
        self.further = further
        self.prefix = prefix
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, env=os.environ | ONE_THREAD, preexec_fn=pin)
        self.name = self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.label} ended with exit code {self.process.wait()}.")
        return line.strip()

    def times(self, work, count):
        """Returns the wall times of so many epochs, or steps, in ms; none where it has no such optimizer."""
        asked = self.prefix + work
        self.process.stdin.write(f"{asked} {count}\n")
        self.process.stdin.flush()
        answered = self.answer()
        if answered != asked and not answered.startswith(asked + ","):
            sys.exit(f"{self.label} answered {answered} instead of {asked}.")
        return [float(ms) for ms in answered[len(asked) + 1:].split(",") if ms]

    def warm(self, work, arguments):
        """Trains, so that compilers are done and units dead; returns whether there is such an optimizer."""
        end = time.monotonic() + arguments.warmup
        able = bool(self.times(work, 1))
        while able and time.monotonic() < end:
            self.times(work, arguments.epochs)
        return able

    def turn(self, work, count):
        """Returns the wall times of so many epochs, and the mean processor time of one, in ms."""
        before = self.processor_ms()
        times = self.times(work, count)
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


def compare(contenders, work, arguments, every_turn):
    """Returns lines of comparison.csv: ours first."""
    contenders = [c for c in contenders if c.warm(work, arguments)]
    wall, processor = [], []
    for number in range(arguments.rounds):
        # Rotated, so that nobody always comes after the same neighbour.
        turns = {}
        for k in range(len(contenders)):
            contender = contenders[(number + k) % len(contenders)]
            times, busy = contender.turn(work, arguments.epochs)
            every_turn += [(work, contender.label, number, ms) for ms in times]
            turns[contender.label] = statistics.median(times), busy
        wall.append({label: turn[0] for label, turn in turns.items()})
        processor.append({label: turn[1] for label, turn in turns.items()})
    return [(work, contender.label, *summary(wall, contender.label),
             *summary(processor, contender.label)) for contender in contenders]


def base(label):
    """Returns which of ours trains the same optimizer."""
    return "ours-adam" if label in TRAINS_ADAM or label == "ours-adam" else "ours"


def summary(rounds, label):
    """Returns the median in ms, and of the ratios to ours the median and the quartiles."""
    ms = statistics.median(r[label] for r in rounds)
    ours = base(label)
    if not all(r.get(ours) for r in rounds):
        return ms, "", "", ""
    low, middle, high = quartiles([r[label] / r[ours] for r in rounds])
    return round(ms, 5 if ms < 10 else 2), round(middle, 3), round(low, 3), round(high, 3)


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
    parser.add_argument("--steps", action="store_true", help="steps of optimizers instead of epochs")
    parser.add_argument("--optimizers", default=OPTIMIZERS,
                        help="with --steps: names of the suite, options behind semicolons")
    parser.add_argument("--networks", help=f"default {NETWORKS}, with --steps resnet20, too")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--epochs", type=int,
                        help="timed epochs of a turn (default 5), or steps (default 100)")
    parser.add_argument("--warmup", type=float,
                        help="seconds that each trains before the first round (default 15, with --steps 2);"
                             " the JVM compiles itself for ten")
    parser.add_argument("--core", default="0", help="the core of all processes, or none")
    parser.add_argument("--caadam", default=str(ROOT / "scripts" / "caadam"),
                        help="the command of ours, such as that of a release (default: that of this tree)")
    parser.add_argument("--contenders", help="which, and those of ours that train the same; default all,"
                             " with --steps not chosen")
    parser.add_argument("--flush-denormal", action="store_true",
                        help="a second PyTorch with torch.set_flush_denormal(True)")
    arguments = parser.parse_args()
    arguments.networks = arguments.networks or NETWORKS + (",resnet20" if arguments.steps else "")
    arguments.epochs = arguments.epochs or (100 if arguments.steps else 5)
    arguments.warmup = arguments.warmup or (2 if arguments.steps else 15)
    return arguments


def start(arguments, core):
    """Starts the contenders, ours first."""
    scripts = ROOT / "scripts"
    ours = [arguments.caadam, "bench", "--serve"]
    epochs = [sys.executable, str(scripts / "bench" / "epochs.py")]
    steps = [sys.executable, str(scripts / "bench" / "steps.py")]
    if arguments.steps:
        return [Contender("ours", ours, core), Contender("stock", ours, core, prefix="stock:"),
                Contender("torch-foreach", [*steps, "foreach"], core),
                Contender("torch-fused", [*steps, "fused"], core)]
    commands = {"ours": ours, "ours-adam": ours, "torch": [*epochs, "torch"], "keras-jax": [*epochs, "keras"],
                "jax-scan": [*epochs, "scan"], "jax-scan-numpy": [*epochs, "scan-numpy"]}
    if arguments.flush_denormal:
        commands["torch-flush"] = [*epochs, "torch", "--flush-denormal"]
    chosen = set((arguments.contenders or ",".join(commands)).split(","))
    if unknown := chosen - set(commands):
        sys.exit(f"--contenders takes some of {', '.join(commands)}, found {', '.join(sorted(unknown))}.")
    chosen |= {base(label) for label in chosen}
    # A fit of Keras has two epochs more than are timed.
    return [Contender(label, commands[label], core, further=2 if label == "keras-jax" else 0,
                      prefix="unscaled:" if label == "ours-adam" else "")
            for label in commands if label in chosen]


def works(arguments):
    """Returns what is asked for, each as a request without its number."""
    networks = arguments.networks.split(",")
    if not arguments.steps:
        return networks
    optimizers = [name.replace(";", ",") for name in arguments.optimizers.split(",")]
    return [f"{optimizer} {network}" for optimizer in optimizers for network in networks]


def main():
    arguments = parse()
    pinned = arguments.core != "none" and hasattr(os, "sched_setaffinity")
    core = int(arguments.core) if pinned else None
    contenders = start(arguments, core)
    started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    lines, every_turn = [], []
    print(f"{'work':36} {'contender':14} {'ms':>9} {'theirs/ours':>12}  quartiles  "
          f"{'cpu ms':>9} {'theirs/ours':>12}  quartiles", flush=True)
    for work in works(arguments):
        for line in compare(contenders, work, arguments, every_turn):
            lines.append(line)
            print("{:36} {:14} {:9} {:>12}  {}-{}  {:9} {:>12}  {}-{}".format(*line), flush=True)
    for contender in contenders:
        contender.close()
    arguments.out.mkdir(parents=True, exist_ok=True)
    name = "steps" if arguments.steps else "comparison"
    if arguments.steps:
        write_csv(arguments.out / "steps.csv",
                  ("optimizer", "network", "contender", "ms", "ratio", "ratio_low", "ratio_high"),
                  [(*line[0].split(" "), *line[1:6]) for line in lines])
    else:
        write_csv(arguments.out / "comparison.csv",
                  ("network", "contender", "ms", "ratio", "ratio_low", "ratio_high", "cpu_ms",
                   "cpu_ratio", "cpu_ratio_low", "cpu_ratio_high"), lines)
        write_csv(arguments.out / "comparison-epochs.csv", ("network", "contender", "round", "ms"),
                  every_turn)
    about = {"contenders": {contender.label: contender.name for contender in contenders},
             "commit": commit(), "started": started, "cpu": cpu(), "cores": os.cpu_count(),
             "core": core, "os": platform.platform(), "python": platform.python_version(),
             "load": os.getloadavg(), "rounds": arguments.rounds, "epochs": arguments.epochs,
             "warmup": arguments.warmup, "environment": ONE_THREAD}
    (arguments.out / f"{name}.json").write_text(json.dumps(about, indent=2) + "\n")


if __name__ == "__main__":
    main()
