"""What the optimizer goldens have in common: the problems, the cases and how trajectories are written.

    python trajectories.py OUT/optimizer-gradients.json

writes the two problems: initial weights, the gradient of every step, and the learning rate of every
step. The other scripts read that file. Needs numpy.

"tensors" has a parameter of each rank from 0 to 4 but 3 (PyTorch and Keras treat them alike); "mlp"
has those of a Dense 8-6-5-1 network. Kernels of "mlp" are written (out, in), as DJL's Linear keeps
them; Keras keeps them (in, out), so a script that builds Keras layers transposes them on the way in
and on the way out. Among the gradients are elements that are always tiny (1e-6, where epsilon counts),
always large (300), always zero, zero until step 20, zero after step 30, and single zeros. Kernels'
gradients are larger in the first 10 steps, so that amsgrad's maximum is not always the last moment.
"""

import json
import sys

import numpy as np



def float32(value):
    """A number as Java has it. A library's float64 run gets it unrounded any further."""
    return float(np.float32(value))


def as_float32(cases):
    """Rounds the hyper-parameters that our builders take as floats, the default betas among them."""
    settings = {"beta1": 0.9, "beta2": 0.999}
    return {name: {key: float32(value) if isinstance(value, float) and key != "gamma" else value
                   for key, value in (settings | options).items()}
            for name, options in cases.items()}


STEPS = 60
STORED_STEPS = (1, 2, 10, 50, 60)
"""The weights after these steps are kept."""

LEARNING_RATES = [float32(1e-3)] * 30 + [float32(2.5e-4)] * 30

TENSORS = {"scale": (), "bias": (3,), "kernel": (4, 3), "filter": (2, 3, 3, 3)}
MLP = {"0_kernel": (6, 8), "0_bias": (6,), "1_kernel": (5, 6), "1_bias": (5,), "2_kernel": (1, 5),
       "2_bias": (1,)}

