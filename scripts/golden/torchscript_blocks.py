"""Writes small networks as TorchScript files, as a user who fine-tunes one has it.

residual.pt: a convolution with batch norm, a residual unit with a strided shortcut, and a dense layer:
12 trainable tensors in 5 layers (3x8x8 images in, 4 outputs), whose module names have several parts.
dropout.pt: a layer norm, two dense layers and dropout between them (8 numbers in, 4 outputs), without
running statistics. Needs PyTorch (python torchscript_blocks.py DIRECTORY; the committed residual.pt is
from 2.15.0, dropout.pt from 2.0.0). The weights come from a fixed seed. The archive's debug
entries, three fifths of it, are left out.
"""

import io
import os
import sys
import zipfile

import torch
from torch import nn


class Unit(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.shortcut = nn.Conv2d(inputs, outputs, 1, stride=2, bias=False)

    def forward(self, x):
        y = self.conv2(torch.relu(self.bn1(self.conv1(x))))
        return torch.relu(y + self.shortcut(x))


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU())
        self.layer1 = nn.Sequential(Unit(4, 8))
        self.head = nn.Linear(8, 4)

    def forward(self, x):
        return self.head(self.layer1(self.stem(x)).mean((2, 3)))


def save(network, name):
    script = torch.jit.script(network)
    archive = io.BytesIO()
    torch.jit.save(script, archive)
    with zipfile.ZipFile(archive) as whole, zipfile.ZipFile(os.path.join(sys.argv[1], name), "w") as kept:
        for entry in whole.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                kept.writestr(zipfile.ZipInfo(entry.filename), whole.read(entry))
    for parameter, tensor in script.named_parameters():
        print(name, parameter, tuple(tensor.shape))


torch.manual_seed(0)
save(Network(), "residual.pt")
save(nn.Sequential(nn.LayerNorm(8), nn.Linear(8, 16), nn.Tanh(), nn.Dropout(0.2), nn.Linear(16, 4)),
     "dropout.pt")
