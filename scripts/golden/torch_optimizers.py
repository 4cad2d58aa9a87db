"""Trajectories of PyTorch's Adam, AdamW, Adamax and NAdam where their definitions are Keras' or ours.

    python torch_optimizers.py OUT/optimizer-gradients.json OUT/torch-optimizers.json

Needs torch (CPU) and numpy. Where PyTorch differs from Keras:

- Adam and AdamW add epsilon (1e-8 by default) to the bias-corrected root, Keras (1e-7) to the
  uncorrected one; with amsgrad both take the maximum of the uncorrected second moments.
- AdamW decays all parameters by learning rate x decay, as Keras, but by 0.01 by default, Keras 0.004.
- Adamax: max(beta_2 u, |g| + epsilon), Keras max(beta_2 u, |g|) + epsilon. Run here with an epsilon
  that is too small to matter.
- NAdam: the schedule's exponent is step x momentum_decay, 0.004 by default; Keras and Dozat's paper
  have the step, that is 1. Both add epsilon to the corrected root. Its decay is L2 unless
  decoupled_weight_decay is set.
"""

import sys

import numpy as np
import torch

import trajectories


def optimizer(options, parameters):
    kind = {"adam": torch.optim.Adam, "adamax": torch.optim.Adamax,
            "nadam": torch.optim.NAdam}[options["rule"]]
    arguments = {"eps": options["epsilon"], "betas": (options["beta1"], options["beta2"])}
    if options["rule"] == "nadam":
        arguments.update(momentum_decay=1.0, weight_decay=options["decay"],
                         decoupled_weight_decay=True)
    elif "decay" in options:
        kind = torch.optim.AdamW
        arguments["weight_decay"] = options["decay"]
    if "amsgrad" in options:
        arguments["amsgrad"] = True
    return kind(parameters, foreach=False, **arguments)


def run(options, problem, dtype):
    # NAdam keeps the product of its momenta in the default type.
    torch.set_default_dtype(getattr(torch, dtype))
    parameters = [torch.tensor(value.astype(dtype), requires_grad=True) for value in problem.initial]
    made = optimizer(options, parameters)
    stored = []
    for step, (gradients, rate) in enumerate(zip(problem.gradients, trajectories.LEARNING_RATES), 1):
        made.param_groups[0]["lr"] = rate
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = torch.tensor(gradient.astype(dtype))
        made.step()
        if step in trajectories.STORED_STEPS:
            stored.append(trajectories.flat([p.detach().numpy() for p in parameters], dtype))
    return stored


def main(gradients, out):
    torch.set_num_threads(1)
    problem = trajectories.read(gradients)["tensors"]
    cases = {name: {"options": options, "problem": "tensors",
                    "float32": run(options, problem, "float32"),
                    "float64": run(options, problem, "float64")}
             for name, options in trajectories.TORCH_CASES.items()}
    trajectories.write(out, {"torch": torch.__version__}, cases=cases)


if __name__ == "__main__":
    main(*sys.argv[1:])
