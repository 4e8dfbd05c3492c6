"""The numbers that both languages start from: series and weights made by formula, so that no file has to carry them."""

import numpy as np


def wave(shape, a, b):
    """0.5 * sin(a + b * k) for the k-th value in row-major order."""
    k = np.arange(np.prod(shape), dtype="float64")
    return (0.5 * np.sin(a + b * k)).astype("float32").reshape(shape)


def weights_for(model, first=0):
    """Weights without any symmetry: a swapped gate or a transposed kernel would show."""
    return [wave(w.shape, 0.1 * (i + 1), 0.37 + 0.16 * i) for i, w in enumerate(model.get_weights(), first)]


def tanks(count, steps):
    """[tanks, steps, features]: pressure and temperature of each tank, all between -1 and 1."""
    n, t = np.meshgrid(np.arange(count), np.arange(steps), indexing="ij")
    pressure = 0.6 * np.sin(0.5 * t + n) + 0.1 * n / count
    temperature = 0.5 * np.cos(0.26 * t + 0.7 * n)
    return np.stack([pressure, temperature], axis=-1).astype("float32")
