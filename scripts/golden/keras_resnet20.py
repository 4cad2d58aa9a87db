"""The paper's ResNet-20 in Keras 3: logits, losses, gradients, running statistics, variables, factors.

    KERAS_BACKEND=jax python keras_resnet20.py OUT/keras-resnet20.json

Needs caadam, keras, jax and numpy. The network is that of the paper's notebook. Its two strided 3x3
convolutions pad both sides by 1 here, as PyTorch does: "same" of TensorFlow and Keras would pad right
and bottom only. Layers are named after our block's, kernels written (out, in, ...) as DJL keeps them.

Weights, running statistics and images are not in the file. They are drawn from one linear congruential
generator, whose 24 highest bits make a number from -1 to 1 that float32 holds exactly; it is multiplied
by a scale and added to an offset in float32, so that Java makes the same floats. A tensor of results is
written as its norm and its product with a vector from the same generator, newly seeded.

Everything is computed in float64, but for batch normalisation, which Keras computes in float32 even so.
Keras' running variance takes the biased variance of the batch, that of PyTorch, whose kernel DJL calls,
the unbiased one, n/(n - 1) times as much. What is written, and the evaluation after the training pass,
is PyTorch's.
"""

import sys
from importlib import metadata

import caadam
import jax
import keras
import numpy as np
from keras import layers

import trajectories

CASES = {"32x32x10": (32, 10, 4), "56x56x10": (56, 10, 2), "32x32x100": (32, 100, 2)}
"""Size, classes, images."""

STAGES = (16, 32, 64)
UNITS = 3
OLD_WEIGHT = 0.99

STREAM_SEED = 20
VECTOR_SEED = 1

STRATEGIES = {"additive": caadam.AdditiveMinMaxMedianConnectionScaling,
              "multiplicative": caadam.MultiplicativeMinMaxMedianConnectionScaling,
              "depth": caadam.DepthConnectionScaling}

VARIABLES = {"kernel": "weight", "bias": "bias", "gamma": "gamma", "beta": "beta",
             "moving_mean": "runningMean", "moving_variance": "runningVar"}


class Generator:
    """Numerical Recipes' x -> 1664525 x + 1013904223 mod 2**32."""

    def __init__(self, seed):
        self.state = seed

    def draw(self, count):
        values = np.empty(count, np.float32)
        for i in range(count):
            self.state = (1664525 * self.state + 1013904223) % 2**32
            values[i] = ((self.state >> 8) - 2**23) / 2**23
        return values

    def array(self, shape, offset, scale):
        drawn = self.draw(int(np.prod(shape))).reshape(shape)
        return np.float32(offset) + np.float32(scale) * drawn


def convolution(x, filters, size, strides, name, same_padding):
    if size == 1:
        return layers.Conv2D(filters, 1, strides=strides, name=name)(x)
    padding = "same"
    if strides > 1 and not same_padding:
        x = layers.ZeroPadding2D(1)(x)
        padding = "valid"
    return layers.Conv2D(filters, size, strides=strides, padding=padding,
                         kernel_initializer="he_normal",
                         kernel_regularizer=keras.regularizers.l2(1e-4), name=name)(x)


def norm(x, name):
    return layers.BatchNormalization(momentum=OLD_WEIGHT, epsilon=1e-3, name=name)(x)


def unit(x, filters, strides, name, same_padding):
    shortcut = x
    if strides > 1:
        shortcut = convolution(x, filters, 1, strides, name + "_02SequentialBlock_01Conv2d",
                               same_padding)
        shortcut = norm(shortcut, name + "_02SequentialBlock_02BatchNorm")
    main = name + "_01SequentialBlock"
    x = convolution(x, filters, 3, strides, main + "_01Conv2d", same_padding)
    x = layers.ReLU()(norm(x, main + "_02BatchNorm"))
    x = norm(convolution(x, filters, 3, 1, main + "_04Conv2d", same_padding), main + "_05BatchNorm")
    return layers.ReLU()(layers.Add()([shortcut, x]))


def network(size, classes, same_padding=False):
    inputs = keras.Input((size, size, 3))
    x = convolution(inputs, STAGES[0], 3, 1, "01Conv2d", same_padding)
    x = layers.ReLU()(norm(x, "02BatchNorm"))
    number = 4
    for stage, filters in enumerate(STAGES):
        for i in range(UNITS):
            strides = 2 if stage > 0 and i == 0 else 1
            x = unit(x, filters, strides, "%02dResidualBlock" % number, same_padding)
            number += 1
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(classes, name="14Linear")(x))


def path(variable):
    layer, name = variable.path.split("/")
    return layer + "_" + VARIABLES[name]


def to_djl(array):
    """(height, width, in, out) to (out, in, height, width), (in, out) to (out, in)."""
    array = np.asarray(array)
    return array.transpose((3, 2, 0, 1)) if array.ndim == 4 else array.T


