"""Draws the factors of LogNormalScaling in Python, for LogNormalScalingTest.

Follows the documentation of LogNormalScaling and of java.util.Random (a linear
congruential generator of 48 bits; nextGaussian is the polar method of Marsaglia, two numbers at a
time). Needs nothing but Python: python scripts/golden/log_normal_factors.py
"""

import math

MASK = (1 << 64) - 1


def splitmix64(seed):
    z = (seed + 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


class JavaRandom:
    def __init__(self, seed):
        self.state = (seed ^ 0x5DEECE66D) & ((1 << 48) - 1)
        self.kept = None

    def next(self, bits):
        self.state = (self.state * 0x5DEECE66D + 0xB) & ((1 << 48) - 1)
        return self.state >> (48 - bits)

    def next_double(self):
        return ((self.next(26) << 27) + self.next(27)) / (1 << 53)

    def next_gaussian(self):
        if self.kept is not None:
            kept, self.kept = self.kept, None
            return kept
        while True:
            a = 2 * self.next_double() - 1
            b = 2 * self.next_double() - 1
            s = a * a + b * b
            if 0 < s < 1:
                break
        scale = math.sqrt(-2 * math.log(s) / s)
        self.kept = b * scale
        return a * scale


for seed in (0, 1, 2, 244):
    random = JavaRandom(splitmix64(seed))
    print(seed, [2 ** (0.8 * random.next_gaussian()) for _ in range(4)])
