"""Many to one, stateful, one window at a time: the loop of the well-known stock price tutorial, as Keras 3 wants it."""

import keras
import numpy as np
from given import wave, weights_for


def create_dataset(dataset, look_back):
    x, y = [], []
    for i in range(len(dataset) - look_back):
        x.append(dataset[i : i + look_back, 0])
        y.append(dataset[i + look_back, 0])
    return np.array(x), np.array(y)


def run():
    look_back = 3
    prices = 0.5 + wave((24, 1), 0.2, 0.55)
    x, y = create_dataset(prices, look_back)
    x = np.reshape(x, (x.shape[0], look_back, 1))  # [samples, time steps, features]

    model = keras.Sequential([
        keras.Input(batch_shape=(1, look_back, 1)),
        keras.layers.LSTM(4, stateful=True),
        keras.layers.Dense(1),
    ])
    model.set_weights(weights_for(model))
    model.compile(loss="mean_squared_error", optimizer="adam")
    losses = []
    for _ in range(3):
        history = model.fit(x, y, epochs=1, batch_size=1, verbose=0, shuffle=False)
        losses += history.history["loss"]
        model.layers[0].reset_states()
    forecast = model.predict(x, batch_size=1, verbose=0)
    return {"inputShape": x.shape, "outputShape": forecast.shape, "losses": losses, "forecast": forecast}
