"""Learning rates of torch.optim.lr_scheduler and optax, step by step.

    python schedules.py OUT/schedules.json

Needs torch, optax and numpy. A case has the settings, under the library's names, and the rates after
"made" steps. Where both torch and optax have a schedule, optax' rates are written, and torch's must
agree. Neither has a decay of one minus the square root; it is written out here, from section 3 of
arXiv:2405.18392, and joined by optax.
"""

import json
import sys

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import numpy as np
import optax
import torch
from torch.optim import lr_scheduler


def torch_rates(make, base, count, steps_per_epoch=1):
    """Rates of the first steps, with scheduler.step() at the end of every epoch."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=base)
    scheduler = make(optimizer)
    rates = []
    for step in range(count):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if (step + 1) % steps_per_epoch == 0 and step + 1 < count:
            scheduler.step()
    return rates


def optax_schedule(s):
    kind = s["kind"]
    if kind == "constant":
        return optax.constant_schedule(s["rate"])
    if kind == "cosine":
        return optax.cosine_decay_schedule(s["peak"], s["steps"], s.get("floor", 0.0) / s["peak"])
    if kind == "exponential":
        return optax.exponential_decay(s["peak"], s.get("steps", 1), s["factor"],
                                       staircase=s.get("stairs", False), end_value=s.get("floor"))
    if kind == "warmUp":
        next = optax_schedule(s["next"])
        return optax.join_schedules(
            [optax.linear_schedule(s.get("start", 0.0), float(next(0)), s["steps"]), next],
            [s["steps"]])
    if kind == "joined":
        return optax.join_schedules([optax_schedule(each) for each in s["schedules"]],
                                    s["boundaries"])
    if kind == "piecewise":
        values = [s["first"]] + s["rates"]
        return optax.piecewise_constant_schedule(
            s["first"], {b: values[i + 1] / values[i] for i, b in enumerate(s["boundaries"])})
    if kind == "stable":
        peak, floor, last = s["peak"], s.get("floor", 0.0), s["decaySteps"]
        if s["decay"] == "LINEAR":
            decay = optax.linear_schedule(peak, floor, last)
        else:
            decay = lambda t: floor + (peak - floor) * (1 - jnp.sqrt(jnp.minimum(t, last) / last))
        return optax.join_schedules(
            [optax.linear_schedule(s.get("start", 0.0), peak, s["warmUpSteps"]),
             optax.constant_schedule(peak), decay],
            [s["warmUpSteps"], s["steps"] - last])
    raise ValueError(kind)


def torch_schedule(s):
    """Returns a scheduler's maker and the base rate, or nothing where torch has none like it."""
    kind = s["kind"]
    if kind == "cosine":
        return lambda o: lr_scheduler.CosineAnnealingLR(o, s["steps"], s.get("floor", 0.0)), s["peak"]
    if kind == "oneCycle":
        return lambda o: lr_scheduler.OneCycleLR(
            o, s["peak"], total_steps=s["steps"], pct_start=s.get("rise", 0.3),
            div_factor=s.get("divisor", 25.0), final_div_factor=s.get("finalDivisor", 1e4),
            anneal_strategy="linear" if s.get("linear") else "cos", cycle_momentum=False), s["peak"]
    if kind == "restarts":
        return lambda o: lr_scheduler.CosineAnnealingWarmRestarts(
            o, s["firstPeriod"], s.get("factor", 1), s.get("floor", 0.0)), s["peak"]
    if kind == "exponential" and s.get("steps", 1) == 1 and "floor" not in s:
        return lambda o: lr_scheduler.ExponentialLR(o, s["factor"]), s["peak"]
    if kind == "exponential" and s.get("stairs") and "floor" not in s:
        return lambda o: lr_scheduler.StepLR(o, s["steps"], s["factor"]), s["peak"]
    if kind == "piecewise" and np.allclose(s["rates"], s["first"] * 0.1 ** np.arange(1, 1 + len(s["rates"]))):
        return lambda o: lr_scheduler.MultiStepLR(o, s["boundaries"], 0.1), s["first"]
    return None


COSINE = {"kind": "cosine", "peak": 3e-3, "steps": 20, "floor": 1e-5}
RESTARTS = {"kind": "restarts", "peak": 0.05, "firstPeriod": 3, "factor": 2, "floor": 1e-3}
PIECEWISE = {"kind": "piecewise", "first": 0.1, "boundaries": [3, 5], "rates": [0.01, 0.001]}

