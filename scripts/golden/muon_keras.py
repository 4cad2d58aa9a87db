"""Trajectories of keras.optimizers.Muon in float64.

    KERAS_BACKEND=jax JAX_ENABLE_X64=1 python muon_keras.py OUT/optimizer-gradients.json OUT/muon-keras.json

Needs Keras >= 3.15, jax and numpy. Options have the keys of our descriptions. Keras gives all but
matrices of rank 2 to AdamW; "adamParameters" says which of ours those are. It adds 1e-7 to the norm of
the momentum, where we take the larger of both, so that steps differ by about 1e-7 of themselves.
"""

import sys

import keras
import numpy as np

import trajectories

keras.config.set_floatx("float64")

ADAM = {"adamEpsilonPlacement": "UNCORRECTED", "adamEpsilon": 1e-7}
SETTINGS = {
    "plain": ADAM | {"adjustment": "MATCH_RMS_ADAMW"},
    "unadjusted": ADAM | {"adjustment": "NONE", "nesterov": False, "momentum": 0.9},
    "adam-ratio": ADAM | {"adjustment": "MATCH_RMS_ADAMW", "adamRateRatio": 0.25, "adamBeta1": 0.8,
                          "steps": 4},
    "decay": ADAM | {"adjustment": "MATCH_RMS_ADAMW", "decoupledWeightDecay": 0.1,
                     "decayExclusions": []},
}


def run(options, problem):
    number = trajectories.float32
    variables = [keras.Variable(value.astype("float64"), name=name, dtype="float64")
                 for name, value in zip(problem.names, problem.initial)]
    decay = number(options["decoupledWeightDecay"]) if "decoupledWeightDecay" in options else None
    made = keras.optimizers.Muon(
        learning_rate=1.0, adam_beta_1=number(options.get("adamBeta1", 0.9)),
        adam_beta_2=number(0.999), adam_weight_decay=decay, weight_decay=decay,
        epsilon=number(1e-7), adam_lr_ratio=options.get("adamRateRatio", 1.0),
        momentum=number(options.get("momentum", 0.95)), nesterov=options.get("nesterov", True),
        ns_steps=options.get("steps", 5),
        rms_rate=0.2 if options["adjustment"] == "MATCH_RMS_ADAMW" else None)
    made.build(variables)
    stored = []
    for step, (gradients, rate) in enumerate(zip(problem.gradients, trajectories.LEARNING_RATES), 1):
        made.learning_rate = rate
        made.apply([keras.ops.convert_to_tensor(g.astype("float64")) for g in gradients])
        if step in trajectories.STORED_STEPS:
            values = [np.asarray(keras.ops.convert_to_numpy(v.value)) for v in variables]
            assert all(value.dtype == np.float64 for value in values)
            stored.append(trajectories.flat(values, "float64"))
    return stored


def main(gradients, out):
    cases = {}
    for name, problem in trajectories.read(gradients).items():
        for setting, options in SETTINGS.items():
            options = options | {"adamParameters": ["filter"] if name == "tensors" else []}
            cases[f"{name}-{setting}"] = {"options": options, "problem": name,
                                          "float64": run(options, problem)}
    trajectories.write(out, {"origin": f"Keras {keras.__version__} on {keras.backend.backend()}"},
                       cases=cases)


if __name__ == "__main__":
    main(*sys.argv[1:])
