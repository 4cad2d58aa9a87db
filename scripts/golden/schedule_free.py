"""Trajectories of schedulefree's AdamWScheduleFree in float64.

    python schedule_free.py OUT/optimizer-gradients.json OUT/schedulefreeadamw.json

Needs schedulefree, torch (CPU) and numpy. Options have the keys of our descriptions; NAMES says what
schedulefree calls them. Its weight_decay is our decoupledWeightDecay. Learning rates are those of the
gradients' file times SCALE. "float64" are the weights in training mode, "evaluated" those in
evaluation mode, after each of the stored steps.
"""

import importlib.metadata
import sys

import schedulefree
import torch

import trajectories

SCALE = 4.0

NAMES = {"epsilon": "eps", "warmupSteps": "warmup_steps", "r": "r",
         "weightLrPower": "weight_lr_power"}

SETTINGS = {
    "plain": {},
    "betas": {"beta1": 0.7, "beta2": 0.95, "epsilon": 1e-4},
    "warm-up": {"warmupSteps": 20},
    "weights": {"warmupSteps": 8, "r": 0.5, "weightLrPower": 1.0},
    "unweighted": {"warmupSteps": 40, "weightLrPower": 0.0, "r": 1.5},
    "decoupled": {"warmupSteps": 10, "decoupledWeightDecay": 0.1, "decayExclusions": []},
    "globalclipnorm": {"globalClipNorm": 1.0},
}


def number(value):
    return trajectories.float32(value) if isinstance(value, float) else value


def run(options, problem):
    parameters = [torch.tensor(value.astype("float64"), requires_grad=True)
                  for value in problem.initial]
    theirs = schedulefree.AdamWScheduleFree([torch.zeros(1)]).defaults
    arguments = {name: number(options.get(key, theirs[name])) for key, name in NAMES.items()}
    betas = tuple(number(options.get(key, default))
                  for key, default in zip(("beta1", "beta2"), theirs["betas"]))
    made = schedulefree.AdamWScheduleFree(
        parameters, betas=betas, weight_decay=number(options.get("decoupledWeightDecay", 0.0)),
        foreach=False, **arguments)
    made.train()
    stored, evaluated = [], []
    for step, (gradients, rate) in enumerate(zip(problem.gradients, trajectories.LEARNING_RATES), 1):
        made.param_groups[0]["lr"] = SCALE * rate
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = torch.tensor(gradient.astype("float64"))
        if "globalClipNorm" in options:
            trajectories.clip(parameters, options["globalClipNorm"])
        made.step()
        if step in trajectories.STORED_STEPS:
            stored.append(flat(parameters))
            kept = [parameter.detach().clone() for parameter in parameters]
            made.eval()
            evaluated.append(flat(parameters))
            made.train()
            for parameter, value in zip(parameters, kept):
                parameter.data.copy_(value)
    return stored, evaluated


def flat(parameters):
    return trajectories.flat([p.detach().numpy() for p in parameters], "float64")


def main(gradients, out):
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    cases = {}
    for setting, options in SETTINGS.items():
        for name, problem in trajectories.read(gradients).items():
            weights, evaluated = run(options, problem)
            cases[f"{name}-{setting}"] = {"options": options, "problem": name, "float64": weights,
                                          "evaluated": evaluated}
    theirs = schedulefree.AdamWScheduleFree([torch.zeros(1)]).defaults
    defaults = dict(zip(("beta1", "beta2"), theirs["betas"]))
    defaults.update({key: theirs[name] for key, name in NAMES.items()})
    trajectories.write(out, {"origin": f"schedulefree {importlib.metadata.version('schedulefree')}, "
                                       f"torch {torch.__version__}",
                             "rateScale": SCALE, "learningRate": theirs["lr"],
                             "defaults": defaults}, cases=cases)


if __name__ == "__main__":
    main(*sys.argv[1:])
