"""Saves the corpus of one Keras version that the tests replay: write_corpus.py FOLDER. Versions 3 and 2 have their own models."""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import warnings

warnings.filterwarnings("ignore")
import keras
import numpy as np
from random_models import draw_data, draw_model, set_weights
from write_models import plain, predictions

# Chosen for what they hold: masks, shared layers, models within, several inputs and outputs. The ends of the range get more.
SEEDS = [38, 5, 31]
FEW = [38, 11]


def note(stem, model, data, outputs, **facts):
    described = {"keras": keras.__version__, **facts}
    described["inputs"] = [plain(each) for each in data]
    described["outputs"] = [plain(np.round(each, 6)) for each in outputs]
    with open(f"{stem}.json", "w") as file:
        json.dump(described, file, separators=(",", ":"))
        file.write("\n")


def save(folder, name, model, data):
    """A model with what it gives for these inputs."""
    stem = os.path.join(folder, name)
    model.save(f"{stem}.keras")
    note(stem, model, data, predictions(model, data))


def drawn(seed):
    """The first model from this seed on that this version can make and run."""
    while True:
        keras.utils.clear_session()
        try:
            model, words = draw_model(seed)
            set_weights(model, seed)
            data = draw_data(model, seed)
            return model, words, data, predictions(model, data), seed
        except Exception:
            seed += 1000


def write_three(folder, ends):
    for seed in SEEDS if ends else FEW:
        model, words, data, outputs, number = drawn(seed)
        stem = os.path.join(folder, f"drawn-{seed}")
        if seed == SEEDS[0]:
            model.compile(optimizer=keras.optimizers.Adam(0.01, clipnorm=1.0), loss="mse", metrics=["mae"])
        model.save(f"{stem}.keras")
        note(stem, model, data, outputs, seed=number, words=words)
    layers = keras.layers
    keras.utils.clear_session()
    row = keras.Sequential([keras.Input((4, 2)), layers.LSTM(3, return_sequences=True), layers.GRU(2), layers.Dense(1)], name="forecaster")
    set_weights(row, 5)
    row.compile(optimizer="rmsprop", loss="mae")
    data = draw_data(row, 5)
    stem = os.path.join(folder, "row")
    note(stem, row, data, predictions(row, data))
    row.save(f"{stem}.keras")
    if keras.__version__ in ("3.0.5", "3.3.3", "3.15.1"):
        write_masked(folder)
        write_extremes(folder)
        write_behind_model(folder)
    if ends:
        row.save(f"{stem}.h5")
        row.save_weights(f"{stem}.weights.h5")


def write_masked(folder):
    """Masks that layers with a list of inputs lose before 3.4, and that change the order of layers later on."""
    layers = keras.layers
    keras.utils.clear_session()
    words = keras.Input((4,), dtype="int32", name="words")
    numbers = keras.Input((4, 3), name="numbers")
    embedded = layers.Embedding(6, 3, mask_zero=True)(words)
    # Before 3.10 a mask fits the scores only where it meets a causal one.
    seen = layers.Attention()([embedded, embedded], use_causal_mask=True)
    again = layers.AdditiveAttention()([seen, seen], use_causal_mask=True)
    left = layers.LayerNormalization()(again)
    right = layers.LayerNormalization(scale=False)(layers.BatchNormalization()(numbers))
    product = layers.Multiply()([layers.Dense(3)(embedded), embedded])
    joined = layers.Concatenate()([left, layers.Bidirectional(layers.LSTM(2, return_sequences=True))(right), product])
    model = keras.Model([words, numbers], layers.Dense(2)(layers.LSTM(3)(joined)))
    set_weights(model, 3)
    data = draw_data(model, 3)
    save(folder, "masked", model, data)


def write_extremes(folder):
    """Masked steps in Minimum and Maximum: they give way to the other input from 3.4 on, and count like any before."""
    layers = keras.layers
    keras.utils.clear_session()
    words = keras.Input((4,), dtype="int32", name="words")
    embedded = layers.Embedding(6, 3, mask_zero=True)(words)
    # A kernel that overturns the order at masked steps, too.
    other = layers.Dense(3)(embedded)
    least = layers.Minimum()([embedded, other])
    most = layers.Maximum()([embedded, other])
    joined = layers.Concatenate()([least, most])
    model = keras.Model(words, layers.Dense(2)(layers.GlobalMaxPooling1D()(joined)))
    set_weights(model, 5)
    data = [np.array([[4, 5, 2, 0], [0, 1, 0, 3]], "int32")]
    save(folder, "extremes", model, data)


