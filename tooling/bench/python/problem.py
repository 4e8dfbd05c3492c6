"""The data and weights of a task, as `src/problem.ts` makes them."""

import math

import numpy

LEARNING_RATE, BETA_1, BETA_2, EPSILON = 1e-3, 0.9, 0.999, 1e-10
STREAM_STEPS = 64


def waves(shape, i, scale=0.5):
    steps = numpy.arange(math.prod(shape), dtype="float64")
    return (scale * numpy.sin(1 + i + (0.37 + 0.11 * i) * steps)).astype("float32").reshape(shape)


def data(task):
    return waves([task["batch"], task["time"], task["features"]], 0), waves([task["batch"], 1], 1)


def stream_rows(task):
    return waves([STREAM_STEPS, task["features"]], 0)


def weights(task):
    gates = 4 if task["cell"] == "lstm" else 3
    directions = 2 if task["bidirectional"] else 1
    units = task["units"]
    scale = 1 / math.sqrt(units)
    made = []
    for layer in range(task["layers"]):
        width = task["features"] if layer == 0 else directions * units
        for _ in range(directions):
            made.append(waves([width, gates * units], len(made) + 2, 0.5 if layer == 0 else scale))
            made.append(waves([units, gates * units], len(made) + 2, scale))
            bias = [2, gates * units] if task["cell"] == "gru" else [gates * units]
            made.append(waves(bias, len(made) + 2))
    made.append(waves([directions * units, 1], len(made) + 2, scale))
    made.append(waves([1], len(made) + 2))
    return made
