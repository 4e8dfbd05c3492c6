"""Numbers that Python and TypeScript draw alike: packages/testing/src/drawn.ts is the twin of this file."""

import numpy as np

SEED = 20261123


def drawn(key, shape):
    """Float32 values in [-1, 1), multiples of 2^-19, so that both languages hold exactly the same ones.

    FNV-1a of the seed and the key starts a counter, and MurmurHash3's finalizer mixes it.
    """
    start = 0x811C9DC5
    for byte in f"{SEED}/{key}".encode():
        start = ((start ^ byte) * 0x01000193) & 0xFFFFFFFF
    count = int(np.prod(shape, dtype=np.int64))
    h = (start + np.arange(1, count + 1, dtype=np.uint64) * 0x9E3779B9) & 0xFFFFFFFF
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        h = ((h ^ (h >> np.uint64(shift))) * np.uint64(factor)) & np.uint64(0xFFFFFFFF)
    h ^= h >> np.uint64(16)
    return ((h >> np.uint64(12)).astype("float64") / 2**19 - 1).astype("float32").reshape(shape)


def array_of(spec, key, nudge=0):
    """The array that a description stands for: its values, or drawn ones of its shape, changed as it says.

    `nudge`: by how much of itself each drawn number is changed besides, at most. Steps that a mask may leave out stay as they are: by them
    it is found."""
    dtype = spec.get("dtype", "float32")
    if "values" in spec:
        return np.array(spec["values"], dtype)
    values = drawn(key, spec["shape"])
    if nudge and dtype == "float32":
        values = values * (1 + np.float32(nudge) * drawn(f"{key}/nudge", spec["shape"]))
    change = spec.get("map")
    if change in ("positive", "probability"):
        values = np.abs(values) + np.float32(0.25)
    if change == "probability":
        values = (values / values.sum(-1, keepdims=True)).astype("float32")
    if "steps" in spec:  # [batch, time]: 0 where a step is all `elsewhere`, as padding is
        values = np.where(np.array(spec["steps"])[..., None] == 1, values, np.float32(spec.get("elsewhere", 0)))
    return values.astype(dtype)
