"""One to many by repetition: one reading goes in, repeated for every step, and a sequence comes out."""

import keras
from given import tanks, weights_for


def run():
    data = tanks(4, 9)
    x, y = data[:, 0], data[:, 1:]  # [tanks, features] to [tanks, steps, features]
    steps, features = y.shape[1], y.shape[2]

    inputs = keras.Input(shape=(features,))
    outputs = keras.layers.RepeatVector(steps)(inputs)
    outputs = keras.layers.LSTM(5, return_sequences=True)(outputs)
    outputs = keras.layers.LSTM(features, return_sequences=True)(outputs)  # units = features: no dense layer
    model = keras.Model(inputs, outputs)
    model.set_weights(weights_for(model))
    model.compile(loss="mse", optimizer="adam")
    history = model.fit(x, y, epochs=3, batch_size=4, shuffle=False, verbose=0)
    forecast = model.predict(x, verbose=0)
    return {"inputShape": x.shape, "outputShape": forecast.shape, "losses": history.history["loss"], "forecast": forecast}
