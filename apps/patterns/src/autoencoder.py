"""Encoder, decoder, autoencoder: a sequence becomes a few numbers and a sequence again, trained to give what it got."""

import keras
from given import tanks, weights_for


def run():
    data = tanks(5, 8)
    steps, features = data.shape[1], data.shape[2]

    inputs = keras.Input(shape=(steps, features))
    encoder = keras.Model(inputs, keras.layers.LSTM(3)(inputs))

    code = keras.Input(shape=(3,))
    outputs = keras.layers.RepeatVector(steps)(code)
    outputs = keras.layers.LSTM(4, return_sequences=True)(outputs)
    outputs = keras.layers.LSTM(features, return_sequences=True)(outputs)
    decoder = keras.Model(code, outputs)

    autoencoder = keras.Model(inputs, decoder(encoder(inputs)))
    encoder.set_weights(weights_for(encoder))
    decoder.set_weights(weights_for(decoder))
    autoencoder.compile(loss="mse", optimizer="adam")
    history = autoencoder.fit(data, data, epochs=3, batch_size=5, shuffle=False, verbose=0)
    forecast = decoder.predict(encoder.predict(data, verbose=0), verbose=0)
    return {"inputShape": data.shape, "outputShape": forecast.shape, "losses": history.history["loss"], "forecast": forecast}
