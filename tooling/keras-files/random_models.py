"""Draws small models of every layer, from a seed: rows of layers, branches, shared layers, models within, several inputs and outputs."""

import keras
import numpy as np
from keras import layers

ACTIVATIONS = ["tanh", "relu", "sigmoid", "linear", "elu", "softplus", "hard_sigmoid", "gelu", "selu", "softsign", "silu"]
INITIALIZERS = [
    "glorot_uniform",
    "he_normal",
    "lecun_uniform",
    "orthogonal",
    "random_normal",
    keras.initializers.RandomUniform(-0.3, 0.4, seed=3),
    keras.initializers.TruncatedNormal(stddev=0.3),
    keras.initializers.VarianceScaling(0.7, "fan_out", "uniform"),
    keras.initializers.Constant(0.1),
    "ones",
]
REGULARIZERS = [None, None, "l2", keras.regularizers.L1(0.02), keras.regularizers.L1L2(0.01, 0.03)]
CONSTRAINTS = [None, None, "non_neg", keras.constraints.MaxNorm(3, axis=0), keras.constraints.MinMaxNorm(0.1, 2.0, 0.9), "unit_norm"]
UNITS = [2, 3, 4]


class Draws:
    def __init__(self, seed):
        self.random = np.random.default_rng(seed)

    def choose(self, options):
        return options[int(self.random.integers(len(options)))]

    def chance(self, share=0.5):
        return bool(self.random.random() < share)


def weights_options(draw, names):
    options = {}
    for name in names:
        if draw.chance(0.3):
            options[f"{name}_initializer"] = draw.choose(INITIALIZERS[:3] if name == "bias" else INITIALIZERS)
        if draw.chance(0.3):
            options[f"{name}_regularizer"] = draw.choose(REGULARIZERS)
        if draw.chance(0.3):
            options[f"{name}_constraint"] = draw.choose(CONSTRAINTS)
    if "bias" in names and isinstance(options.get("bias_initializer"), str) and options["bias_initializer"] != "glorot_uniform":
        options["bias_initializer"] = "ones"
    if options.get("bias_initializer") not in (None, "ones"):
        options["bias_initializer"] = keras.initializers.RandomNormal(stddev=0.2, seed=5)
    return options


def cell_options(draw, kind):
    options = {"units": draw.choose(UNITS), "activation": draw.choose(["tanh", "tanh", *ACTIVATIONS]), "use_bias": draw.chance(0.85)}
    options |= weights_options(draw, ["kernel", "recurrent", "bias"])
    if kind != "SimpleRNN":
        options["recurrent_activation"] = draw.choose(["sigmoid", "sigmoid", "hard_sigmoid", "tanh"])
    if kind == "LSTM":
        options["unit_forget_bias"] = draw.chance()
    if kind == "GRU":
        options["reset_after"] = draw.chance()
    if draw.chance(0.3):
        options |= {"dropout": 0.2, "recurrent_dropout": draw.choose([0.0, 0.1]), "seed": 4}
    return options


def recurrent(draw, sequences, state=False):
    kind = draw.choose(["LSTM", "GRU", "SimpleRNN"])
    flags = {"return_sequences": sequences, "return_state": state, "go_backwards": draw.chance(0.2), "unroll": draw.chance(0.1)}
    if draw.chance(0.2) and not (flags["unroll"] and flags["go_backwards"]):  # Keras misplaces the zeros
        flags["zero_output_for_mask"] = True
    if not state and draw.chance(0.25):
        cells = [getattr(layers, f"{each}Cell")(**cell_options(draw, each)) for each in [draw.choose(["LSTM", "GRU", "SimpleRNN"]) for _ in range(draw.choose([1, 2]))]]
        return layers.RNN(cells if len(cells) > 1 or draw.chance() else cells[0], **flags)
    options = cell_options(draw, kind)
    if draw.chance(0.15):
        options["activity_regularizer"] = "l2"
    return getattr(layers, kind)(**flags, **options)


def dense_options(draw):
    return {"units": draw.choose(UNITS), "activation": draw.choose(ACTIVATIONS), "use_bias": draw.chance(0.8), **weights_options(draw, ["kernel", "bias"])}


def bidirectional(draw, sequences):
    inner = getattr(layers, draw.choose(["LSTM", "GRU", "SimpleRNN"]))
    forward = inner(draw.choose(UNITS), return_sequences=sequences)
    if draw.chance(0.3):
        backward = layers.GRU(forward.units, return_sequences=sequences, go_backwards=True)
        return layers.Bidirectional(forward, merge_mode=draw.choose(["concat", "sum", "ave"]), backward_layer=backward)
    return layers.Bidirectional(forward, merge_mode=draw.choose(["concat", "sum", "mul", "ave"]))


