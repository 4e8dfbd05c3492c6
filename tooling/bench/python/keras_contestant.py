"""Keras on TensorFlow as its users run it: `train_on_batch`, `predict_on_batch`, all cores."""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"

import keras  # noqa: E402
import numpy  # noqa: E402
import tensorflow  # noqa: E402

from problem import BETA_1, BETA_2, EPSILON, LEARNING_RATE, data, stream_rows, weights  # noqa: E402

VERSION = f"Keras {keras.__version__} on TensorFlow {tensorflow.__version__}"


def prepare(task):
    keras.backend.clear_session()
    model = build(task)
    model.set_weights(weights(task))
    if task["work"] == "stream":
        rows = stream_rows(task)
        position = iter(range(1 << 62))

        def push():
            x = rows[next(position) % len(rows)].reshape(1, 1, -1)
            return float(model.predict_on_batch(x)[0, 0])

        return push
    x, y = data(task)
    if task["work"] == "predict":

        def predict():
            predictions = model.predict_on_batch(x)
            return lambda: float(numpy.mean((predictions - y) ** 2))

        return predict
    model.compile(keras.optimizers.Adam(LEARNING_RATE, BETA_1, BETA_2, EPSILON), loss="mse")

    def train():
        loss = float(model.train_on_batch(x, y))

        def own():
            # What comes back is the mean over all batches since the last reset.
            model.reset_metrics()
            return loss

        return own

    return train


def build(task):
    stateful = task["work"] == "stream"
    layers = [keras.Input(batch_shape=(task["batch"], task["time"], task["features"]))]
    make = keras.layers.LSTM if task["cell"] == "lstm" else keras.layers.GRU
    for index in range(task["layers"]):
        layer = make(task["units"], return_sequences=index < task["layers"] - 1, stateful=stateful)
        layers.append(keras.layers.Bidirectional(layer) if task["bidirectional"] else layer)
    return keras.Sequential([*layers, keras.layers.Dense(1)])
