"""Steps of PyTorch's optimizers, and of those that timm, schedulefree and prodigyopt have for it.

    python steps.py foreach|fused

Needs torch, timm, schedulefree, prodigyopt and numpy (requirements.txt). One thread: see compare.py, which
starts this and sets the environment.

It reads requests from standard input, a line each, and answers each with a line of CSV:

    OPTIMIZER NETWORK STEPS      ->  OPTIMIZER NETWORK,MS,MS,...        milliseconds of each optimizer.step()

The names of optimizers and networks are those of the suite. Before each step stand a forward and a backward
pass on the next rows, which are not timed. Times are the thread's processor time. Without times it answers
where there is no such optimizer in this form: "foreach" is PyTorch's way of many tensors in one call, "fused" its kernel for a whole step.
"""

import sys
import time
from importlib import metadata

import torch
from torch import nn

from epochs import BATCH, FEATURES, LEARNING_RATE, data, hidden_units

FOREACH = {
    "adam": lambda p, lr: torch.optim.Adam(p, lr=lr, foreach=True),
    "adamw": lambda p, lr: torch.optim.AdamW(p, lr=lr, foreach=True),
    "adamax": lambda p, lr: torch.optim.Adamax(p, lr=lr, foreach=True),
    "nadamw": lambda p, lr: torch.optim.NAdam(p, lr=lr, foreach=True),
    "radam": lambda p, lr: torch.optim.RAdam(p, lr=lr, foreach=True),
    "sgd": lambda p, lr: torch.optim.SGD(p, lr=lr, foreach=True),
    "sgd,momentum=0.9": lambda p, lr: torch.optim.SGD(p, lr=lr, momentum=0.9, foreach=True),
    "rmsprop": lambda p, lr: torch.optim.RMSprop(p, lr=lr, foreach=True),
    "adagrad": lambda p, lr: torch.optim.Adagrad(p, lr=lr, foreach=True),
    "adadelta": lambda p, lr: torch.optim.Adadelta(p, lr=lr, foreach=True),
    "adafactor": lambda p, lr: torch.optim.Adafactor(p, lr=lr, foreach=True),
}
FUSED = {
    "adam": lambda p, lr: torch.optim.Adam(p, lr=lr, fused=True),
    "adamw": lambda p, lr: torch.optim.AdamW(p, lr=lr, fused=True),
    "sgd": lambda p, lr: torch.optim.SGD(p, lr=lr, fused=True),
    "sgd,momentum=0.9": lambda p, lr: torch.optim.SGD(p, lr=lr, momentum=0.9, fused=True),
    "adagrad": lambda p, lr: torch.optim.Adagrad(p, lr=lr, fused=True),
}


def add_further():
    """What comes from other packages, and Muon, which takes the matrices only."""
    import timm.optim
    FOREACH["lion"] = lambda p, lr: timm.optim.Lion(p, lr=lr, foreach=True)
    FOREACH["lamb"] = lambda p, lr: timm.optim.Lamb(p, lr=lr, max_grad_norm=None)
    import schedulefree
    FOREACH["schedulefreeadamw"] = lambda p, lr: schedulefree.AdamWScheduleFree(p, lr=lr, foreach=True)
    import prodigyopt
    FOREACH["prodigy"] = lambda p, lr: prodigyopt.Prodigy(p, lr=1.0)

    class MuonBesideAdamW:
        """Hidden matrices by Muon, and everything else by AdamW, as the suite's Muon does."""

        def __init__(self, parameters, rate):
            parameters = list(parameters)
            hidden = [p for p in parameters if p.ndim >= 2][1:-1]
            others = [p for p in parameters if all(p is not h for h in hidden)]
            if any(p.ndim != 2 for p in hidden):
                raise NotThere  # PyTorch's takes no convolutions.
            self.parts = [torch.optim.AdamW(others, lr=rate, foreach=True)]
            if hidden:
                self.parts.append(torch.optim.Muon(hidden, lr=rate))

        def zero_grad(self):
            for part in self.parts:
                part.zero_grad()

        def step(self):
            for part in self.parts:
                part.step()

    FOREACH["muon"] = MuonBesideAdamW

    class Products:
        """Muon's products by themselves: see the suite's benchmark.Products."""

        def __init__(self, parameters, rate):
            self.parameters = list(parameters)
            self.hidden = [p for p in self.parameters if p.ndim >= 2][1:-1]
            self.rate = rate

        def zero_grad(self):
            for parameter in self.parameters:
                parameter.grad = None

        @torch.no_grad()
        def step(self):
            for matrix in self.hidden:
                update = newton_schulz(matrix.grad.flatten(1), (3.4445, -4.7750, 2.0315), 5, 1e-7)
                matrix.add_(update.view_as(matrix), alpha=-self.rate)

    from torch.optim._muon import _zeropower_via_newtonschulz as newton_schulz
    FOREACH["newton-schulz"] = Products


