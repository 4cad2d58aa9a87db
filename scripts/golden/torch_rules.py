"""Trajectories of torch.optim's SGD, RMSprop, Adagrad, Adadelta, RAdam and NAdam in float64, a file each.

    python torch_rules.py OUT/optimizer-gradients.json OUT

Needs torch (CPU) and numpy. Options have the keys of our descriptions; NAMES says what torch calls
them. Learning rates are those of the gradients' file times "rateScale" of an optimizer: Adadelta's
default is 1. "learningRate" and "defaults" are read from torch.

Of torch's options, "maximize" has no counterpart; its L2 decay is our weightDecay. RAdam's and NAdam's
decoupled decay applies to all parameters.
"""

import os
import sys

import torch

import trajectories

NAMES = {"rho": {"RMSprop": "alpha", "Adadelta": "rho"}, "epsilon": "eps", "momentum": "momentum",
         "dampening": "dampening", "nesterov": "nesterov", "centered": "centered",
         "learningRateDecay": "lr_decay", "initialAccumulator": "initial_accumulator_value",
         "momentumDecay": "momentum_decay"}

OPTIMIZERS = {
    "sgd": ("SGD", 1.0, {
        "plain": {},
        "momentum": {"momentum": 0.9},
        "dampening": {"momentum": 0.8, "dampening": 0.5},
        "nesterov": {"momentum": 0.9, "nesterov": True},
        "nesterov-l2": {"momentum": 0.9, "nesterov": True, "weightDecay": 0.1},
    }),
    "rmsprop": ("RMSprop", 1.0, {
        "plain": {},
        "rho": {"rho": 0.9, "epsilon": 1e-5},
        "centered": {"centered": True},
        "momentum": {"momentum": 0.9},
        "centered-momentum-l2": {"centered": True, "momentum": 0.8, "weightDecay": 0.1},
    }),
    "adagrad": ("Adagrad", 8.0, {
        "plain": {},
        "decay": {"learningRateDecay": 0.1, "epsilon": 1e-4},
        "initial": {"initialAccumulator": 0.5, "weightDecay": 0.1},
    }),
    "adadelta": ("Adadelta", 1024.0, {
        "plain": {},
        "rho": {"rho": 0.95, "epsilon": 1e-4},
        "l2": {"weightDecay": 0.1},
    }),
    "radam": ("RAdam", 1.0, {
        "plain": {},
        "betas": {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-4},
        "never-rectified": {"beta2": 0.5},
        "l2": {"weightDecay": 0.1},
        "decoupled": {"decoupledWeightDecay": 0.1, "decayExclusions": []},
    }),
    "nadamw": ("NAdam", 1.0, {
        "plain": {},
        "betas": {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-4},
        "schedule": {"momentumDecay": 0.1},
        "l2": {"weightDecay": 0.1},
        "decoupled": {"decoupledWeightDecay": 0.1, "decayExclusions": []},
    }),
}


def name(key, kind):
    known = NAMES[key]
    return known if isinstance(known, str) else known.get(kind)


def arguments(kind, options):
    """Options as torch has them; numbers as the floats that our builders take."""
    options = {key: trajectories.float32(value) if isinstance(value, float) else value
               for key, value in options.items()}
    made = {"weight_decay": options.pop("weightDecay", 0.0)}
    if options.pop("decayExclusions", None) is not None:
        made.update(weight_decay=options.pop("decoupledWeightDecay"), decoupled_weight_decay=True)
    defaults = getattr(torch.optim, kind)([torch.zeros(1)]).defaults
    if "betas" in defaults:
        made["betas"] = tuple(options.pop(key, trajectories.float32(default))
                              for key, default in zip(("beta1", "beta2"), defaults["betas"]))
    # Defaults, too, are the floats nearest to torch's doubles.
    for key in NAMES:
        theirs = name(key, kind)
        if theirs in defaults:
            value = options.pop(key, defaults[theirs])
            made[theirs] = value if isinstance(value, bool) else trajectories.float32(value)
    assert not options, options
    return made


def our_defaults(kind):
    defaults = getattr(torch.optim, kind)([torch.zeros(1)]).defaults
    ours = dict(zip(("beta1", "beta2"), defaults.get("betas", ())))
    ours.update({key: defaults[name(key, kind)] for key in NAMES if name(key, kind) in defaults})
    return {key: value if isinstance(value, bool) else float(value) for key, value in ours.items()}


def run(kind, scale, options, problem):
    parameters = [torch.tensor(value.astype("float64"), requires_grad=True)
                  for value in problem.initial]
    made = getattr(torch.optim, kind)(parameters, foreach=False, **arguments(kind, dict(options)))
    stored = []
    for step, (gradients, rate) in enumerate(zip(problem.gradients, trajectories.LEARNING_RATES), 1):
        made.param_groups[0]["lr"] = scale * rate
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = torch.tensor(gradient.astype("float64"))
        made.step()
        if step in trajectories.STORED_STEPS:
            stored.append(trajectories.flat([p.detach().numpy() for p in parameters], "float64"))
    return stored


def main(gradients, out):
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    problems = trajectories.read(gradients)
    for file, (kind, scale, settings) in OPTIMIZERS.items():
        cases = {f"{problem}-{setting}": {"options": options, "problem": problem,
                                          "float64": run(kind, scale, options, problems[problem])}
                 for setting, options in settings.items() for problem in problems}
        rate = getattr(torch.optim, kind)([torch.zeros(1)]).defaults["lr"]
        trajectories.write(os.path.join(out, file + ".json"),
                           {"origin": "torch " + torch.__version__, "rateScale": scale,
                            "learningRate": float(rate), "defaults": our_defaults(kind)},
                           cases=cases)


if __name__ == "__main__":
    main(*sys.argv[1:])
