"""Training epochs in PyTorch, in Keras 3 on JAX with the published package caadam, or in JAX by hand.

    KERAS_BACKEND=jax python epochs.py torch|keras|scan|scan-numpy [--flush-denormal]

Needs torch, or keras, jax and caadam, and numpy (requirements.txt names the versions). One thread: see
compare.py, which starts this and sets the environment.

It reads requests from standard input, a line each, and answers each with a line of CSV:

    NETWORK EPOCHS      ->  NETWORK,MS,MS,...         milliseconds of each epoch

such as "mlp:64-32 3". The network, its data and its optimizer are made at the first request for it and
train on from request to request. The first line of output names the contender and its versions.

The epoch: 13,209 rows of 8 standard-normal features and a target that depends on them, shuffled, in
batches of 64; an MLP with ReLU and a linear output; mean squared error; learning rate 1e-3, float32.

- torch: the data as two tensors, one gather by a random permutation per epoch, slices, zero_grad,
  backward, torch.optim.Adam(fused=True).step(), losses summed as a tensor and read once per epoch.
- keras: model.fit with a NumPy array and everything else at Keras' defaults (the train step compiled by
  JAX), CaAdam(MultiplicativeMinMaxMedianConnectionScaling()). An epoch is what lies between two calls of
  on_epoch_begin in one fit, so that what fit does once is left out; so is the first epoch of each fit.
- scan: what a JAX user writes by hand. One function is jitted for a whole epoch: it draws a random
  permutation by jax.random, gathers the rows, makes a lax.scan over the whole batches and a step of the
  last, smaller one, and returns the mean loss. Weights, moments and the count of steps are donated. Adam is
  ours without scaling: the rate has the bias corrections, epsilon is added to the root of the second moment
  as it is.
- scan-numpy: the same, but the permutation is drawn by NumPy outside, which is faster on a CPU.
"""

import sys
import time
from importlib import metadata

import numpy as np

ROWS, FEATURES, BATCH, LEARNING_RATE = 13_209, 8, 64, 1e-3


def data():
    """The same formula as the suite's own benchmark (BenchmarkData.java), from another generator."""
    random = np.random.default_rng(0)
    x = random.standard_normal((ROWS, FEATURES), dtype=np.float32)
    y = x[:, 0] * x[:, 1] + np.sin(2 * x[:, 2]) + 0.5 * x[:, 3]
    y += 0.1 * random.standard_normal(ROWS, dtype=np.float32)
    return x, y[:, None].astype(np.float32)


def hidden_units(network):
    return [int(units) for units in network.removeprefix("mlp:").split("-")]


class Torch:
    def __init__(self, flush_denormal):
        import torch
        self.torch = torch
        torch.set_num_threads(1)
        torch.set_num_interop_threads(1)
        torch.manual_seed(0)
        if flush_denormal and not torch.set_flush_denormal(True):
            sys.exit("This CPU cannot flush denormals.")
        self.x, self.y = (torch.from_numpy(array) for array in data())
        self.trainings = {}
        self.name = "torch " + metadata.version("torch") + (
            " flush-denormal" if flush_denormal else "")

    def training(self, network):
        nn = self.torch.nn
        layers, inputs = [], FEATURES
        for units in hidden_units(network):
            layers += [nn.Linear(inputs, units), nn.ReLU()]
            inputs = units
        model = nn.Sequential(*layers, nn.Linear(inputs, 1))
        for layer in model:
            if isinstance(layer, nn.Linear):
                nn.init.xavier_uniform_(layer.weight)
                nn.init.zeros_(layer.bias)
        optimizer = self.torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, fused=True)
        return model, optimizer, nn.MSELoss()

    def epochs(self, network, count):
        if network not in self.trainings:
            self.trainings[network] = self.training(network)
        return [self.epoch(*self.trainings[network]) for _ in range(count)]

    def epoch(self, model, optimizer, loss_function):
        start = time.perf_counter()
        order = self.torch.randperm(ROWS)
        x, y = self.x[order], self.y[order]
        loss_sum = self.torch.zeros(())
        for i in range(0, ROWS, BATCH):
            optimizer.zero_grad()
            loss = loss_function(model(x[i:i + BATCH]), y[i:i + BATCH])
            loss.backward()
            optimizer.step()
            loss_sum += loss.detach()
        loss_sum.item()
        return (time.perf_counter() - start) * 1e3


