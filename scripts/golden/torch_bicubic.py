"""Writes images enlarged by cubic interpolation: python torch_bicubic.py OUT.

PyTorch's antialias=True has Keys' kernel with a = -1/2 and, at the edges, weights that sum to 1, as
TensorFlow's tf.image.resize(..., "bicubic") and Pillow do.
"""

import json
import sys

import torch
import torch.nn.functional as F


def main(out):
    generator = torch.Generator().manual_seed(5)
    cases = []
    for size, to in ((4, 8), (28, 56), (5, 9)):
        image = torch.randint(0, 256, (size, size), generator=generator).double()
        enlarged = F.interpolate(image[None, None], size=(to, to), mode="bicubic", antialias=True,
                                 align_corners=False)[0, 0]
        cases.append({"image": image.int().tolist(), "enlarged": enlarged.tolist()})
    with open(out, "w") as file:
        json.dump({"torch": torch.__version__, "cases": cases}, file)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