def write_behind_model(folder):
    """The mask behind an inner model, of which Keras knows nothing yet where it writes the mask of a concatenation with it."""
    layers = keras.layers
    keras.utils.clear_session()
    words = keras.Input((4,), dtype="int32", name="words")
    numbers = keras.Input((4, 2), name="numbers")
    embedded = layers.Embedding(6, 3, mask_zero=True)(words)
    inner = keras.Sequential([keras.Input((4, 2)), layers.SimpleRNN(3, return_sequences=True), layers.Dense(2)], name="inner")
    behind = inner(layers.Masking()(numbers))
    joined = layers.Concatenate()([layers.Dense(2)(embedded), behind])
    # The inner model's own mask is there again where no other was given.
    ends = [layers.GlobalAveragePooling1D()(joined), layers.GlobalAveragePooling1D()(behind)]
    model = keras.Model([words, numbers], layers.Dense(2)(layers.Concatenate()(ends)))
    set_weights(model, 7)
    data = [np.array([[4, 5, 2, 0], [0, 1, 0, 3]], "int32"), np.array([[[1, -2], [0, 0], [3, 1], [0, 0]], [[0, 0], [2, 1], [-1, 4], [0, 0]]], "float32")]
    save(folder, "behind-model", model, data)


def write_two(folder):
    layers = keras.layers

    def save(name, model, data, compiled=False, endings=("h5",)):
        weights = np.random.default_rng(len(name))
        model.set_weights([(np.abs(weights.normal(scale=0.5, size=w.shape)) if "variance" in w.name else weights.normal(scale=0.5, size=w.shape)) for w in model.weights])
        if compiled:
            model.compile(optimizer=keras.optimizers.legacy.SGD(0.1, momentum=0.5, decay=0.01), loss="mse", metrics=["mae"])
        stem = os.path.join(folder, name)
        out = model(data if len(data) > 1 else data[0], training=False)
        note(stem, model, data, [np.asarray(each) for each in (out if isinstance(out, list) else [out])])
        for ending in endings:
            model.save(f"{stem}.{ending}")
        model.save_weights(f"{stem}.weights-only.h5")

    random = np.random.default_rng(2)
    steps = random.normal(size=(2, 4, 3)).astype("float32")
    ids = np.array([[1, 2, 0, 0], [3, 1, 4, 2]], "int32")
    save(
        "gates",
        keras.Sequential(
            [
                layers.LSTM(3, recurrent_activation="hard_sigmoid", return_sequences=True, input_shape=(4, 3)),
                layers.Bidirectional(layers.GRU(2, reset_after=False, return_sequences=True)),
                layers.GRU(3, return_sequences=True),
                layers.SimpleRNN(2, activation="relu"),
                layers.Dense(2, activation="hard_sigmoid"),
            ]
        ),
        [steps],
        compiled=True,
        endings=("h5", "keras"),
    )
    words = keras.Input((4,), dtype="int32", name="words")
    numbers = keras.Input((4, 4), name="numbers")
    shared = layers.Dense(4, activation="tanh")
    inner = keras.Sequential([layers.Dense(3, input_shape=(4,)), layers.BatchNormalization(), layers.Dense(4)], name="inner")
    left, hidden, cell = layers.LSTM(4, return_sequences=True, return_state=True)(layers.Embedding(6, 3, mask_zero=True)(words))
    right = layers.LSTM(4, return_sequences=True)(shared(numbers), initial_state=[hidden, cell])
    joined = layers.Add()([layers.TimeDistributed(inner)(shared(shared(right))), layers.TimeDistributed(inner)(right)])
    pooled = layers.GlobalAveragePooling1D()(layers.Conv1D(3, 2, padding="causal", dilation_rate=2)(joined))
    save("branches", keras.Model([words, numbers], [layers.Dense(1)(pooled), layers.Dense(2)(hidden)]), [ids, np.tile(steps, 2)[..., :4]])
    save(
        "row-of-models",
        keras.Sequential([keras.Sequential([layers.Masking(-1.0, input_shape=(4, 3)), layers.LSTM(2, return_sequences=True, stateful=False)]), layers.LayerNormalization(), layers.Flatten(), layers.Dense(1)]),
        [steps],
    )


if __name__ == "__main__":
    folder = os.path.join(sys.argv[1], f"keras-{keras.__version__}")
    os.makedirs(folder, exist_ok=True)
    if keras.__version__.startswith("2."):
        write_two(folder)
    else:
        write_three(folder, ends=keras.__version__ in ("3.0.5", "3.15.1"))
    print(f"Keras {keras.__version__}: {len(os.listdir(folder))} files in {folder}")