# What can be done to a sequence so that a sequence of as many steps comes out.
STEPS = {
    "recurrent": lambda d, x: recurrent(d, True)(x),
    "bidirectional": lambda d, x: bidirectional(d, True)(x),
    "time_distributed": lambda d, x: layers.TimeDistributed(d.choose([layers.Dense(**dense_options(d)), layers.LayerNormalization()]))(x),
    "time_distributed_model": lambda d, x: layers.TimeDistributed(row_of_dense(d, x.shape[-1]))(x),
    "dense": lambda d, x: layers.Dense(**dense_options(d))(x),
    "activation": lambda d, x: layers.Activation(d.choose([*ACTIVATIONS, "softmax", "leaky_relu", "mish"]))(x),
    "dropout": lambda d, x: layers.Dropout(0.3, seed=d.choose([None, 2]), noise_shape=d.choose([None, (None, 1, x.shape[-1])]))(x),
    "spatial_dropout": lambda d, x: layers.SpatialDropout1D(0.3)(x),
    "noise": lambda d, x: layers.GaussianNoise(0.2, seed=d.choose([None, 9]))(x),
    "batch_norm": lambda d, x: layers.BatchNormalization(axis=-1, center=d.chance(0.8), scale=d.chance(0.8), epsilon=0.01, momentum=0.9)(x),
    "layer_norm": lambda d, x: layers.LayerNormalization(epsilon=0.01, center=d.chance(0.8), scale=d.chance(0.8))(x),
    "conv": lambda d, x: layers.Conv1D(
        d.choose(UNITS), d.choose([1, 2, 3]), padding=d.choose(["same", "causal"]), dilation_rate=d.choose([1, 2]), activation=d.choose(ACTIVATIONS), use_bias=d.chance(0.8)
    )(x),
    "max_pool": lambda d, x: layers.MaxPooling1D(2, strides=1, padding="same")(x),
    "average_pool": lambda d, x: layers.AveragePooling1D(2, strides=1, padding="same")(x),
    "attention": lambda d, x: layers.Attention(use_scale=d.chance(), score_mode=d.choose(["dot", "concat"]))([x, x]),
    "causal_attention": lambda d, x: layers.Attention()([x, x], use_causal_mask=True),
    "additive_attention": lambda d, x: layers.AdditiveAttention(use_scale=d.chance())([x, x]),
    "multi_head": lambda d, x: layers.MultiHeadAttention(d.choose([1, 2]), d.choose([2, 3]), value_dim=d.choose([None, 2]), use_bias=d.chance(0.8))(
        x, x, use_causal_mask=d.chance()
    ),
    "attention_scores": lambda d, x: with_scores(x),
    "residual": lambda d, x: d.choose([layers.Add, layers.Subtract, layers.Multiply, layers.Average, layers.Maximum, layers.Minimum])()([x, layers.Dense(x.shape[-1])(x)]),
    "concatenate": lambda d, x: layers.Concatenate()([x, layers.Dense(2)(x)]),
    "permute": lambda d, x: layers.Permute((2, 1))(layers.Permute((2, 1))(x)),
    "reshape": lambda d, x: layers.Reshape((x.shape[1], x.shape[2]))(layers.Reshape((-1,))(x)),
    "with_state": lambda d, x: with_state(d, x),
    "shared": lambda d, x: shared(d, x),
    "nested": lambda d, x: nested(d, x),
    "nested_twice": lambda d, x: nested_twice(d, x),
}

# What makes a row of a sequence.
ENDS = {
    "recurrent": lambda d, x: recurrent(d, False)(x),
    "bidirectional": lambda d, x: bidirectional(d, False)(x),
    "max": lambda d, x: layers.GlobalMaxPooling1D(keepdims=False)(x),
    "average": lambda d, x: layers.GlobalAveragePooling1D()(x),
    "flatten": lambda d, x: layers.Flatten()(x),
    "dot": lambda d, x: layers.Flatten()(layers.Dot(axes=d.choose([1, (1, 1), 2]), normalize=d.chance(0.3))([x, x])),
    "repeat": lambda d, x: layers.Flatten()(layers.RepeatVector(2)(layers.GlobalMaxPooling1D()(x))),
}


def with_scores(x):
    outputs = layers.MultiHeadAttention(1, 2)(x, x, return_attention_scores=True)
    if not isinstance(outputs, (list, tuple)):
        raise ValueError("early versions give one symbolic tensor for two outputs")
    return outputs[0]


def with_state(d, x):
    kind = d.choose(["LSTM", "GRU", "SimpleRNN"])
    units = d.choose(UNITS)
    _, *state = getattr(layers, kind)(units, return_state=True, return_sequences=d.chance())(x)
    return getattr(layers, kind)(units, return_sequences=True)(x, initial_state=state)


def shared(d, x):
    layer = d.choose([layers.Dense(x.shape[-1]), layers.LSTM(x.shape[-1], return_sequences=True), layers.GRU(x.shape[-1], return_sequences=True)])
    return layers.Add()([layer(x), layer(layer(x))]) if d.chance() else layer(layer(x))


def row_of_dense(d, features):
    return keras.Sequential([keras.Input((features,)), layers.Dense(3, activation="tanh"), layers.Dense(d.choose(UNITS))])


