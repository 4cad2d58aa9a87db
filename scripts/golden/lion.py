"""Trajectories of optax's Lion in float64; Keras 3 must leave the same weights.

    KERAS_BACKEND=jax python lion.py OUT/optimizer-gradients.json OUT/lion.json

Needs optax, jax, keras and numpy. Lion (Chen et al., 2023, Symbolic Discovery of Optimization
Algorithms, Program 1): c = beta_1 m + (1 - beta_1) g, theta <- theta - alpha (sign(c) + lambda theta),
m <- beta_2 m + (1 - beta_2) g. A c of zero moves nothing: sign(0) is 0.

A step is the sign of c, so a c that is no larger than its own rounding would make the weights of two
right implementations differ by two learning rates. The script stops where the smallest
|c| / (beta_1 |m| + (1 - beta_1) |g|) over all elements and steps, where that is not 0 / 0, is below
1e-6, some ten times what float32 rounds by.

Options have the keys of our descriptions. optax has no default for the learning rate; it is that of
the paper's own code, google/automl/lion.
"""

import sys

import jax
import jax.numpy as jnp
import keras
import numpy as np
import optax

import trajectories

SMALLEST_MARGIN = 1e-6

# The defaults; the betas of the paper's language models; a decay, which has the learning rate as a
# factor; gradients clipped by value, and by the norm over all parameters.
SETTINGS = {
    "plain": {},
    "betas": {"beta1": 0.95, "beta2": 0.98},
    "decay": {"decoupledWeightDecay": 0.1, "decayExclusions": []},
    "decay-bias-excluded": {"decoupledWeightDecay": 0.1, "decayExclusions": ["bias"]},
    "clipvalue": {"clipValue": 0.5},
    "globalclipnorm-decay":
        {"decoupledWeightDecay": 0.1, "decayExclusions": [], "globalClipNorm": 1.0},
}


def as_theirs(options):
    """The options as both libraries call them; numbers are the floats that our builders take."""
    single = {key: trajectories.float32(value) if isinstance(value, float) else value
              for key, value in ({"beta1": 0.9, "beta2": 0.99} | options).items()}
    names = {"decoupledWeightDecay": "decay", "clipValue": "clipvalue",
             "globalClipNorm": "globalclipnorm"}
    theirs = {names.get(key, key): value for key, value in single.items()
              if key != "decayExclusions"}
    for excluded in options.get("decayExclusions", ()):
        theirs["excluded"] = excluded
    return theirs


def optax_optimizer(options, problem, dtype):
    rates = jnp.asarray(trajectories.LEARNING_RATES, dtype)
    mask = [options.get("excluded", "no such name") not in name for name in problem.names]
    lion = optax.lion(lambda count: rates[count], options["beta1"], options["beta2"],
                      weight_decay=options.get("decay", 0.0), mask=mask)
    if "clipvalue" in options:
        return optax.chain(optax.clip(options["clipvalue"]), lion)
    if "globalclipnorm" in options:
        return optax.chain(optax.clip_by_global_norm(options["globalclipnorm"]), lion)
    return lion


def run(options, problem, dtype):
    weights = [jnp.asarray(value.astype(dtype)) for value in problem.initial]
    made = optax_optimizer(options, problem, dtype)
    state = made.init(weights)
    stored = []
    for step, gradients in enumerate(problem.gradients, 1):
        gradients = [jnp.asarray(g.astype(dtype)) for g in gradients]
        updates, state = made.update(gradients, state, weights)
        weights = optax.apply_updates(weights, updates)
        if step in trajectories.STORED_STEPS:
            assert all(w.dtype == dtype for w in jax.tree.leaves(weights))
            stored.append(trajectories.flat(weights, dtype))
    return stored


def run_keras(options, problem):
    variables = [keras.Variable(value.astype("float64"), dtype="float64", name=name)
                 for name, value in zip(problem.names, problem.initial)]
    made = keras.optimizers.Lion(
        beta_1=options["beta1"], beta_2=options["beta2"], weight_decay=options.get("decay"),
        clipvalue=options.get("clipvalue"), global_clipnorm=options.get("globalclipnorm"))
    if "excluded" in options:
        made.exclude_from_weight_decay(var_names=[options["excluded"]])
    made.build(variables)
    stored = []
    for step, (gradients, rate) in enumerate(zip(problem.gradients, trajectories.LEARNING_RATES), 1):
        made.learning_rate = rate
        made.apply([keras.ops.convert_to_tensor(g.astype("float64")) for g in gradients], variables)
        if step in trajectories.STORED_STEPS:
            stored.append(trajectories.flat([v.numpy() for v in variables], "float64"))
    return stored


def margin(options, problem):
    """How far the nearest c is from zero, relative to what is added up to it."""
    beta1, beta2 = options["beta1"], options["beta2"]
    moments = [np.zeros(shape) for shape in problem.shapes]
    smallest = np.inf
    for gradients in problem.gradients:
        gradients = [g.astype(np.float64) for g in gradients]
        if "clipvalue" in options:
            gradients = [np.clip(g, -options["clipvalue"], options["clipvalue"]) for g in gradients]
        if "globalclipnorm" in options:
            norm = np.sqrt(sum((g ** 2).sum() for g in gradients))
            scale = options["globalclipnorm"] / max(norm, options["globalclipnorm"])
            gradients = [scale * g for g in gradients]
        for i, g in enumerate(gradients):
            m = moments[i]
            size = beta1 * np.abs(m) + (1 - beta1) * np.abs(g)
            c = np.abs(beta1 * m + (1 - beta1) * g)
            smallest = min(smallest, np.min(c[size > 0] / size[size > 0], initial=np.inf))
            moments[i] = beta2 * m + (1 - beta2) * g
    return smallest


def main(gradients, out):
    jax.config.update("jax_enable_x64", True)
    keras.config.set_floatx("float64")
    cases = {}
    for setting, options in SETTINGS.items():
        for name, problem in trajectories.read(gradients).items():
            theirs = as_theirs(options)
            smallest = margin(theirs, problem)
            assert smallest > SMALLEST_MARGIN, (name, setting, smallest)
            stored = run(theirs, problem, "float64")
            for ours, others in zip(stored, run_keras(theirs, problem)):
                for a, b in zip(ours, others):
                    np.testing.assert_allclose(a, b, rtol=0, atol=1e-10, err_msg=setting)
            cases[name + "-" + setting] = {"options": options, "problem": name, "float64": stored}
    trajectories.write(out, {"origin": f"optax {optax.__version__}, jax {jax.__version__}",
                             "checkedAgainst": "keras " + keras.__version__, "rateScale": 1.0,
                             "learningRate": 1e-4, "defaults": {"beta1": 0.9, "beta2": 0.99}},
                       cases=cases)


if __name__ == "__main__":
    main(*sys.argv[1:])
