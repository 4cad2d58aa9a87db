"""Writes exact ends of noncentral t intervals: python mpmath_noncentral_t.py OUT.

Of each t, the noncentralities at which it is the 97.5th and the 2.5th percentile, from
P(T <= t) = E[Phi(tX - delta)] over X = sqrt(chi-squared / nu), integrated with 20 digits.
"""

import json
import sys

import mpmath
from mpmath import mp, mpf

mp.dps = 20


def cdf(t, nu, delta):
    constant = mpmath.log(2) + nu / 2 * mpmath.log(nu / 2) - mpmath.loggamma(nu / 2)
    deviation = 1 / mpmath.sqrt(2 * nu)
    middle = delta / t if t else mpf(1)

    def integrand(x):
        if x == 0:
            return mpf(0)
        density = mpmath.exp(constant + (nu - 1) * mpmath.log(x) - nu * x * x / 2)
        return mpmath.ncdf(t * x - delta) * density

    reach = 16
    bottom, top = max(mpf(0), 1 - reach * deviation), 1 + reach * deviation
    points = {bottom, top, mpf(1)}
    # Where the normal's step is, and around it at some of its widths.
    for k in (-20, -8, -3, 0, 3, 8, 20):
        if t:
            points.add(middle + k / abs(t))
    points = sorted(p for p in points if bottom <= p <= top)
    return mpmath.quad(integrand, points)


def noncentrality(t, nu, p):
    unit = mpmath.sqrt(1 + t * t / (2 * nu))
    low, high = t - 10 * unit, t + 10 * unit
    # Secants need a start near the root.
    while high - low > unit / 8:
        middle = (low + high) / 2
        low, high = (middle, high) if cdf(t, nu, middle) > p else (low, middle)
    return mpmath.findroot(lambda delta: cdf(t, nu, delta) - p, (low, high), solver="secant",
                           tol=mpf(10) ** -30)


def main(out):
    cases = []
    for nu, t in ((1, 0.5), (1, 40), (2, 3), (2, 300), (4, -12.5), (8, 0), (8, 5), (8, 300),
                  (18, 42.5), (58, 1.2), (58, 10.9), (58, 300), (58, -3000), (118, 14.9), (118, 15.9),
                  (398, 30), (1998, 63), (1998, 300)):
        low, high = (noncentrality(mpf(t), mpf(nu), mpf(p)) for p in ("0.975", "0.025"))
        cases.append({"degreesOfFreedom": nu, "t": t, "low": float(low), "high": float(high)})
        print(cases[-1], flush=True)
    with open(out, "w") as file:
        json.dump({"mpmath": mpmath.__version__, "digits": mp.dps, "cases": cases}, file)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
