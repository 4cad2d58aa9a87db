"""Trajectories of Keras 3's own Adam, AdamW, Adamax and Nadam, in float32 and in float64.

    KERAS_BACKEND=jax python keras_optimizers.py OUT/optimizer-gradients.json OUT/keras-optimizers.json

Needs keras, jax and numpy. The float64 run is the definition without its rounding. In float32, Keras
computes 1 - beta_2**t from a float32 power. With the default 0.999, which float32 rounds up, that is
1.3e-5 too small for all t, while Adam's second moment is updated with a correct 0.001: every step of
Keras' Adam is 6.4e-6 too short, relative to the step ("adam-double"; Nadam and Adamax are not
affected). With betas that are floats to begin with, only the rounding of the power remains.
"""

import sys

import jax
import keras
import numpy as np

import trajectories


def optimizer(options):
    kind = {"adam": keras.optimizers.Adam, "adamax": keras.optimizers.Adamax,
            "nadam": keras.optimizers.Nadam}[options["rule"]]
    arguments = {theirs: options[ours] for ours, theirs in (
        ("beta1", "beta_1"), ("beta2", "beta_2"), ("epsilon", "epsilon"), ("amsgrad", "amsgrad"),
        ("decay", "weight_decay"), ("clipvalue", "clipvalue"), ("clipnorm", "clipnorm"),
        ("globalclipnorm", "global_clipnorm"))
        if ours in options}
    if options["rule"] == "adam" and "decay" in options:
        kind = keras.optimizers.AdamW
        assert options["decay"] == trajectories.float32(kind().weight_decay)
    made = kind(**arguments)
    if "excluded" in options:
        made.exclude_from_weight_decay(var_names=[options["excluded"]])
    return made


def run(options, problem, dtype):
    variables = [keras.Variable(value.astype(dtype), dtype=dtype, name=name)
                 for name, value in zip(problem.names, problem.initial)]
    made = optimizer(options)
    made.build(variables)
    stored = []
    for step, (gradients, rate) in enumerate(zip(problem.gradients, trajectories.LEARNING_RATES), 1):
        made.learning_rate = rate
        made.apply([keras.ops.convert_to_tensor(g.astype(dtype)) for g in gradients], variables)
        if step in trajectories.STORED_STEPS:
            assert all(v.dtype == dtype for v in variables + made.variables[2:])
            stored.append(trajectories.flat([v.numpy() for v in variables], dtype))
    return stored


def main(gradients, out):
    problem = trajectories.read(gradients)["tensors"]
    cases = {name: {"options": options, "problem": "tensors"}
             for name, options in trajectories.KERAS_CASES.items()}
    for dtype in ("float32", "float64"):
        jax.config.update("jax_enable_x64", dtype == "float64")
        keras.config.set_floatx(dtype)
        for case in cases.values():
            case[dtype] = run(case["options"], problem, dtype)
    trajectories.write(out, {"keras": keras.__version__, "backend": "jax " + jax.__version__},
                       cases=cases)


if __name__ == "__main__":
    main(*sys.argv[1:])