# Settings, and how many steps from the first, or which.
CASES = {
    "constant": ({"kind": "constant", "rate": 2e-3}, 3),
    "cosine": (COSINE, 21),
    "cosine beyond its end": (COSINE, [20, 21, 22, 1000]),
    "cosine to zero": ({"kind": "cosine", "peak": 0.1, "steps": 7}, 8),
    "cosine of one step": ({"kind": "cosine", "peak": 0.1, "steps": 1, "floor": 0.01}, 2),
    "long cosine": ({"kind": "cosine", "peak": 0.1, "steps": 2000000000},
                    [0, 1, 500000000, 1000000000, 1999000000, 2000000000, 2147483646]),
    "one cycle": ({"kind": "oneCycle", "peak": 0.01, "steps": 20}, 20),
    "one cycle on lines": ({"kind": "oneCycle", "peak": 0.01, "steps": 20, "rise": 0.25, "divisor": 10.0,
                            "finalDivisor": 100.0, "linear": True}, 20),
    "one cycle with its peak between steps": ({"kind": "oneCycle", "peak": 1.0, "steps": 7}, 7),
    "one cycle without a rise": ({"kind": "oneCycle", "peak": 1.0, "steps": 6, "rise": 0.0}, 6),
    "one cycle without a fall": ({"kind": "oneCycle", "peak": 1.0, "steps": 6, "rise": 1.0}, 6),
    "one cycle of two steps": ({"kind": "oneCycle", "peak": 1.0, "steps": 2}, 2),
    "one cycle of one step": ({"kind": "oneCycle", "peak": 1.0, "steps": 1}, 1),
    "stable, linear decay": ({"kind": "stable", "peak": 0.01, "steps": 20, "warmUpSteps": 4, "decaySteps": 6,
                              "decay": "LINEAR", "floor": 1e-4}, 24),
    "stable, root decay": ({"kind": "stable", "peak": 0.01, "steps": 20, "warmUpSteps": 4, "decaySteps": 6,
                            "decay": "ONE_MINUS_SQRT", "floor": 1e-4, "start": 1e-3}, 24),
    "stable without a warm-up": ({"kind": "stable", "peak": 0.01, "steps": 8, "warmUpSteps": 0, "decaySteps": 3,
                                  "decay": "ONE_MINUS_SQRT"}, 10),
    "restarts": ({"kind": "restarts", "peak": 0.05, "firstPeriod": 5}, 17),
    "growing restarts": (RESTARTS, 46),
    "restarts of one step": ({"kind": "restarts", "peak": 0.05, "firstPeriod": 1, "floor": 0.01}, 3),
    "piecewise constant": (PIECEWISE, 8),
    "piecewise constant, up and down": ({"kind": "piecewise", "first": 0.1, "boundaries": [1, 4],
                                         "rates": [0.3, 0.05]}, 6),
    "exponential": ({"kind": "exponential", "peak": 0.1, "factor": 0.9}, 12),
    "exponential in stairs": ({"kind": "exponential", "peak": 0.1, "factor": 0.5, "steps": 4, "stairs": True}, 14),
    "exponential to a floor": ({"kind": "exponential", "peak": 0.1, "factor": 0.5, "steps": 3, "floor": 0.02}, 14),
    "warm-up, then cosine": ({"kind": "warmUp", "steps": 5, "next": COSINE}, 27),
    "warm-up from above zero, then exponential": (
        {"kind": "warmUp", "steps": 4, "start": 0.02,
         "next": {"kind": "exponential", "peak": 0.1, "factor": 0.9}}, 10),
    "no warm-up": ({"kind": "warmUp", "steps": 0, "next": COSINE}, 5),
    "three joined": ({"kind": "joined", "schedules": [{"kind": "constant", "rate": 0.01}, COSINE,
                                                      {"kind": "exponential", "peak": 0.002, "factor": 0.8}],
                      "boundaries": [3, 12]}, 18),
    "cosine by epoch": (dict(COSINE, steps=3, stepsPerEpoch=4), 12),
    "growing restarts by epoch": (dict(RESTARTS, stepsPerEpoch=2), 30),
    "piecewise constant by epoch": (dict(PIECEWISE, stepsPerEpoch=3), 20),
}


def run(s, made):
    by_torch = None
    made = list(range(made)) if isinstance(made, int) else made
    per_epoch = s.get("stepsPerEpoch", 1)
    maker = torch_schedule(s)
    if maker and made == list(range(len(made))):
        by_torch = torch_rates(maker[0], maker[1], len(made), per_epoch)
    if s["kind"] in ("oneCycle", "restarts"):
        return made, by_torch
    schedule = optax_schedule(s)
    rates = [float(schedule(jnp.asarray(t // per_epoch, "int64"))) for t in made]
    if by_torch:
        np.testing.assert_allclose(by_torch, rates, rtol=1e-9, atol=1e-12)
    return made, rates


def main(out):
    with open(out, "w") as file:
        file.write(json.dumps({"torch": torch.__version__, "optax": optax.__version__,
                               "jax": jax.__version__, "numpy": np.__version__})[:-1])
        lines = []
        for name, (settings, made) in CASES.items():
            steps, rates = run(settings, made)
            case = {"settings": settings, "made": steps, "rates": [float("%.9g" % rate) for rate in rates]}
            lines.append(json.dumps(name) + ": " + json.dumps(case, separators=(",", ":")))
        file.write(",\n\"cases\": {\n" + ",\n".join(lines) + "\n}}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
