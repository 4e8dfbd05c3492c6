"""Many to many with state: train on the next step, let the whole history set the state, then roll forward."""

import keras
import numpy as np
from given import tanks, weights_for


def run():
    data = tanks(3, 12)
    x, y = data[:, :-1], data[:, 1:]
    features = data.shape[2]

    model = keras.Sequential([
        keras.Input(batch_shape=(3, None, features)),
        keras.layers.LSTM(6, return_sequences=True, stateful=True),
        keras.layers.LSTM(4, return_sequences=True, stateful=True),
        keras.layers.Dense(features),
    ])
    model.set_weights(weights_for(model))
    model.compile(loss="mse", optimizer="adam")

    def reset_states():
        for layer in model.layers[:2]:
            layer.reset_states()

    losses = []
    for _ in range(3):
        reset_states()
        losses += model.fit(x, y, epochs=1, batch_size=3, shuffle=False, verbose=0).history["loss"]

    reset_states()
    predicted = model.predict(data, batch_size=3, verbose=0)  # the whole history adjusts the state
    step = predicted[:, -1:]  # the first step of the future
    future = [step]
    for _ in range(5):
        step = model.predict(step, batch_size=3, verbose=0)  # no reset: the state goes on
        future.append(step)
    forecast = np.concatenate(future, axis=1)
    return {"inputShape": data.shape, "outputShape": forecast.shape, "losses": losses, "forecast": forecast}