class NotThere(Exception):
    """There is no such optimizer for this network."""


class ResidualBlock(nn.Module):
    """Two convolutions with batch norm, and a convolution on the way past where shapes change."""

    def __init__(self, inputs, channels, stride):
        super().__init__()
        self.first = nn.Conv2d(inputs, channels, 3, stride, 1)
        self.first_norm = nn.BatchNorm2d(channels)
        self.second = nn.Conv2d(channels, channels, 3, 1, 1)
        self.second_norm = nn.BatchNorm2d(channels)
        self.past = nn.Identity() if stride == 1 else nn.Sequential(
            nn.Conv2d(inputs, channels, 1, stride), nn.BatchNorm2d(channels))

    def forward(self, x):
        y = torch.relu(self.first_norm(self.first(x)))
        return torch.relu(self.second_norm(self.second(y)) + self.past(x))


def resnet20():
    layers = [nn.Conv2d(3, 16, 3, 1, 1), nn.BatchNorm2d(16), nn.ReLU()]
    inputs = 16
    for channels in (16, 32, 64):
        for number in range(3):
            layers.append(ResidualBlock(inputs, channels, 2 if channels > inputs else 1))
            inputs = channels
    model = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))
    trained = [p for p in model.parameters()]
    assert (len(trained), sum(p.numel() for p in trained)) == (86, 273_258), "not the suite's ResNet-20"
    return model


def mlp(network):
    layers, inputs = [], FEATURES
    for units in hidden_units(network):
        layers += [nn.Linear(inputs, units), nn.ReLU()]
        inputs = units
    return nn.Sequential(*layers, nn.Linear(inputs, 1))


class Training:
    """A network that trains on, with the rows, batches and losses of the suite's own benchmark."""

    def __init__(self, network, make):
        torch.manual_seed(0)
        if network == "resnet20":
            self.model, self.loss, self.batch = resnet20(), nn.CrossEntropyLoss(), 8
            self.x = torch.randn(512, 3, 8, 8)
            self.y = torch.randint(10, (512,))
        else:
            self.model, self.loss, self.batch = mlp(network), nn.MSELoss(), BATCH
            self.x, self.y = (torch.from_numpy(array) for array in data())
        self.optimizer = make(self.model.parameters(), LEARNING_RATE)
        if hasattr(self.optimizer, "train"):
            self.optimizer.train()
        self.at = 0

    def step(self):
        if self.at + self.batch > len(self.x):
            self.at = 0
        rows = slice(self.at, self.at + self.batch)
        self.at += self.batch
        self.optimizer.zero_grad()
        self.loss(self.model(self.x[rows]), self.y[rows]).backward()
        start = time.thread_time()
        self.optimizer.step()
        return (time.thread_time() - start) * 1e3


def main():
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    add_further()
    form = sys.argv[1]
    makers = FUSED if form == "fused" else FOREACH
    versions = (f"{name} {metadata.version(name)}" for name in ("torch", "timm", "schedulefree", "prodigyopt"))
    print(" ".join([form, *versions]), flush=True)
    trainings = {}
    for line in sys.stdin:
        asked, count = line.strip().rsplit(" ", 1)
        optimizer, network = asked.split(" ")
        if optimizer in makers and asked not in trainings:
            try:
                trainings[asked] = Training(network, makers[optimizer])
            except NotThere:
                pass
        steps = int(count) if asked in trainings else 0
        print(",".join([asked, *(f"{trainings[asked].step():.5f}" for _ in range(steps))]), flush=True)


if __name__ == "__main__":
    main()
