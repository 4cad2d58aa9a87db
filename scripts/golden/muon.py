"""Trajectories of torch.optim.Muon in float64, with torch.optim.AdamW for the rest.

    python muon.py OUT/optimizer-gradients.json OUT/muon.json

Needs torch >= 2.9 (CPU) and numpy. torch iterates in bfloat16, whatever the weights are; here its
function is replaced by one that is the same line by line but for the cast to bfloat16. "bfloat16" is
what torch itself comes to after the last step, for cases of default options, to say how far that is.
torch takes matrices of rank 2 only, so that a filter is given to it as one of filters by all else, as
in https://github.com/KellerJordan/Muon. Options have the keys of our descriptions; adamParameters is
"first, last and look-ups" or [], which is all weights for Muon.
"""

import sys

import torch
import torch.optim._muon as origin

import trajectories

DEFAULT = "first, last and look-ups"
ALL = {"adamParameters": []}
SETTINGS = {
    "plain": ALL,
    "hidden": {"adamRateRatio": 0.5},
    "heavy-ball": ALL | {"nesterov": False, "momentum": 0.9},
    "match": ALL | {"adjustment": "MATCH_RMS_ADAMW", "decoupledWeightDecay": 0.1,
                    "decayExclusions": "biases and norms"},
    "iteration": ALL | {"coefficientA": 2.0, "coefficientB": -1.5, "coefficientC": 0.5, "steps": 3,
                        "epsilon": 1.0},
    "adam": ALL | {"adamBeta1": 0.8, "adamBeta2": 0.95, "adamEpsilon": 1e-4,
                   "decoupledWeightDecay": 0.1, "decayExclusions": []},
}
HIDDEN = {"tensors": set(), "mlp": {"1_kernel"}}

in_bfloat16 = origin._zeropower_via_newtonschulz


def in_float64(grad, ns_coefficients, ns_steps, eps):
    a, b, c = ns_coefficients
    ortho_grad = grad.clone()
    if grad.size(0) > grad.size(1):
        ortho_grad = ortho_grad.T
    ortho_grad.div_(ortho_grad.norm().clamp(min=eps))
    for _ in range(ns_steps):
        gram_matrix = ortho_grad @ ortho_grad.T
        gram_update = torch.addmm(gram_matrix, gram_matrix, gram_matrix, beta=b, alpha=c)
        ortho_grad = torch.addmm(ortho_grad, gram_update, ortho_grad, beta=a)
    if grad.size(0) > grad.size(1):
        ortho_grad = ortho_grad.T
    return ortho_grad


def run(options, scale, name, problem, iterate):
    origin._zeropower_via_newtonschulz = iterate
    number = trajectories.float32
    parameters = []
    for value in problem.initial:
        tensor = torch.tensor(value.astype("float64"))
        parameters.append((tensor.flatten(1) if tensor.dim() > 2 else tensor).requires_grad_())
    everything = options.get("adamParameters", DEFAULT) == []
    is_matrix = [p.dim() >= 2 and (everything or label in HIDDEN[name])
                 for label, p in zip(problem.names, parameters)]
    decay = number(options.get("decoupledWeightDecay", 0.0))
    spared = options.get("decayExclusions") != []
    matrices = [p for p, m in zip(parameters, is_matrix) if m]
    weights = [p for p, m in zip(parameters, is_matrix) if not m and p.dim() >= 2]
    vectors = [p for p, m in zip(parameters, is_matrix) if not m and p.dim() < 2]
    groups = [{"params": weights, "weight_decay": decay},
              {"params": vectors, "weight_decay": 0.0 if spared else decay}]
    adam = torch.optim.AdamW([g for g in groups if g["params"]], foreach=False,
                             betas=(number(options.get("adamBeta1", 0.9)),
                                    number(options.get("adamBeta2", 0.999))),
                             eps=number(options.get("adamEpsilon", 1e-8)))
    made = [(adam, options.get("adamRateRatio", 1.0))]
    if matrices:
        coefficients = (options.get("coefficientA", 3.4445), options.get("coefficientB", -4.7750),
                        options.get("coefficientC", 2.0315))
        muon = torch.optim.Muon(matrices, weight_decay=decay,
                                momentum=number(options.get("momentum", 0.95)),
                                nesterov=options.get("nesterov", True), ns_coefficients=coefficients,
                                eps=options.get("epsilon", 1e-7), ns_steps=options.get("steps", 5),
                                adjust_lr_fn=options.get("adjustment", "ORIGINAL").lower())
        made.append((muon, 1.0))
    stored = []
    for step, (gradients, rate) in enumerate(zip(problem.gradients, trajectories.LEARNING_RATES), 1):
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = torch.tensor(gradient.astype("float64")).reshape(parameter.shape)
        for optimizer, ratio in made:
            for group in optimizer.param_groups:
                group["lr"] = scale * rate * ratio
            optimizer.step()
        if step in trajectories.STORED_STEPS:
            stored.append(trajectories.flat([p.detach().numpy() for p in parameters], "float64"))
    return stored


def main(gradients, out):
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    cases = {}
    for name, problem in trajectories.read(gradients).items():
        for setting, options in SETTINGS.items():
            case = {"options": options, "problem": name,
                    "float64": run(options, 1.0, name, problem, in_float64)}
            if setting == "plain":
                case["bfloat16"] = run(options, 1.0, name, problem, in_bfloat16)[-1]
            cases[f"{name}-{setting}"] = case
    theirs = torch.optim.Muon([torch.zeros(1, 1)]).defaults
    beside = torch.optim.AdamW([torch.zeros(1)]).defaults
    a, b, c = theirs["ns_coefficients"]
    defaults = {"momentum": theirs["momentum"], "nesterov": theirs["nesterov"], "coefficientA": a,
                "coefficientB": b, "coefficientC": c, "steps": theirs["ns_steps"],
                "epsilon": theirs["eps"], "adamBeta1": beside["betas"][0],
                "adamBeta2": beside["betas"][1], "adamEpsilon": beside["eps"]}
    trajectories.write(out, {"origin": "torch " + torch.__version__, "rateScale": 1.0,
                             "learningRate": theirs["lr"], "defaults": defaults}, cases=cases)


if __name__ == "__main__":
    main(*sys.argv[1:])
