"""A whole training in Keras: an 8-16-4-1 MLP with ReLU, mean squared error, 60 steps.

    KERAS_BACKEND=jax python mlp_training.py OUT/mlp-training.json

Needs caadam, keras, jax and numpy. Initial weights and the six batches, which come round again, are
fixed and written; so are, per optimizer, in float32 and float64, the loss of every step before its
update and the weights after some steps. Kernels are written (out, in), as DJL's Linear keeps them.
Betas and the learning rate are the floats that Java has.
"""

import sys
from importlib import metadata

import caadam
import jax
import keras
import numpy as np

import trajectories

STEPS = 60
STORED_STEPS = (1, 10, 50, 60)
LEARNING_RATE = trajectories.float32(5e-3)
BETAS = {"beta_1": trajectories.float32(0.9), "beta_2": trajectories.float32(0.999)}
OPTIMIZERS = {
    "adam": keras.optimizers.Adam,
    "adam-globalclipnorm": lambda **arguments: keras.optimizers.Adam(
        global_clipnorm=trajectories.float32(0.7), **arguments),
    "caadam-additive": lambda **arguments: caadam.CaAdam(
        scaling_strategy=caadam.AdditiveMinMaxMedianConnectionScaling(), **arguments),
    "caadam-multiplicative": lambda **arguments: caadam.CaAdam(
        scaling_strategy=caadam.MultiplicativeMinMaxMedianConnectionScaling(), **arguments),
    "caadam-depth": lambda **arguments: caadam.CaAdam(
        scaling_strategy=caadam.DepthConnectionScaling(), **arguments),
}


def data():
    random = np.random.RandomState(8)
    shapes = [(16, 8), (16,), (4, 16), (4,), (1, 4), (1,)]
    weights = [trajectories.rounded(random.randn(*shape) * (0.35 if len(shape) > 1 else 0.1))
               for shape in shapes]
    features = random.randn(6, 32, 8)
    labels = np.sin(2 * features[:, :, 0]) + features[:, :, 1] * features[:, :, 2]
    return {"shapes": shapes, "initial": weights,
            "features": [trajectories.rounded(x) for x in features],
            "labels": [trajectories.rounded(x) for x in labels]}


def train(make, content, dtype):
    model = keras.Sequential([keras.Input((8,), dtype=dtype),
                              keras.layers.Dense(16, "relu", dtype=dtype),
                              keras.layers.Dense(4, "relu", dtype=dtype),
                              keras.layers.Dense(1, dtype=dtype)])
    for variable, values, shape in zip(model.trainable_variables, content["initial"],
                                       content["shapes"]):
        variable.assign(np.array(values, np.float32).reshape(shape).T.astype(dtype))
        assert variable.dtype == dtype
    model.compile(make(learning_rate=LEARNING_RATE, **BETAS), loss="mse")
    losses = []
    weights = []
    for step in range(STEPS):
        x = np.array(content["features"][step % 6], np.float32).reshape(32, 8).astype(dtype)
        y = np.array(content["labels"][step % 6], np.float32).reshape(32, 1).astype(dtype)
        model.reset_metrics()
        losses.append(np.asarray(model.train_on_batch(x, y)).item())
        if step + 1 in STORED_STEPS:
            weights.append(trajectories.flat([w.numpy().T for w in model.trainable_variables], dtype))
    return {"losses": trajectories.flat([losses], dtype)[0], "weights": weights}


def main(out):
    content = data()
    cases = {name: {} for name in OPTIMIZERS}
    for dtype in ("float32", "float64"):
        jax.config.update("jax_enable_x64", dtype == "float64")
        keras.config.set_floatx(dtype)
        for name, make in OPTIMIZERS.items():
            cases[name][dtype] = train(make, content, dtype)
    trajectories.write(out, {"caadam": metadata.version("caadam"), "keras": keras.__version__,
                             "backend": "jax " + jax.__version__, "learningRate": LEARNING_RATE,
                             "steps": list(STORED_STEPS)},
                       data=content, cases=cases)


if __name__ == "__main__":
    main(*sys.argv[1:])
