"""Trajectories of prodigyopt's Prodigy in float64.

    python prodigy.py OUT/optimizer-gradients.json OUT/prodigy.json

Needs prodigyopt, torch (CPU) and numpy. Options have the keys of our descriptions; NAMES says what
prodigyopt calls them. Its weight_decay is our decoupledWeightDecay, and without decouple our
weightDecay. Learning rates are those of the gradients' file times SCALE, so that they
begin at a quarter of Prodigy's default: the recorded gradients lead to no minimum, and the estimate
grows as long as weights move. Of its options, slice_p and fsdp_in_use have no counterpart. "d" is
the estimate after each of the stored steps.
"""

import importlib.metadata
import sys

import prodigyopt
import torch

import trajectories

SCALE = 256.0

NAMES = {"beta3": "beta3", "epsilon": "eps", "d0": "d0", "dCoefficient": "d_coef",
         "growthRate": "growth_rate", "safeguardWarmup": "safeguard_warmup",
         "biasCorrection": "use_bias_correction"}

SETTINGS = {
    "plain": {},
    "corrected": {"biasCorrection": True, "d0": 1e-2},
    "safeguarded": {"safeguardWarmup": True, "dCoefficient": 2.0, "d0": 1e-2},
    "betas": {"beta1": 0.8, "beta2": 0.95, "beta3": 0.9, "epsilon": 1e-4, "d0": 1e-2},
    "no-momentum": {"beta1": 0.0, "dCoefficient": 0.125, "d0": 1e-2},
    "growth": {"growthRate": 1.0625, "d0": 1e-3},
    "decoupled": {"decoupledWeightDecay": 0.1, "decayExclusions": [], "d0": 1e-3},
    "l2-globalclipnorm": {"weightDecay": 0.1, "globalClipNorm": 1.0, "d0": 1e-2},
}


def number(value):
    return trajectories.float32(value) if isinstance(value, float) else value


def run(options, problem):
    parameters = [torch.tensor(value.astype("float64"), requires_grad=True)
                  for value in problem.initial]
    theirs = prodigyopt.Prodigy([torch.zeros(1)]).defaults
    arguments = {name: number(options.get(key, theirs[name])) for key, name in NAMES.items()}
    betas = tuple(number(options.get(key, default))
                  for key, default in zip(("beta1", "beta2"), theirs["betas"]))
    decoupled = number(options.get("decoupledWeightDecay", 0.0))
    made = prodigyopt.Prodigy(parameters, betas=betas, decouple=decoupled != 0,
                              weight_decay=decoupled or number(options.get("weightDecay", 0.0)),
                              **arguments)
    stored, estimates = [], []
    for step, (gradients, rate) in enumerate(zip(problem.gradients, trajectories.LEARNING_RATES), 1):
        for group in made.param_groups:
            group["lr"] = trajectories.float32(SCALE) * rate
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = torch.tensor(gradient.astype("float64"))
        if "globalClipNorm" in options:
            trajectories.clip(parameters, options["globalClipNorm"])
        made.step()
        if step in trajectories.STORED_STEPS:
            stored.append(trajectories.flat([p.detach().numpy() for p in parameters], "float64"))
            estimates.append(made.param_groups[0]["d"])
    return stored, [float("%.12g" % d) for d in estimates]


def main(gradients, out):
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    cases = {}
    for setting, options in SETTINGS.items():
        for name, problem in trajectories.read(gradients).items():
            weights, estimates = run(options, problem)
            cases[f"{name}-{setting}"] = {"options": options, "problem": name, "d": estimates,
                                          "float64": weights}
    theirs = prodigyopt.Prodigy([torch.zeros(1)]).defaults
    defaults = dict(zip(("beta1", "beta2"), theirs["betas"]))
    defaults.update({key: theirs[name] for key, name in NAMES.items()
                     if key not in ("beta3", "growthRate")})
    assert theirs["beta3"] is None and theirs["growth_rate"] == float("inf")
    trajectories.write(out, {"origin": f"prodigyopt {importlib.metadata.version('prodigyopt')}, "
                                       f"torch {torch.__version__}",
                             "rateScale": SCALE, "learningRate": theirs["lr"],
                             "defaults": defaults}, cases=cases)


if __name__ == "__main__":
    main(*sys.argv[1:])