def inner_model(d, x, keep=False):
    shape = tuple(x.shape[1:])
    last = x.shape[-1] if keep else d.choose(UNITS)
    if d.chance():
        return keras.Sequential([keras.Input(shape), recurrent(d, True), layers.Dense(last)])
    y = keras.Input(shape)
    z = layers.Dense(3)(y)
    return keras.Model(y, layers.Dense(last)(layers.Concatenate()([z, layers.Dense(2)(y)])))


def nested(d, x):
    inner = inner_model(d, x)
    return inner(x)


def nested_twice(d, x):
    inner = inner_model(d, x, keep=True)
    return layers.Add()([inner(x), inner(inner(x))])


def start(d, steps, stateful):
    """An input, perhaps with a mask. Gives the input and the sequence."""
    rows = 2 if stateful else None
    if d.chance(0.3) and not stateful:
        ids = keras.Input((steps,), dtype="int32")
        return ids, layers.Embedding(6, 3, mask_zero=d.chance(), embeddings_regularizer=d.choose(REGULARIZERS))(ids)
    x = keras.Input(batch_shape=(rows, steps, d.choose([2, 3])))
    return x, layers.Masking(mask_value=d.choose([0.0, -1.0]))(x) if d.chance(0.3) else x


def masked(x):
    return getattr(x, "_keras_mask", None) is not None


# Layers that do not take masked sequences: shapes of masks would not fit, or Keras warns and drops the mask.
UNMASKED = {"reshape", "permute", "attention_scores"}


def draw_model(seed):
    """A model and the words of what it holds."""
    d = Draws(seed)
    steps = d.choose([3, 4, 5])
    stateful = d.chance(0.1)
    words = []
    if d.chance(0.25):
        return draw_row(d, steps, stateful)
    inputs, branches = [], []
    for _ in range(d.choose([1, 1, 1, 2, 2, 3])):
        tensor, x = start(d, steps, stateful)
        inputs.append(tensor)
        branches.append(x)
    if stateful:
        branches = [layers.LSTM(3, return_sequences=True, stateful=True)(x) for x in branches]
    for i, x in enumerate(branches):
        for _ in range(d.choose([1, 2, 2, 3, 4])):
            names = [name for name in STEPS if not (masked(x) and name in UNMASKED)]
            name = d.choose(names)
            words.append(name)
            x = STEPS[name](d, x)
        branches[i] = x
    x = branches[0]
    if len(branches) > 1:
        words.append("multi_input")
        x = layers.Concatenate()(branches)
    outputs = []
    for _ in range(d.choose([1, 1, 2])):
        if d.chance(0.7):
            name = d.choose(list(ENDS))
            words.append(f"end_{name}")
            outputs.append(layers.Dense(2)(ENDS[name](d, x)))
        else:
            outputs.append(layers.Dense(2, activation="sigmoid")(x))
    if len(outputs) > 1:
        words.append("multi_output")
    model = keras.Model(inputs if len(inputs) > 1 else inputs[0], outputs if len(outputs) > 1 else outputs[0])
    return model, words


def draw_row(d, steps, stateful):
    row = [keras.Input(batch_shape=(2 if stateful else None, steps, 3))]
    if d.chance(0.3):
        row.append(layers.Masking())
    row.append(recurrent(d, True) if not stateful else layers.GRU(3, return_sequences=True, stateful=True))
    if d.chance():
        row.append(layers.Dropout(0.2))
    if d.chance(0.3):
        features = keras.Sequential(row).output_shape[-1]
        row.append(keras.Sequential([keras.Input((steps, features)), layers.Dense(3, activation="tanh"), recurrent(d, True)]))
    row.append(layers.TimeDistributed(layers.Dense(2)) if d.chance(0.3) else recurrent(d, False))
    row.append(layers.Dense(2))
    return keras.Sequential(row), ["row", *(["nested"] if any(isinstance(layer, keras.Sequential) for layer in row) else [])]


def set_weights(model, seed):
    random = np.random.default_rng(seed)
    values = []
    for weight in model.weights:
        value = random.normal(scale=0.5, size=weight.shape).astype("float32")
        values.append(np.abs(value) + 0.5 if "variance" in weight.path else value)
    model.set_weights(values)


def draw_data(model, seed, rows=2):
    random = np.random.default_rng(seed)
    data = []
    for tensor in model.inputs:
        shape = (rows, *tensor.shape[1:])
        if tensor.dtype == "int32":
            ids = random.integers(1, 6, size=shape)
            ids[0, -1:] = 0
            data.append(ids.astype("int32"))
        else:
            x = random.normal(size=shape).astype("float32")
            x[0, -1:] = 0.0
            x[1, :1] = -1.0
            data.append(x)
    return data


def every_layer(model):
    """Every layer within, models, wrappers and cells looked into, each once."""
    found, waiting = [], [model]
    while waiting:
        layer = waiting.pop()
        if any(layer is each for each in found):
            continue
        found.append(layer)
        waiting += getattr(layer, "layers", [])
        for name in ("layer", "forward_layer", "backward_layer", "cell"):
            inner = getattr(layer, name, None)
            if isinstance(inner, layers.Layer):
                waiting.append(inner)
        waiting += getattr(layer, "cells", [])
    return found
