"""Makes Keras drop and disturb by the numbers that @cellstate/core draws, so that passes in training can be compared.

A twin of packages/core/src/random.ts. What a layer draws follows from the seed of the pass and the layer's own seed.
"""

import math
from contextlib import contextmanager

import keras
import numpy as np
from keras.src.layers.rnn import dropout_rnn_cell

WORD = 0xFFFFFFFF


def mix(h):
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & WORD
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & WORD
    return h ^ (h >> 16)


def split_seed(seed, key):
    """The seed of the stream that a name or a number stands for under a seed."""
    low_half, high_half = seed & WORD, (seed >> 32) & WORD
    high = mix(low_half ^ (0x9E3779B9 if isinstance(key, str) else 0x7FEB352D))
    low = mix(high_half ^ 0x85EBCA6B)
    for char in str(key):
        code = ord(char) + 1
        high = mix(high ^ (code * 0xCC9E2D51 & WORD))
        low = mix(low ^ (code * 0x1B873593 & WORD) ^ high)
    return (mix(high ^ low) >> 11) * 2**32 + mix(low ^ 0x27D4EB2F)


class Stream:
    def __init__(self, seed):
        low, high = seed & WORD, (seed >> 32) & WORD
        word = mix(low ^ 0x2545F491) ^ (high * 0x9E3779B1 & WORD)
        self.state = []
        for i in range(4):
            word = (word + 0x9E3779B9) & WORD
            self.state.append(mix(word ^ (low if i % 2 == 0 else high)))
        if not any(self.state):
            self.state[0] = 1
        self.spare = None

    def next(self):
        a, b, c, d = self.state
        result = rotate(b * 5 & WORD, 7) * 9 & WORD
        c, d = c ^ a, d ^ b
        self.state = [a ^ d, b ^ c, c ^ ((b << 9) & WORD), rotate(d, 11)]
        return result

    def uniform(self):
        return self.next() / 2**32

    def normal(self):
        if self.spare is not None:
            value, self.spare = self.spare, None
            return value
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))
        angle = 2 * math.pi * self.uniform()
        self.spare = radius * math.sin(angle)
        return radius * math.cos(angle)


def rotate(word, by):
    return ((word << by) | (word >> (32 - by))) & WORD


def factors(shape, rate, seed):
    """0 with probability `rate`, else 1 / (1 - rate)."""
    stream = Stream(seed)
    count = int(np.prod(shape, dtype=np.int64))
    kept = np.float32(1 / (1 - rate)) if rate < 1 else np.float32(0)
    drawn = [kept if rate < 1 and stream.uniform() >= rate else np.float32(0) for _ in range(count)]
    return np.array(drawn, "float32").reshape(shape)


def own_seed(generator):
    return int(generator.get_config()["seed"])


@contextmanager
def drawn_as_ours(pass_seed):
    """Within, dropout and noise follow from `pass_seed` and each layer's own seed."""
    cells = dropout_rnn_cell.DropoutRNNCell
    kept = {
        "dropout": keras.src.backend.random.dropout,
        "normal": keras.src.backend.random.normal,
        "input": cells.get_dropout_mask,
        "recurrent": cells.get_recurrent_dropout_mask,
    }

    def dropout(inputs, rate, noise_shape=None, seed=None):
        if rate >= 1:  # nothing is drawn, and the shape may be open
            return inputs * 0.0
        shape = list(inputs.shape)
        if noise_shape is not None:
            shape = [length if given is None else int(given) for given, length in zip(noise_shape, shape)]
        return inputs * factors(shape, rate, split_seed(pass_seed, own_seed(seed))).astype(inputs.dtype.name)

    def normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
        stream = Stream(split_seed(pass_seed, own_seed(seed)))
        count = int(np.prod(shape, dtype=np.int64))
        return np.array([mean + stddev * stream.normal() for _ in range(count)], dtype or "float32").reshape([int(n) for n in shape])

    def cell_mask(kind):
        def get(self, step_input):
            name = "_dropout_mask" if kind == "input" else "_recurrent_dropout_mask"  # what Keras resets behind the call
            if getattr(self, name, None) is None:
                rate = self.dropout if kind == "input" else self.recurrent_dropout
                setattr(self, name, masks(self, kind, rate, [int(n) for n in step_input.shape]))
            return getattr(self, name)

        return get

    def masks(cell, kind, rate, shape):
        if not 0 < rate <= 1:
            return None
        count = getattr(cell, "dropout_mask_count", None)
        if rate == 1:  # what an LSTM or a GRU never reads
            one = keras.ops.zeros(shape)
            return one if count is None else [one] * count
        seed = split_seed(split_seed(pass_seed, own_seed(cell.seed_generator)), kind)
        drawn = factors([count or 1, *shape], rate, seed)
        tensors = [keras.ops.convert_to_tensor(part, keras.config.floatx()) for part in drawn]
        return tensors[0] if count is None else tensors

    random = keras.src.backend.random
    random.dropout, random.normal = dropout, normal
    cells.get_dropout_mask, cells.get_recurrent_dropout_mask = cell_mask("input"), cell_mask("recurrent")
    try:
        yield
    finally:
        random.dropout, random.normal = kept["dropout"], kept["normal"]
        cells.get_dropout_mask, cells.get_recurrent_dropout_mask = kept["input"], kept["recurrent"]
