"""Exponential moving averages of weights by PyTorch's AveragedModel, in float32 and in float64.

    python weight_average.py OUT/optimizer-gradients.json OUT/torch-average.json

Needs torch (CPU) and numpy. AveragedModel copies the weights when it is updated for the first time, which
is before the first step here: so the average begins with the initial weights. The function is that of
get_ema_multi_avg_fn, which newer versions have. "accumulation" of a case
is of how many batches a step takes the mean gradient; then there is an update of the average for a step,
not for a batch. "average32" and "average64" are the averages where "float32" and "float64" are the
weights.
"""

import sys

import torch
from torch.optim.swa_utils import AveragedModel

import trajectories


class Weights(torch.nn.Module):

    def __init__(self, problem):
        super().__init__()
        self.all = torch.nn.ParameterList(torch.nn.Parameter(torch.tensor(value.tolist()))
                                          for value in problem.initial)


def run(options, problem, dtype):
    torch.set_default_dtype(getattr(torch, dtype))
    weights = Weights(problem)
    decay = {"weight_decay": options["decay"]} if "decay" in options else {}
    kind = torch.optim.AdamW if decay else torch.optim.Adam
    made = kind(weights.parameters(), eps=options["epsilon"], foreach=False,
                betas=(options["beta1"], options["beta2"]), **decay)
    averaged = AveragedModel(
        weights, avg_fn=lambda average, weight, count: average.lerp(weight, 1 - options["average"]))
    averaged.update_parameters(weights)
    steps = options.get("accumulation", 1)
    stored, averages = [], []
    for batch, (gradients, rate) in enumerate(zip(problem.gradients, trajectories.LEARNING_RATES), 1):
        made.param_groups[0]["lr"] = rate
        for parameter, gradient in zip(weights.parameters(), gradients):
            gradient = torch.tensor(gradient.tolist()) / steps
            parameter.grad = gradient if parameter.grad is None else parameter.grad + gradient
        if batch % steps == 0:
            made.step()
            made.zero_grad()
            averaged.update_parameters(weights)
        if batch in trajectories.STORED_STEPS:
            stored.append(trajectories.flat([p.tolist() for p in weights.parameters()], dtype))
            averages.append(trajectories.flat(
                [p.tolist() for p in averaged.module.parameters()], dtype))
    return stored, averages


def main(gradients, out):
    torch.set_num_threads(1)
    problem = trajectories.read(gradients)["tensors"]
    cases = {}
    for name, options in trajectories.AVERAGE_CASES.items():
        case = {"options": options, "problem": "tensors"}
        case["float32"], case["average32"] = run(options, problem, "float32")
        case["float64"], case["average64"] = run(options, problem, "float64")
        cases[name] = case
    trajectories.write(out, {"torch": torch.__version__}, cases=cases)


if __name__ == "__main__":
    main(*sys.argv[1:])
