#!/usr/bin/env python3
"""Packs the binary files of CIFAR-10 for a machine that takes little at a time, and unpacks them there.

    images.py pack FOLDER PACKED      # cifar-10-batches-bin: 184 MB become about 100
    images.py unpack PACKED FOLDER

Each pixel is predicted from the three before it, as LOCO-I does (Weinberger, Seroussi and Sapiro, 2000), and what red
and blue differ from that is told relative to green; LZMA has the rest. A file's SHA-256 goes with it. Needs NumPy.
"""
import hashlib
import lzma
import multiprocessing
import pathlib
import sys

import numpy

ROW = 3073
SIDE = 32
SUFFIX = ".packed"
FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 6, "lc": 4, "lp": 0, "pb": 0}]


def predicted(left, above, corner):
    low, high = numpy.minimum(left, above), numpy.maximum(left, above)
    return numpy.where(corner >= high, low, numpy.where(corner <= low, high, left + above - corner))


def pack(file, target):
    raw = file.read_bytes()
    rows = numpy.frombuffer(raw, numpy.uint8).reshape(-1, ROW)
    pixels = rows[:, 1:].reshape(-1, 3, SIDE, SIDE).astype(numpy.int16)
    padded = numpy.pad(pixels, ((0, 0), (0, 0), (1, 0), (1, 0)))
    rest = pixels - predicted(padded[:, :, 1:, :-1], padded[:, :, :-1, 1:], padded[:, :, :-1, :-1])
    rest[:, 0] -= rest[:, 1]
    rest[:, 2] -= rest[:, 1]
    planes = rest.astype(numpy.uint8).transpose(1, 0, 2, 3).tobytes()
    packed = lzma.compress(rows[:, 0].tobytes() + planes, filters=FILTERS)
    target.write_bytes(hashlib.sha256(raw).digest() + packed)


def unpack(file, target):
    packed = file.read_bytes()
    data = numpy.frombuffer(lzma.decompress(packed[32:]), numpy.uint8)
    count = len(data) // ROW
    rest = data[count:].reshape(3, count, SIDE, SIDE).astype(numpy.int16)
    rest[0] += rest[1]
    rest[2] += rest[1]
    # Axes in the order in which pixels are told: one needs all images of those before.
    rest = numpy.ascontiguousarray(rest.transpose(2, 3, 0, 1))
    pixels = numpy.zeros((SIDE + 1, SIDE + 1, 3, count), numpy.int16)
    for y in range(SIDE):
        for x in range(SIDE):
            told = predicted(pixels[y + 1, x], pixels[y, x + 1], pixels[y, x])
            pixels[y + 1, x + 1] = (rest[y, x] + told) & 255
    rows = numpy.empty((count, ROW), numpy.uint8)
    rows[:, 0] = data[:count]
    rows[:, 1:] = pixels[1:, 1:].transpose(3, 2, 0, 1).reshape(count, ROW - 1)
    raw = rows.tobytes()
    if hashlib.sha256(raw).digest() != packed[:32]:
        raise SystemExit(f"{file} does not unpack to what was packed")
    target.write_bytes(raw)


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in ("pack", "unpack"):
        raise SystemExit(__doc__)
    source, folder = pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    packs = sys.argv[1] == "pack"
    files = sorted(source.glob("*.bin" if packs else "*.bin" + SUFFIX))
    if not files:
        raise SystemExit(f"{source} has no files to {sys.argv[1]}")
    with multiprocessing.Pool() as pool:
        pool.starmap(
            pack if packs else unpack,
            [(file, folder / (file.name + SUFFIX if packs else file.name[: -len(SUFFIX)])) for file in files],
        )


if __name__ == "__main__":
    main()
