"""The rules written out once more, in double precision: what rounding is measured against.

    python numpy_float64.py OUT/optimizer-gradients.json OUT/numpy-float64.json

Needs numpy. Formulas: Adam from Kingma and Ba (2015), Algorithm 1, or with "epsilon hat" of its
section 2; AMSGrad from Reddi et al. (2018); decoupled decay from Loshchilov and Hutter (2019);
Adamax from Kingma and Ba, Algorithm 2, with Keras' epsilon; Nadam from Dozat (2016) with his schedule
of the momentum, which is Keras'; the factors of CaAdam from Genet and Inzirillo, Eq. 15 to 18, over
the counts that the published package has when it runs.
"""

import sys

import numpy as np

import trajectories


def adam(g, t, rate, s, beta1, beta2, epsilon, corrected=False, amsgrad=False):
    s["m"] = beta1 * s["m"] + (1 - beta1) * g
    s["v"] = beta2 * s["v"] + (1 - beta2) * g ** 2
    v = s["v"]
    if amsgrad:
        s["max"] = v = np.maximum(s["max"], v)
    if corrected:
        m_hat, v_hat = s["m"] / (1 - beta1 ** t), v / (1 - beta2 ** t)
        return rate * m_hat / (np.sqrt(v_hat) + epsilon)
    return rate * np.sqrt(1 - beta2 ** t) / (1 - beta1 ** t) * s["m"] / (np.sqrt(v) + epsilon)


def adamax(g, t, rate, s, beta1, beta2, epsilon):
    s["m"] = beta1 * s["m"] + (1 - beta1) * g
    s["v"] = np.maximum(beta2 * s["v"], np.abs(g))
    return rate / (1 - beta1 ** t) * s["m"] / (s["v"] + epsilon)


def nadam(g, t, rate, s, beta1, beta2, epsilon):
    mu, mu_next = (beta1 * (1 - 0.5 * 0.96 ** k) for k in (t, t + 1))
    product = np.prod([beta1 * (1 - 0.5 * 0.96 ** k) for k in range(1, t + 1)])
    s["m"] = beta1 * s["m"] + (1 - beta1) * g
    s["v"] = beta2 * s["v"] + (1 - beta2) * g ** 2
    m_hat = mu_next * s["m"] / (1 - product * mu_next) + (1 - mu) * g / (1 - product)
    return rate * m_hat / (np.sqrt(s["v"] / (1 - beta2 ** t)) + epsilon)


def clipped(g, norm, options):
    """A gradient, clipped; the norm is that of all gradients of the step."""
    if "globalclipnorm" in options:
        return g * (options["globalclipnorm"] / max(norm, options["globalclipnorm"]))
    if "clipvalue" in options:
        return np.clip(g, -options["clipvalue"], options["clipvalue"])
    if "clipnorm" in options:
        return g * (options["clipnorm"] / max(np.sqrt((g ** 2).sum()), options["clipnorm"]))
    return g


def factors(options, shapes):
    """Per parameter; every kernel counts as the last one, a bias 0, depth is the parameter's index."""
    if "scaling" not in options:
        return [1.0] * len(shapes)
    gamma = options["gamma"]
    if options["scaling"] == "depth":
        return [(1 + gamma) ** ((len(shapes) - 1 - d) / len(shapes)) for d in range(len(shapes))]
    kernels = [int(np.prod(shape)) for shape in shapes if len(shape) > 1]
    low, median, high = min(kernels), np.median(kernels), max(kernels)
    counts = [kernels[-1] if len(shape) > 1 else 0 for shape in shapes]
    sigma = [(median - c) / (median - low) if c <= median else -(c - median) / (high - median)
             for c in counts]
    if options["scaling"] == "additive":
        return [1 + gamma * x for x in sigma]
    return [np.exp(abs(x) * np.log(gamma)) for x in sigma]


def run(options, problem):
    rule = {"adam": adam, "adamax": adamax, "nadam": nadam}[options["rule"]]
    settings = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-7}
    settings.update({key: value for key, value in options.items()
                     if key in ("beta1", "beta2", "epsilon", "corrected", "amsgrad")})
    weights = [value.astype(np.float64) for value in problem.initial]
    states = [{key: np.zeros(shape) for key in ("m", "v", "max")} for shape in problem.shapes]
    scales = factors(options, problem.shapes)
    stored = []
    for t, (gradients, rate) in enumerate(zip(problem.gradients, trajectories.LEARNING_RATES), 1):
        gradients = [gradient.astype(np.float64) for gradient in gradients]
        norm = np.sqrt(sum((g ** 2).sum() for g in gradients))
        for i, gradient in enumerate(gradients):
            g = clipped(gradient, norm, options)
            excluded = "excluded" in options and options["excluded"] in problem.names[i]
            decay = 0 if excluded else options.get("decay", 0)
            # The decay has the learning rate without the factor.
            weights[i] = weights[i] - rate * decay * weights[i]
            weights[i] = weights[i] - rule(g, t, rate * scales[i], states[i], **settings)
        if t in trajectories.STORED_STEPS:
            stored.append(trajectories.flat(weights, "float64"))
    return stored


def main(gradients, out):
    problems = trajectories.read(gradients)
    cases = {}
    for problem, group in (("tensors", trajectories.KERAS_CASES),
                           ("tensors", trajectories.TORCH_CASES),
                           ("mlp", trajectories.CAADAM_CASES)):
        for name, options in group.items():
            cases[name] = {"options": options, "problem": problem,
                           "float64": run(options, problems[problem])}
    trajectories.write(out, {}, cases=cases)


if __name__ == "__main__":
    main(*sys.argv[1:])
