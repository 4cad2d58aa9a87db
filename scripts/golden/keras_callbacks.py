"""Drives Keras' own EarlyStopping and ReduceLROnPlateau over sequences of validation losses, or of
values of which large ones are good (mode "max").

Writes, per case, the settings, the losses, the learning rate after each epoch, and the best and the
stop epoch. Needs keras and one of its backends (KERAS_BACKEND=jax python keras_callbacks.py OUT).
The stub model has just what the callbacks touch. Losses are fed as Python floats, which the callbacks
compare in the backend's default precision, float32.
"""

import json
import sys

import jax
import keras
import numpy as np


class Optimizer:
    def __init__(self, learning_rate):
        self._learning_rate = np.float32(learning_rate)

    @property
    def learning_rate(self):
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value):
        self._learning_rate = np.float32(value)


class Model:
    def __init__(self, learning_rate):
        self.optimizer = Optimizer(learning_rate)
        self.stop_training = False
        self.epoch = 0
        self.restored = None

    def get_weights(self):
        return self.epoch

    def set_weights(self, weights):
        self.restored = weights


def run(case):
    model = Model(1e-3)
    stopping = keras.callbacks.EarlyStopping(
        monitor="val_value", mode=case["mode"], patience=case["patience"], min_delta=case["minDelta"],
        start_from_epoch=case["startFromEpoch"], restore_best_weights=True)
    plateau = keras.callbacks.ReduceLROnPlateau(
        monitor="val_value", mode=case["mode"], factor=case["factor"], patience=case["plateauPatience"],
        min_delta=case["minDelta"], min_lr=case["minValue"], cooldown=case["cooldown"])
    for callback in (stopping, plateau):
        callback.set_model(model)
        callback.on_train_begin()
    rates = []
    for epoch, loss in enumerate(case["losses"]):
        model.epoch = epoch
        for callback in (stopping, plateau):
            callback.on_epoch_end(epoch, {"val_value": loss})
        rates.append(float(model.optimizer.learning_rate))
        if model.stop_training:
            break
    stopping.on_train_end()
    return dict(case, rates=rates, stopEpoch=epoch if model.stop_training else -1,
                bestEpoch=-1 if model.restored is None else model.restored)


def settings(losses, patience=25, plateau=8, delta=1e-5, start=12, factor=0.25, low=2.5e-5,
             cooldown=0, mode="min"):
    return {"losses": losses, "mode": mode, "patience": patience, "plateauPatience": plateau, "minDelta": delta,
            "startFromEpoch": start, "factor": factor, "minValue": low, "cooldown": cooldown}


def walk(seed, epochs):
    random = np.random.RandomState(seed)
    steps = np.maximum(0.995 ** np.arange(epochs), 0.6)
    return [float(x) for x in 0.3 * steps + 0.01 * random.randn(epochs) + 0.1]


def main(out):
    cases = [run(settings(walk(seed, 400))) for seed in range(3)]
    cases += [run(settings(walk(seed, 400), patience=15, plateau=6, start=0)) for seed in range(3)]
    creeping = [1 - 4e-6 * i for i in range(60)]
    cases.append(run(settings(creeping, start=0)))
    cases.append(run(settings([1.0] * 80, cooldown=3)))
    # At the threshold single and double precision differ: the callbacks compare in single.
    cases.append(run(settings([1.0, 0.9999899864196777, 0.99998, 0.99999], start=0)))
    cases.append(run(settings([1.0, float("nan"), 0.5, float("nan"), float("nan"), 0.6],
                              patience=3, plateau=2, start=0)))
    cases.append(run(settings([3, 2, 2, 1, 5, 5], patience=0, plateau=1, delta=0.0, start=0)))
    cases.append(run(settings([2, 1, 0.5, 0.5, 0.5, 0.5], patience=2, plateau=2, start=4)))
    cases.append(run(settings([1.0, 0.5, 0.25], start=12)))
    cases += [run(settings([0.9 - x for x in walk(seed, 400)], patience=15, plateau=6, start=0, mode="max"))
              for seed in range(3)]
    cases.append(run(settings([0.0, 1.0013580322265625e-05, 1e-05, 2e-05, 2.1e-05], start=0, mode="max")))
    with open(out, "w") as file:
        json.dump({"keras": keras.__version__, "backend": "jax " + jax.__version__,
                   "numpy": np.__version__, "cases": cases}, file)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
