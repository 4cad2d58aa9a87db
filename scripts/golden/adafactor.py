"""Trajectories of torch.optim.Adafactor in float64.

    python adafactor.py OUT/optimizer-gradients.json OUT/adafactor.json

Needs torch >= 2.5 (CPU) and numpy. Options have the keys of our descriptions. torch's eps1 is that of
the weights' type by default; ours is float32's, which float64 weights are given here, too. Rates are
those of the gradients' file times 256, so that 1/sqrt(t) is the smaller one between.
"""

import sys

import torch

import trajectories

SCALE = 256.0
EPSILON1 = 2.0 ** -23
SETTINGS = {
    "plain": {},
    "epsilons": {"epsilon1": 0.01, "epsilon2": 0.5},
    "slow": {"beta2Decay": -0.5, "clipThreshold": 2.0},
    "decay": {"decoupledWeightDecay": 0.1, "decayExclusions": []},
    "decay-of-weights": {"decoupledWeightDecay": 0.1, "decayExclusions": "biases and norms",
                         "clipNorm": 1.0},
}


def run(options, problem):
    number = trajectories.float32
    parameters = [torch.tensor(value.astype("float64"), requires_grad=True)
                  for value in problem.initial]
    decay = number(options.get("decoupledWeightDecay", 0.0))
    spared = options.get("decayExclusions") != []
    groups = [{"params": [p for p in parameters if p.dim() >= 2], "weight_decay": decay},
              {"params": [p for p in parameters if p.dim() < 2],
               "weight_decay": 0.0 if spared else decay}]
    made = torch.optim.Adafactor(groups, beta2_decay=number(options.get("beta2Decay", -0.8)),
                                 eps=(number(options.get("epsilon1", EPSILON1)),
                                      number(options.get("epsilon2", 1e-3))),
                                 d=options.get("clipThreshold", 1.0), foreach=False)
    stored = []
    for step, (gradients, rate) in enumerate(zip(problem.gradients, trajectories.LEARNING_RATES), 1):
        for group in made.param_groups:
            group["lr"] = SCALE * rate
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = torch.tensor(gradient.astype("float64"))
            if "clipNorm" in options:
                limit = options["clipNorm"]
                parameter.grad *= limit / max(parameter.grad.norm().item(), limit)
        made.step()
        if step in trajectories.STORED_STEPS:
            stored.append(trajectories.flat([p.detach().numpy() for p in parameters], "float64"))
    return stored


def main(gradients, out):
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    cases = {f"{name}-{setting}": {"options": options, "problem": name,
                                   "float64": run(options, problem)}
             for name, problem in trajectories.read(gradients).items()
             for setting, options in SETTINGS.items()}
    theirs = torch.optim.Adafactor([torch.zeros(1)]).defaults
    assert theirs["eps"][0] is None
    defaults = {"beta2Decay": theirs["beta2_decay"], "epsilon2": theirs["eps"][1],
                "clipThreshold": theirs["d"]}
    trajectories.write(out, {"origin": "torch " + torch.__version__, "rateScale": SCALE,
                             "learningRate": theirs["lr"], "defaults": defaults}, cases=cases)


if __name__ == "__main__":
    main(*sys.argv[1:])