class Keras:
    def __init__(self):
        import caadam
        import keras
        if keras.backend.backend() != "jax":
            sys.exit("Set KERAS_BACKEND=jax.")
        self.keras, self.caadam = keras, caadam
        keras.utils.set_random_seed(0)
        self.x, self.y = data()
        self.models = {}
        versions = (f"{name} {metadata.version(name)}" for name in ("keras", "jax", "caadam"))
        self.name = " ".join(versions)

    def model(self, network):
        layers = [self.keras.Input((FEATURES,))]
        layers += [self.keras.layers.Dense(units, "relu") for units in hidden_units(network)]
        model = self.keras.Sequential([*layers, self.keras.layers.Dense(1)])
        scaling = self.caadam.MultiplicativeMinMaxMedianConnectionScaling()
        optimizer = self.caadam.CaAdam(learning_rate=LEARNING_RATE, scaling_strategy=scaling)
        model.compile(optimizer=optimizer, loss="mse")
        return model

    def epochs(self, network, count):
        if network not in self.models:
            self.models[network] = self.model(network)
        begins = []
        callback = self.keras.callbacks.LambdaCallback(
            on_epoch_begin=lambda epoch, logs: begins.append(time.perf_counter()))
        self.models[network].fit(self.x, self.y, batch_size=BATCH, epochs=count + 2, verbose=0,
                                 callbacks=[callback])
        return [(end - begin) * 1e3 for begin, end in zip(begins[1:], begins[2:])]


class Scan:
    def __init__(self, numpy_draws):
        import jax
        self.jax = jax
        self.numpy_draws = numpy_draws
        self.x, self.y = (jax.numpy.asarray(array) for array in data())
        self.random = np.random.default_rng(1)
        self.epoch = jax.jit(self.steps, donate_argnums=0)
        self.states = {}
        self.name = f"scan{'-numpy' if numpy_draws else ''} jax {metadata.version('jax')}"

    def state(self, network):
        jnp = self.jax.numpy
        layers, inputs = [], FEATURES
        for units in [*hidden_units(network), 1]:
            bound = np.sqrt(6 / (inputs + units))
            weight = self.random.uniform(-bound, bound, (inputs, units))
            layers.append((jnp.asarray(weight, jnp.float32), jnp.zeros(units, jnp.float32)))
            inputs = units
        first, second = (self.jax.tree.map(jnp.zeros_like, layers) for _ in range(2))
        return layers, first, second, jnp.float32(0)

    def loss(self, layers, x, y):
        for weight, bias in layers[:-1]:
            x = self.jax.nn.relu(x @ weight + bias)
        return ((x @ layers[-1][0] + layers[-1][1] - y) ** 2).mean()

    def step(self, state, batch):
        jnp, tree = self.jax.numpy, self.jax.tree
        layers, first, second, count = state
        loss, gradients = self.jax.value_and_grad(self.loss)(layers, *batch)
        count += 1
        rate = LEARNING_RATE * jnp.sqrt(1 - 0.999 ** count) / (1 - 0.9 ** count)
        first = tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradients)
        second = tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradients)
        layers = tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + 1e-8), layers, first, second)
        return (layers, first, second, count), loss

    def steps(self, state, x, y, draw):
        whole = ROWS // BATCH * BATCH
        order = draw if self.numpy_draws else self.jax.random.permutation(draw, ROWS)
        x, y = x[order], y[order]
        batches = (x[:whole].reshape(-1, BATCH, FEATURES), y[:whole].reshape(-1, BATCH, 1))
        state, losses = self.jax.lax.scan(self.step, state, batches)
        state, last = self.step(state, (x[whole:], y[whole:]))
        return state, (losses.sum() * BATCH + last * (ROWS - whole)) / ROWS

    def epochs(self, network, count):
        if network not in self.states:
            self.states[network] = self.state(network)
        times = []
        for _ in range(count):
            start = time.perf_counter()
            draw = (self.random.permutation(ROWS) if self.numpy_draws
                    else self.jax.random.key(self.random.integers(1 << 31)))
            self.states[network], loss = self.epoch(self.states[network], self.x, self.y, draw)
            float(loss)
            times.append((time.perf_counter() - start) * 1e3)
        return times


def main():
    contenders = {"keras": Keras, "scan": lambda: Scan(False), "scan-numpy": lambda: Scan(True),
                  "torch": lambda: Torch("--flush-denormal" in sys.argv)}
    contender = contenders[sys.argv[1]]()
    print(contender.name, flush=True)
    for line in sys.stdin:
        network, count = line.split()
        times = contender.epochs(network, int(count))
        print(",".join([network, *(f"{ms:.3f}" for ms in times)]), flush=True)


if __name__ == "__main__":
    main()