# Keras' defaults, but for what the case is named after. The default betas are given as the floats
# nearest to them, as Java has them: in double precision, 0.999f is 0.9990000129, and 1 - 0.999f is
# 1.3e-5 away from 0.001. The "-double" cases leave Keras' doubles as they are.
KERAS_CASES = as_float32({
    "adam": {"rule": "adam"},
    "adam-betas": {"rule": "adam", "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-5},
    "adam-amsgrad": {"rule": "adam", "amsgrad": True},
    "adamw": {"rule": "adam", "decay": 0.004},
    "adamw-bias-excluded": {"rule": "adam", "decay": 0.004, "excluded": "bias"},
    "adam-clipvalue": {"rule": "adam", "clipvalue": 0.5},
    "adam-clipnorm": {"rule": "adam", "clipnorm": 1.0},
    "adam-globalclipnorm": {"rule": "adam", "globalclipnorm": 1.0},
    "adamax": {"rule": "adamax"},
    "adamax-betas": {"rule": "adamax", "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-5},
    "adamax-decay-clipvalue": {"rule": "adamax", "decay": 0.004, "clipvalue": 0.5},
    "nadam": {"rule": "nadam"},
    "nadam-betas": {"rule": "nadam", "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-5},
    "nadam-decay-clipnorm": {"rule": "nadam", "decay": 0.004, "clipnorm": 1.0},
    "nadam-decay-globalclipnorm": {"rule": "nadam", "decay": 0.004, "globalclipnorm": 100.0},
}) | {
    "adam-double": {"rule": "adam"},
    "adamax-double": {"rule": "adamax"},
    "nadam-double": {"rule": "nadam"},
}

# PyTorch where its definition is ours. Adam's epsilon is added to the corrected second moment. Adamax
# adds epsilon to |g| inside the maximum instead of to the maximum: alike where epsilon is too small to
# matter. NAdam has Keras' schedule if momentum_decay is 1 (PyTorch's default is 0.004).
TORCH_CASES = as_float32({
    "torch-adam": {"rule": "adam", "epsilon": 1e-8, "corrected": True},
    "torch-amsgrad": {"rule": "adam", "epsilon": 1e-8, "corrected": True, "amsgrad": True},
    "torch-adamw": {"rule": "adam", "epsilon": 1e-8, "corrected": True, "decay": 0.01},
    "torch-adamax": {"rule": "adamax", "epsilon": 1e-16},
    "torch-nadam": {"rule": "nadam", "epsilon": 1e-8, "decay": 0.01},
})

# A step at every so many batches, by Keras: with clipping, which is of the mean, and with a decay.
ACCUMULATION_CASES = as_float32({
    "adam-accumulated": {"rule": "adam", "accumulation": 4},
    "adam-accumulated-globalclipnorm": {"rule": "adam", "accumulation": 4, "globalclipnorm": 1.0},
    "adamw-accumulated-clipnorm":
        {"rule": "adam", "accumulation": 3, "decay": 0.004, "clipnorm": 1.0},
    "adamax-accumulated-clipvalue": {"rule": "adamax", "accumulation": 3, "clipvalue": 0.5},
    "nadam-accumulated-decay": {"rule": "nadam", "accumulation": 4, "decay": 0.004},
    "lion-accumulated": {"rule": "lion", "beta2": 0.99, "accumulation": 4},
})

# Averages of weights, by PyTorch.
AVERAGE_CASES = as_float32({
    "average": {"rule": "adam", "epsilon": 1e-8, "average": 0.9},
    "average-slow-decay": {"rule": "adam", "epsilon": 1e-8, "average": 0.99, "decay": 0.01},
    "average-accumulated": {"rule": "adam", "epsilon": 1e-8, "average": 0.9, "accumulation": 3},
})

# The published package. Its strategies' own defaults are 0.95, 5 and 1; the optimizer's default is the
# additive strategy at 0.9.
CAADAM_CASES = {
    "caadam-default-double": {"rule": "adam", "scaling": "additive", "gamma": 0.9},
} | as_float32({
    "caadam-additive": {"rule": "adam", "scaling": "additive", "gamma": 0.95},
    "caadam-multiplicative": {"rule": "adam", "scaling": "multiplicative", "gamma": 5.0},
    "caadam-depth": {"rule": "adam", "scaling": "depth", "gamma": 1.0},
    "caadam-additive-amsgrad":
        {"rule": "adam", "scaling": "additive", "gamma": 0.95, "amsgrad": True},
    "caadam-multiplicative-amsgrad":
        {"rule": "adam", "scaling": "multiplicative", "gamma": 5.0, "amsgrad": True},
    "caadam-depth-amsgrad": {"rule": "adam", "scaling": "depth", "gamma": 1.0, "amsgrad": True},
    "caadam-additive-decay": {"rule": "adam", "scaling": "additive", "gamma": 0.95, "decay": 0.004},
})


class Problem:
    """Initial weights (a list of float32 arrays) and, per step, their gradients."""

    def __init__(self, content):
        self.names = content["names"]
        self.shapes = [tuple(shape) for shape in content["shapes"]]
        self.initial = self._arrays(content["initial"])
        self.gradients = [self._arrays(step) for step in content["gradients"]]

    def _arrays(self, values):
        return [np.array(value, np.float32).reshape(shape)
                for value, shape in zip(values, self.shapes)]


def read(path):
    """Returns the problems of the gradients' file by name."""
    with open(path) as file:
        return {name: Problem(content) for name, content in json.load(file)["problems"].items()}


def clip(parameters, limit):
    """Clips gradients of torch's parameters by their global norm, without torch's 1e-6 beside it."""
    norm = sum(float((p.grad * p.grad).sum()) for p in parameters) ** 0.5
    for parameter in parameters:
        parameter.grad *= limit / max(norm, limit)


def flat(arrays, dtype):
    """Returns arrays as lists: exact for float32, 12 significant digits for float64."""
    shown = str if dtype == "float32" else (lambda value: "%.12g" % value)
    return [[float(shown(value)) for value in np.asarray(array, dtype).ravel()] for array in arrays]


def write(path, versions, **sections):
    """Writes JSON with a line per case, so that a change shows where it is."""
    with open(path, "w") as file:
        file.write(json.dumps(dict(versions, numpy=np.__version__))[:-1])
        for name, cases in sections.items():
            file.write(",\n" + json.dumps(name) + ": {\n")
            file.write(",\n".join(json.dumps(key) + ": " + json.dumps(value, separators=(",", ":"))
                                  for key, value in cases.items()))
            file.write("\n}")
        file.write("}\n")


def rounded(array):
    """Five significant digits, which print short."""
    return [float("%.5g" % value) for value in np.ravel(array)]


def tensors():
    random = np.random.RandomState(20241124)
    initial = [np.asarray(0.5 * random.randn(*shape)) for shape in TENSORS.values()]
    initial[0] = np.asarray(1.0)
    initial[1] = np.array([0.0, 0.0, 0.5])
    initial[3].flat[3] = 0.0
    size = [int(np.prod(shape)) for shape in TENSORS.values()]
    drift = [0.5 * random.randn(n) for n in size]
    spread = [10 ** random.uniform(-1.5, 0.5, n) for n in size]
    spread[2][:2] = 1e-6, 300
    spread[3][3:5] = 1e-6, 300
    gradients = []
    for step in range(1, STEPS + 1):
        gradient = [s * (d + random.randn(n)) * (random.uniform(size=n) > 0.05)
                    for n, d, s in zip(size, drift, spread)]
        gradient[3][0] = 0
        if step <= 10:
            gradient[2] = gradient[2] * 5
        if step <= 20:
            gradient[3][1] = 0
        if step > 30:
            gradient[3][2] = 0
        gradients.append(gradient)
    return problem(TENSORS, initial, gradients)


def mlp():
    random = np.random.RandomState(113)
    initial = [0.4 * random.randn(*shape) for shape in MLP.values()]
    drift = [0.3 * random.randn(*shape) for shape in MLP.values()]
    gradients = [[(d + 0.5 * random.randn(*shape)) * (4 if step <= 10 else 1)
                  for d, shape in zip(drift, MLP.values())] for step in range(1, STEPS + 1)]
    return problem(MLP, initial, gradients)


def problem(shapes, initial, gradients):
    return {"names": list(shapes), "shapes": [list(shape) for shape in shapes.values()],
            "initial": [rounded(x) for x in initial],
            "gradients": [[rounded(x) for x in step] for step in gradients]}


if __name__ == "__main__":
    write(sys.argv[1], {"steps": list(STORED_STEPS), "learningRates": LEARNING_RATES},
          problems={"tensors": tensors(), "mlp": mlp()})
