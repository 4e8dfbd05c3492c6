"""Runs one configuration of layers in Keras: outputs, masks, states, penalties, gradients."""

from contextlib import nullcontext
from unittest import mock

import keras
import numpy as np
import tensorflow as tf
from build import constraints_of, model_of, recurrent_layers, set_drawn_weights
from drawn import array_of, drawn
from drawn_dropout import drawn_as_ours
from keras.src.regularizers import regularizers
from plain import plain

DETERMINISTIC = (keras.initializers.Zeros, keras.initializers.Ones, keras.initializers.Constant, keras.initializers.Identity)


class OpsOf64Bits:
    """Keras makes float32 of the factors of its `L1` and `OrthogonalRegularizer`, whatever the policy. Here they stay numbers."""

    def __getattr__(self, name):
        return getattr(keras.ops, name)

    def convert_to_tensor(self, x, dtype=None):
        return x if dtype is None else keras.ops.convert_to_tensor(x, dtype)


def in_64_bits(run, case):
    """What `run` gives for a case with weights and arithmetic of 64 bits; the numbers that are drawn are the same."""
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    try:
        with mock.patch.object(regularizers, "ops", OpsOf64Bits()):
            return run(case)
    finally:
        keras.config.set_floatx("float32")
        keras.config.set_dtype_policy("float32")


def run_layers(case, nudge=0):
    """`nudge`: by how much of itself each weight and each drawn input is changed, at most."""
    name = case["name"]
    keras.utils.clear_session(free_memory=False)
    model = model_of(case)
    result = {"weights": [list(weight.shape) for weight in model.weights]}
    if case.get("initial"):
        result["initial"] = plain(model.get_weights())
    set_drawn_weights(model, name, nudge)
    stateful = [layer for layer in recurrent_layers(model) if layer.stateful]
    for state in [state for layer in stateful for state in keras.tree.flatten(layer.states)]:
        state.assign(keras.ops.zeros_like(state))  # `reset_state` fails on stacked cells
    masks = [np.array(case["mask"][key], bool) if key in case.get("mask", {}) else None for key in case["inputs"]]
    mask = None if "mask" not in case else masks if len(masks) > 1 else masks[0]
    training = case.get("training", False)
    calls = []
    for call in range(case.get("calls", 1)):
        arrays = {key: array_of(spec, f"{name}/input {key} {call}", nudge) for key, spec in case["inputs"].items()}
        inputs = [tf.constant(array) for array in arrays.values()]
        watched = [tensor for tensor in inputs if tensor.dtype == tf.float32]
        with tf.GradientTape() as tape, drawn_as_ours(case["seed"]) if "seed" in case else nullcontext():
            tape.watch(watched)
            outputs = model(inputs if len(inputs) > 1 else inputs[0], training=training, mask=mask)
            outputs = keras.tree.flatten(outputs)
            terms = [tf.reduce_sum(y * drawn(f"{name}/cotangent {i}", y.shape).astype(y.dtype.name)) for i, y in enumerate(outputs)]
            penalty = tf.add_n(model.losses) if model.losses else tf.constant(0.0)
            loss = tf.add_n(terms) + tf.cast(penalty, terms[0].dtype)
        calls.append(plain(outputs))
    weights = model.trainable_weights
    found = tape.gradient(loss, [*weights, *watched], unconnected_gradients="zero")
    dense = [tf.convert_to_tensor(gradient) for gradient in found]
    result |= {"outputs": calls, "gradients": plain(dense[: len(weights)]), "inputGradients": plain(dense[len(weights) :])}
    # What Keras leaves on attention scores is not a mask of steps.
    seen = [mask if mask is not None and len(mask.shape) == 2 else None for mask in map(keras.src.backend.get_keras_mask, outputs)]
    if any(one is not None for one in seen):
        result["masks"] = [None if one is None else plain(np.asarray(one).astype("int32")) for one in seen]
    if model.losses:
        result["penalty"] = plain(float(penalty))
    if stateful:
        result["state"] = plain([state for layer in stateful for state in keras.tree.flatten(layer.states)])
    if case.get("training"):
        result["after"] = plain([weight.numpy() for weight in model.non_trainable_weights])
    limited = constraints_of(model)
    if any(limited):
        result["constrained"] = [constraint and plain(constraint(weight.value)) for constraint, weight in zip(limited, model.weights)]
    return {**case, "keras": result}