def to_keras(array):
    return array.transpose((2, 3, 1, 0)) if array.ndim == 4 else array.T


def distribution(variable):
    """Offset and scale of a variable's values."""
    kind = variable.path.split("/")[1]
    if kind == "kernel":
        return 0.0, trajectories.float32(np.sqrt(6 / np.prod(variable.shape[:-1])))
    return {"bias": (0.0, 0.125), "gamma": (1.0, 0.25), "beta": (0.0, 0.25),
            "moving_mean": (0.0, 0.25), "moving_variance": (1.5, 0.5)}[kind]


def summary(array):
    values = np.asarray(array, np.float64).ravel()
    vector = Generator(VECTOR_SEED).draw(values.size).astype(np.float64)
    return [float("%.10g" % np.linalg.norm(values)), float("%.10g" % (values @ vector))]


def rounded(array):
    return [float("%.10g" % value) for value in np.ravel(array)]


def unbiased(old, new, count):
    """The running variance after a step with the unbiased variance of the batch instead."""
    return OLD_WEIGHT * old + (new - OLD_WEIGHT * old) * count / (count - 1)


def forward_and_backward(size, classes, images):
    model = network(size, classes)
    generator = Generator(STREAM_SEED)
    tensors = []
    for variable in model.variables:
        offset, scale = distribution(variable)
        value = generator.array(to_djl(variable.value).shape, offset, scale)
        tensors.append({"path": path(variable), "shape": list(value.shape), "offset": offset,
                        "scale": scale})
        variable.assign(to_keras(value).astype("float64"))
    x = generator.array((images, 3, size, size), 0, 1).transpose((0, 2, 3, 1)).astype("float64")
    labels = np.array([7 * i % classes for i in range(images)])
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    assert all(v.dtype == "float64" for v in model.variables)

    evaluated = np.asarray(model(x, training=False))
    penalty = float(sum(model.losses))

    def loss(trainable, others):
        logits, others, penalties = model.stateless_call(trainable, others, x, training=True,
                                                         return_losses=True)
        return cross_entropy(labels, logits) + sum(penalties), (logits, others)

    trainable = [v.value for v in model.trainable_variables]
    before = [np.asarray(v.value) for v in model.non_trainable_variables]
    (trained_loss, (logits, after)), gradients = jax.value_and_grad(loss, has_aux=True)(
        trainable, before)

    results = {path(v): {"gradient": summary(to_djl(g))}
               for v, g in zip(model.trainable_variables, gradients)}
    for variable, old, new in zip(model.non_trainable_variables, before, after):
        if variable.path.endswith("moving_variance"):
            layer = model.get_layer(variable.path.split("/")[0])
            new = unbiased(old, np.asarray(new), images * np.prod(layer.output.shape[1:3]))
        variable.assign(new)
        results[path(variable)] = {"running": summary(new)}
    tensors = [tensor | results[tensor["path"]] for tensor in tensors]
    return {"size": size, "classes": classes, "images": images, "labels": labels.tolist(),
            "trainableParameters": sum(int(np.prod(v.shape)) for v in model.trainable_variables),
            "parameters": model.count_params(),
            "penalty": penalty,
            "evaluation": {"logits": rounded(evaluated),
                           "crossEntropy": float(cross_entropy(labels, evaluated))},
            "training": {"logits": rounded(logits), "loss": float(trained_loss)},
            "evaluationAfterwards": {"logits": rounded(model(x, training=False))},
            "tensors": tensors}


def variables(classes):
    """The trainable variables in Keras' order, with the factors of the package's strategies."""
    model = network(32, classes)
    listed = model.trainable_variables
    # Neither the way of padding nor cloning, which the notebook does for every run, changes the order.
    for other in (network(32, classes, same_padding=True), keras.models.clone_model(model)):
        assert [v.path for v in other.trainable_variables] == [v.path for v in listed]
    factors = {}
    for name, strategy in STRATEGIES.items():
        made = caadam.CaAdam(scaling_strategy=strategy())
        made.build(listed)
        factors[name] = [
            float(made.scaling_strategy.compute_scaling_factor(
                made.connection_counts.get(variable.name, 0), None,
                {"depth": made._get_variable_index(variable)}, made.model_info))
            for variable in listed]
    return [{"path": path(v), "shape": list(to_djl(v.value).shape)}
            | {name: float("%.10g" % factors[name][i]) for name in STRATEGIES}
            for i, v in enumerate(listed)]


def main(out):
    jax.config.update("jax_enable_x64", True)
    keras.config.set_floatx("float64")
    trajectories.write(
        out,
        {"caadam": metadata.version("caadam"), "keras": keras.__version__,
         "backend": "jax " + jax.__version__},
        cases={name: forward_and_backward(*case) for name, case in CASES.items()},
        variables={str(classes): variables(classes) for classes in (10, 100)})


if __name__ == "__main__":
    main(sys.argv[1])
