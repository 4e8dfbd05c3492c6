"""Saves drawn models with their inputs and predictions: write_models.py FOLDER COUNT SEED"""

import collections
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import warnings

warnings.filterwarnings("ignore")
import keras
import numpy as np
from random_models import draw_data, draw_model, every_layer, set_weights


def plain(array):
    return {"shape": list(array.shape), "values": np.asarray(array, "float64").ravel().tolist()}


def predictions(model, data):
    """Keras carries the state of stateful layers from call to call; each call here starts anew."""
    for layer in every_layer(model):
        if getattr(layer, "stateful", False) and hasattr(layer, "reset_state"):
            layer.reset_state()
    out = model(data if len(data) > 1 else data[0], training=False)
    if isinstance(out, dict):
        out = [out[key] for key in sorted(out)]
    return [np.asarray(each) for each in (out if isinstance(out, (list, tuple)) else [out])]


COMPILED = [
    None,
    {"optimizer": "adam", "loss": "mse", "metrics": ["mae"]},
    {"optimizer": keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9), momentum=0.9, nesterov=True), "loss": keras.losses.Huber()},
    {"optimizer": keras.optimizers.RMSprop(0.01, clipnorm=1.0), "loss": "mean_absolute_error"},
]


def main():
    folder, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.makedirs(folder, exist_ok=True)
    classes, kinds = collections.Counter(), collections.Counter()
    written = 0
    attempt = 0
    while written < count:
        attempt += 1
        number = seed * 100_000 + attempt
        keras.utils.clear_session()
        keras.utils.set_random_seed(number)
        try:
            model, words = draw_model(number)
        except Exception as error:  # a draw that Keras itself refuses is drawn again
            print(f"draw {number} refused: {' '.join(str(error).split())[:300]}", file=sys.stderr)
            continue
        set_weights(model, number)
        settings = COMPILED[number % len(COMPILED)]
        if settings is not None:
            model.compile(**{key: (type(value).from_config(value.get_config()) if hasattr(value, "get_config") else value) for key, value in settings.items()})
        data = draw_data(model, number)
        try:
            outputs = predictions(model, data)
        except Exception as error:
            print(f"draw {number} cannot be run: {' '.join(str(error).split())[:150]}", file=sys.stderr)
            continue
        if not all(np.all(np.isfinite(each)) for each in outputs):
            continue
        stem = os.path.join(folder, f"{written:04d}")
        model.save(f"{stem}.theirs.keras")
        with open(f"{stem}.json", "w") as file:
            json.dump({"seed": number, "words": words, "inputs": [plain(each) for each in data], "outputs": [plain(each) for each in outputs]}, file)
        classes.update(type(layer).__name__ for layer in every_layer(model))
        kinds.update(set(words))
        if any(word.startswith("nested") or word.endswith("_model") for word in words):
            kinds["any nested"] += 1
        written += 1
    print(f"Keras {keras.__version__}: {written} models")
    print("layers: " + ", ".join(f"{name} {number}" for name, number in sorted(classes.items())))
    print("models: " + ", ".join(f"{name} {number}" for name, number in sorted(kinds.items())))


if __name__ == "__main__":
    main()
