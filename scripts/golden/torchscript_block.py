"""Writes a small convolutional network as a TorchScript file, as a user who fine-tunes one has it.

A convolution with batch norm, a residual unit with a strided shortcut, and a dense layer: 12 trainable
tensors in 5 layers (3x8x8 images in, 4 outputs), whose module names have several parts. Needs PyTorch
(python torchscript_block.py OUT.pt; the committed file is from 2.15.0). The weights come from a fixed
seed. The archive's debug entries, three fifths of it, are left out.
"""

import io
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


torch.manual_seed(0)
script = torch.jit.script(Network())
archive = io.BytesIO()
torch.jit.save(script, archive)
with zipfile.ZipFile(archive) as whole, zipfile.ZipFile(sys.argv[1], "w") as kept:
    for entry in whole.infolist():
        if not entry.filename.endswith(".debug_pkl"):
            kept.writestr(zipfile.ZipInfo(entry.filename), whole.read(entry))
for name, parameter in script.named_parameters():
    print(name, tuple(parameter.shape))
