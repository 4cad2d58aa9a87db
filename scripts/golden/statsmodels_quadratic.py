"""Makes golden values of quadratic response surfaces, for QuadraticFitTest.

Needs numpy, scipy and statsmodels; prints statsmodels-quadratic.json:
python scripts/golden/statsmodels_quadratic.py > caadam-experiments/src/test/resources/golden/statsmodels-quadratic.json
"""

import json
import platform

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy.optimize import minimize


def terms(x):
    columns = [np.ones(len(x))] + list(x.T)
    for i in range(x.shape[1]):
        columns.append(x[:, i] ** 2 / 2)
        for j in range(i + 1, x.shape[1]):
            columns.append(x[:, i] * x[:, j])
    return np.column_stack(columns)


def lowest(surface, starts, radius):
    ball = {"type": "ineq", "fun": lambda p: radius**2 - p @ p}
    found = [
        minimize(surface, s, constraints=[ball], method="SLSQP", options={"ftol": 1e-15, "maxiter": 1000})
        for s in starts
    ]
    return min(f.fun for f in found if f.x @ f.x <= radius**2 * (1 + 1e-8))


def fit(rng, n, d, curvature, noise, radius):
    x = np.round(0.8 * rng.standard_normal((n, d)), 6)
    b = 0.2 * rng.standard_normal(d)
    y = 1 + x @ b + 0.5 * np.einsum("ni,i,ni->n", x, curvature, x) + noise * rng.standard_normal(n)
    y = np.round(y, 6)
    z = terms(x)
    model = sm.OLS(y, z).fit()
    press = np.sum((model.resid / (1 - model.get_influence().hat_matrix_diag)) ** 2)
    interval = model.conf_int(0.05)
    point = np.round(0.5 * rng.standard_normal(d), 6)
    contrast = terms(point[None])[0]
    contrast[0] = 0
    test = model.t_test(-contrast)
    low, high = test.conf_int(0.05)[0]
    surface = lambda p: float(terms(np.asarray(p)[None])[0] @ model.params)
    starts = radius / 2 * rng.standard_normal((40, d))
    line = np.ones(d) / np.sqrt(d)
    return {
        "x": x.tolist(),
        "y": y.tolist(),
        "coefficients": model.params.tolist(),
        "low": interval[:, 0].tolist(),
        "high": interval[:, 1].tolist(),
        "rSquared": model.rsquared,
        "predictedRSquared": 1 - press / np.sum((y - y.mean()) ** 2),
        "residualDeviation": float(np.sqrt(model.mse_resid)),
        "point": point.tolist(),
        "gain": float(test.effect[0]),
        "gainLow": float(low),
        "gainHigh": float(high),
        "radius": radius,
        "lowest": lowest(surface, starts, radius),
        "lowestOnDiagonal": lowest(lambda t: surface(t[0] * line), starts[:, :1], radius),
    }


rng = np.random.default_rng(20250101)
print(
    json.dumps(
        {
            "versions": {
                "python": platform.python_version(),
                "numpy": np.__version__,
                "scipy": scipy.__version__,
                "statsmodels": statsmodels.__version__,
            },
            "fits": [
                # The minimum is inside, on the rim, on the rim of a saddle.
                fit(rng, 60, 4, np.array([1.0, 0.8, 0.5, 1.2]), 0.1, 1.6),
                fit(rng, 40, 3, np.array([0.1, 0.05, 0.1]), 0.05, 0.4),
                fit(rng, 80, 5, np.array([0.5, -0.4, 0.2, 0.1, -0.1]), 0.1, 1.6),
            ],
        }
    )
)
