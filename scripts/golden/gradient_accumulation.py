"""Trajectories of Keras 3's optimizers that step at every k-th batch only, in float32 and in float64.

    KERAS_BACKEND=jax python gradient_accumulation.py OUT/optimizer-gradients.json OUT/keras-accumulation.json

Needs keras, jax, optax and numpy. "accumulation" of a case is Keras' gradient_accumulation_steps. The
gradients of the problem are those of batches; the learning rate is that of the batch that makes a step.
Weights are stored after batches, so that some of them are those of a step before, while gradients wait.
Keras clips the mean of the gradients, and its bias corrections count steps. Lion in float64 must leave
the same weights as optax.MultiSteps over optax.lion.
"""

import sys

import jax
import jax.numpy as jnp
import keras
import numpy as np
import optax

import trajectories
from lion import SMALLEST_MARGIN, margin


def optimizer(options):
    kind = {"adam": keras.optimizers.Adam, "adamax": keras.optimizers.Adamax,
            "nadam": keras.optimizers.Nadam, "lion": keras.optimizers.Lion}[options["rule"]]
    if options["rule"] == "adam" and "decay" in options:
        kind = keras.optimizers.AdamW
    arguments = {theirs: options[ours] for ours, theirs in (
        ("beta1", "beta_1"), ("beta2", "beta_2"), ("decay", "weight_decay"),
        ("clipvalue", "clipvalue"), ("clipnorm", "clipnorm"), ("globalclipnorm", "global_clipnorm"),
        ("accumulation", "gradient_accumulation_steps"))
        if ours in options}
    return kind(**arguments)


def run(options, problem, dtype):
    variables = [keras.Variable(value.astype(dtype), dtype=dtype, name=name)
                 for name, value in zip(problem.names, problem.initial)]
    made = optimizer(options)
    made.build(variables)
    # Compiled once: otherwise each batch's choice of what to do would be compiled anew.
    apply = jax.jit(made.stateless_apply)
    weights, state = [v.value for v in variables], [v.value for v in made.variables]
    rate_at = [v.path for v in made.variables].index(made.learning_rate.path)
    stored = []
    for batch, (gradients, rate) in enumerate(zip(problem.gradients, trajectories.LEARNING_RATES), 1):
        state[rate_at] = jnp.asarray(rate, dtype)
        weights, state = apply(state, [jnp.asarray(g.astype(dtype)) for g in gradients], weights)
        if batch in trajectories.STORED_STEPS:
            assert all(w.dtype == dtype for w in weights)
            stored.append(trajectories.flat(weights, dtype))
    return stored


def run_optax(options, problem):
    steps = options["accumulation"]
    rates = jnp.asarray(trajectories.LEARNING_RATES, "float64")
    made = optax.MultiSteps(
        optax.lion(lambda count: rates[steps * (count + 1) - 1], options["beta1"], options["beta2"],
                   weight_decay=options.get("decay", 0.0)), steps)
    weights = [jnp.asarray(value.astype("float64")) for value in problem.initial]
    state = made.init(weights)
    stored = []
    for batch, gradients in enumerate(problem.gradients, 1):
        updates, state = made.update([jnp.asarray(g.astype("float64")) for g in gradients], state, weights)
        weights = optax.apply_updates(weights, updates)
        if batch in trajectories.STORED_STEPS:
            stored.append(trajectories.flat(weights, "float64"))
    return stored


class Means:
    """The problem whose gradients are the means of some."""

    def __init__(self, problem, steps):
        self.shapes = problem.shapes
        batches = len(problem.gradients) // steps
        self.gradients = [[np.mean(arrays, axis=0, dtype=np.float64)
                           for arrays in zip(*problem.gradients[i * steps:(i + 1) * steps])]
                          for i in range(batches)]


def main(gradients, out):
    problem = trajectories.read(gradients)["tensors"]
    cases = {name: {"options": options, "problem": "tensors"}
             for name, options in trajectories.ACCUMULATION_CASES.items()}
    for dtype in ("float32", "float64"):
        jax.config.update("jax_enable_x64", dtype == "float64")
        keras.config.set_floatx(dtype)
        for case in cases.values():
            case[dtype] = run(case["options"], problem, dtype)
    for name, case in cases.items():
        options = case["options"]
        if options["rule"] == "lion":
            assert margin(options, Means(problem, options["accumulation"])) > SMALLEST_MARGIN, name
            for ours, theirs in zip(case["float64"], run_optax(options, problem)):
                for a, b in zip(ours, theirs):
                    np.testing.assert_allclose(a, b, rtol=0, atol=1e-10, err_msg=name)
    trajectories.write(out, {"keras": keras.__version__, "backend": "jax " + jax.__version__,
                             "checkedAgainst": "optax " + optax.__version__}, cases=cases)


if __name__ == "__main__":
    main(*sys.argv[1:])
