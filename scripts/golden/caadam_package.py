"""Trajectories of the published package caadam 0.1.1 on Keras 3, and the factors that it uses.

    KERAS_BACKEND=jax python caadam_package.py OUT/optimizer-gradients.json OUT/caadam-package.json

Needs caadam, keras, jax and numpy. The variables are those of a built Dense 8-6-5-1 network, so that
they have the names that Keras gives them; each is updated through the package's public apply().
Kernels are transposed here: (in, out) in Keras, (out, in) in the files.

The factors are read through the strategies' public compute_scaling_factor, given what the optimizer
itself gives it.
"""

import sys
from importlib import metadata

import caadam
import jax
import keras
import numpy as np

import trajectories

STRATEGIES = {"additive": caadam.AdditiveMinMaxMedianConnectionScaling,
              "multiplicative": caadam.MultiplicativeMinMaxMedianConnectionScaling,
              "depth": caadam.DepthConnectionScaling}


def network(dtype):
    layers = [keras.Input((8,), dtype=dtype)]
    layers += [keras.layers.Dense(units, dtype=dtype) for units in (6, 5, 1)]
    return keras.Sequential(layers)


def optimizer(name, options):
    arguments = {}
    if name != "caadam-default-double":
        arguments = {"beta_1": options["beta1"], "beta_2": options["beta2"]}
        strategy = STRATEGIES[options["scaling"]]
        # Given no argument, each strategy has the gamma that the cases state.
        assert strategy().get_config()["scaling_factor"] == options["gamma"]
        arguments["scaling_strategy"] = strategy()
    if "amsgrad" in options:
        arguments["amsgrad"] = True
    if "decay" in options:
        arguments["weight_decay"] = options["decay"]
    made = caadam.CaAdam(**arguments)
    assert made.get_config()["scaling_strategy"]["config"]["scaling_factor"] == options["gamma"]
    return made


def factors(made, variables):
    return [float(made.scaling_strategy.compute_scaling_factor(
                made.connection_counts.get(variable.name, 0), None, {"depth": index},
                made.model_info))
            for index, variable in enumerate(variables)]


def run(name, options, problem, dtype):
    model = network(dtype)
    variables = model.trainable_variables
    for variable, value in zip(variables, problem.initial):
        variable.assign(value.T.astype(dtype))
    made = optimizer(name, options)
    made.build(variables)
    stored = []
    for step, (gradients, rate) in enumerate(zip(problem.gradients, trajectories.LEARNING_RATES), 1):
        made.learning_rate = rate
        made.apply([keras.ops.convert_to_tensor(g.T.astype(dtype)) for g in gradients], variables)
        if step in trajectories.STORED_STEPS:
            assert all(v.dtype == dtype for v in variables + made.variables[2:])
            stored.append(trajectories.flat([v.numpy().T for v in variables], dtype))
    return stored, factors(made, variables)


def main(gradients, out):
    problem = trajectories.read(gradients)["mlp"]
    cases = {name: {"options": options, "problem": "mlp"}
             for name, options in trajectories.CAADAM_CASES.items()}
    for dtype in ("float32", "float64"):
        jax.config.update("jax_enable_x64", dtype == "float64")
        keras.config.set_floatx(dtype)
        for name, case in cases.items():
            case[dtype], case["factors"] = run(name, case["options"], problem, dtype)
    trajectories.write(out, {"caadam": metadata.version("caadam"), "keras": keras.__version__,
                             "backend": "jax " + jax.__version__}, cases=cases)


if __name__ == "__main__":
    main(*sys.argv[1:])
