"""Trajectories of timm's Lamb in float64.

    python lamb.py OUT/optimizer-gradients.json OUT/lamb.json

Needs timm, torch (CPU) and numpy. Options have the keys of our descriptions. timm's weight_decay is
inside the ratio, and our decoupledWeightDecay of Lamb is; "biases and norms" are a group of parameters
without it, as timm's own factory makes one. timm's max_grad_norm is our globalClipNorm, off where a
case does not name it.
"""

import sys

import timm
import torch
from timm.optim import Lamb

import trajectories

SETTINGS = {
    "adam": {},
    "adapted": {"alwaysAdapt": True},
    "decay": {"decoupledWeightDecay": 0.01, "decayExclusions": "biases and norms"},
    "decay-of-all": {"decoupledWeightDecay": 0.1, "decayExclusions": []},
    "decay-adapted-clipped": {"alwaysAdapt": True, "trustClip": True, "beta1": 0.8, "beta2": 0.95,
                              "epsilon": 1e-4, "decoupledWeightDecay": 0.1,
                              "decayExclusions": "biases and norms"},
    "globalclipnorm": {"alwaysAdapt": True, "globalClipNorm": 1.0},
}

NAMES = {"epsilon": "eps", "trustClip": "trust_clip", "alwaysAdapt": "always_adapt"}


def run(options, scale, problem):
    parameters = [torch.tensor(value.astype("float64"), requires_grad=True)
                  for value in problem.initial]
    number = trajectories.float32
    defaults = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-6} | options
    decay = number(options.get("decoupledWeightDecay", 0.0))
    excluded = [p for p in parameters if p.dim() < 2 and options.get("decayExclusions")]
    decayed = [p for p in parameters if not any(p is q for q in excluded)]
    groups = [{"params": decayed, "weight_decay": decay}]
    if excluded:
        groups.append({"params": excluded, "weight_decay": 0.0})
    made = Lamb(groups, betas=(number(defaults["beta1"]), number(defaults["beta2"])),
                eps=number(defaults["epsilon"]), max_grad_norm=options.get("globalClipNorm"),
                trust_clip=options.get("trustClip", False),
                always_adapt=options.get("alwaysAdapt", False), foreach=False)
    stored = []
    for step, (gradients, rate) in enumerate(zip(problem.gradients, trajectories.LEARNING_RATES), 1):
        for group in made.param_groups:
            group["lr"] = scale * rate
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = torch.tensor(gradient.astype("float64"))
        made.step()
        if step in trajectories.STORED_STEPS:
            stored.append(trajectories.flat([p.detach().numpy() for p in parameters], "float64"))
    return stored


def main(gradients, out):
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    cases = {f"{name}-{setting}": {"options": options, "problem": name,
                                   "float64": run(options, 1.0, problem)}
             for setting, options in SETTINGS.items()
             for name, problem in trajectories.read(gradients).items()}
    theirs = Lamb([torch.zeros(1)]).defaults
    defaults = dict(zip(("beta1", "beta2"), theirs["betas"]))
    defaults.update({key: theirs[name] for key, name in NAMES.items()})
    trajectories.write(out, {"origin": f"timm {timm.__version__}, torch {torch.__version__}",
                             "rateScale": 1.0, "learningRate": theirs["lr"],
                             "defaults": defaults}, cases=cases)


if __name__ == "__main__":
    main(*sys.argv[1:])
