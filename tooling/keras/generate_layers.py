"""Runs many configurations of layers and short trainings in real Keras and writes what they give to packages/testing/fixtures.

Run by `bash tooling/keras/generate.sh`, which makes the virtual environment. Weights and inputs are not written: both
sides draw them from the seed.
"""

import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from build import model_of, recurrent_layers, set_drawn_weights  # noqa: E402
from drawn import SEED, array_of, drawn  # noqa: E402
from layer_cases import cases  # noqa: E402
from plain import plain  # noqa: E402
from run_callbacks import decisions  # noqa: E402
from run_training import trajectories  # noqa: E402


def run_layers(case):
    name = case["name"]
    keras.utils.clear_session()
    model = model_of(case)
    result = {"weights": [list(weight.shape) for weight in model.weights]}
    if case.get("initial"):
        result["initial"] = plain(model.get_weights())
    set_drawn_weights(model, name)
    stateful = [layer for layer in recurrent_layers(model) if layer.stateful]
    for layer in stateful:
        layer.reset_state()
    masks = [np.array(case["mask"][key], bool) if key in case.get("mask", {}) else None for key in case["inputs"]]
    mask = None if "mask" not in case else masks if len(masks) > 1 else masks[0]
    calls = []
    for call in range(case.get("calls", 1)):
        arrays = {key: array_of(spec, f"{name}/input {key} {call}") for key, spec in case["inputs"].items()}
        inputs = [tf.constant(array) for array in arrays.values()]
        watched = [tensor for tensor in inputs if tensor.dtype == tf.float32]
        with tf.GradientTape() as tape:
            tape.watch(watched)
            outputs = model(inputs if len(inputs) > 1 else inputs[0], training=case.get("training", False), mask=mask)
            outputs = keras.tree.flatten(outputs)
            terms = [tf.reduce_sum(y * drawn(f"{name}/cotangent {i}", y.shape)) for i, y in enumerate(outputs)]
            penalty = tf.add_n(model.losses) if model.losses else tf.constant(0.0)
            loss = tf.add_n(terms) + penalty
        calls.append(plain(outputs))
    weights = model.trainable_weights
    found = tape.gradient(loss, [*weights, *watched], unconnected_gradients="zero")
    dense = [tf.convert_to_tensor(gradient) for gradient in found]
    result |= {"outputs": calls, "gradients": plain(dense[: len(weights)]), "inputGradients": plain(dense[len(weights) :])}
    if model.losses:
        result["penalty"] = plain(float(penalty))
    if stateful:
        result["state"] = plain([state for layer in stateful for state in keras.tree.flatten(layer.states)])
    if case.get("training"):
        result["after"] = plain([weight.numpy() for weight in model.non_trainable_weights])
    return {**case, "keras": result}


def write(target, heading, sections):
    """One line a case, so that a change shows which ones it touched."""
    lines = [f'"{key}": {json.dumps(value)}' for key, value in heading.items()]
    for key, items in sections.items():
        rows = ",\n".join(json.dumps(item, separators=(",", ":")) for item in items)
        lines.append(f'"{key}": [\n{rows}\n]')
    temporary = target.with_suffix(".tmp")
    temporary.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    temporary.replace(target)


if __name__ == "__main__":
    root = pathlib.Path(__file__).resolve().parents[2]
    target = root / "packages" / "testing" / "fixtures" / "keras-layers.json"
    target.parent.mkdir(exist_ok=True)
    heading = {"command": "bash tooling/keras/generate.sh", "keras": keras.__version__, "tensorflow": tf.__version__, "seed": SEED}
    layers = [run_layers(case) for case in cases]
    write(target, heading, {"layers": layers, "training": trajectories(), "callbacks": decisions()})
    print(f"wrote {target.relative_to(root)}: {len(layers)} configurations, {target.stat().st_size} bytes")
