"""Runs the cases of training_cases.py."""

import re

import keras
import numpy as np
import tensorflow as tf
from build import model_of, options_of, recurrent_layers, set_drawn_weights, snake
from drawn import array_of
from plain import plain
from training_cases import cases

CLASSES = {"sgd": keras.optimizers.SGD, "rmsprop": keras.optimizers.RMSprop, "klDivergence": keras.losses.KLDivergence}
SPELLED = {
    "clip_norm": "clipnorm",
    "clip_value": "clipvalue",
    "global_clip_norm": "global_clipnorm",
}
FLOATS = ("momentum", "learning_rate", "initial_learning_rate", "warmup_target")  # Keras multiplies what it is given
BATCH = 4
STEPS = 10


def class_of(kind):
    upper = kind[0].upper() + kind[1:]
    for place in (keras.optimizers, keras.optimizers.schedules, keras.losses):
        if hasattr(place, upper):
            return getattr(place, upper)
    return CLASSES[kind]


def made(spec):
    if not isinstance(spec, dict):
        return snake(spec) if isinstance(spec, str) else spec
    options = {key: made(value) for key, value in options_of({**spec, "learningRate": None}).items() if value is not None}
    if "learningRate" in spec:
        options["learning_rate"] = made(spec["learningRate"])
    for key in FLOATS:
        if isinstance(options.get(key), int):
            options[key] = float(options[key])
    return class_of(spec["type"])(**{SPELLED.get(key, key): value for key, value in options.items()})


def camel(name, outputs):
    """Our spelling of a key: the metric in camelCase, prefixes as they are."""
    prefix, rest = re.fullmatch(rf"((?:val_)?(?:(?:{'|'.join(outputs)})_)?(?:weighted_)?)(.+)", name).groups()
    return prefix + re.sub(r"_([a-z\d])", lambda m: m.group(1).upper(), rest)


METRICS = {  # what Keras finds under no name, or under another
    "rootMeanSquaredError": keras.metrics.RootMeanSquaredError,
    "r2Score": keras.metrics.R2Score,
    "logCosh": keras.metrics.LogCoshError,
}


def metrics_of(given):
    def one(name):
        return METRICS[name](name=snake(name)) if name in METRICS else snake(name)

    return given and [[one(name) for name in item] if isinstance(item, list) else one(item) for item in given]


def densely(optimizer):
    """Keras on TensorFlow gives an optimizer the rows of an embedding's gradient one by one, and a token that occurs twice is squared
    or clipped twice before it is added up. On its other backends, and here, the gradient is one array."""
    apply = optimizer.apply

    def dense(gradients, variables=None):
        return apply([None if gradient is None else tf.convert_to_tensor(gradient) for gradient in gradients], variables)

    optimizer.apply = dense
    return optimizer


def run_training(case, nudge=0, reverse=False):
    """`nudge`: by how much of itself each weight starts elsewhere, and each input lies elsewhere, at most. `reverse`: whether the rows of
    every batch are added up from the last; only of trainings step by step."""
    name = case["name"]
    keras.utils.clear_session(free_memory=False)
    stateful = case.get("stateful", "stateful" in name)
    model = model_of(case, batch={"rows": BATCH if stateful else None})
    set_drawn_weights(model, name, nudge)
    x = [array_of(spec, f"{name}/input {key} 0", nudge) for key, spec in case["inputs"].items()][0]
    y = [array_of(spec, f"{name}/target {i}") for i, spec in enumerate(case["targets"])]
    weight = array_of(case["sampleWeight"], f"{name}/sample weight") if "sampleWeight" in case else None
    loss = case["loss"]
    model.compile(
        optimizer=densely(made(case["optimizer"])),
        loss=[made(one) for one in loss] if isinstance(loss, list) else made(loss),
        loss_weights=case.get("lossWeights"),
        metrics=metrics_of(case.get("metrics")),
        weighted_metrics=metrics_of(case.get("weightedMetrics")),
        run_eagerly=True,  # so few steps are done before they could be traced
        jit_compile=False,
    )
    if "fit" in case:
        options = {snake(key): value for key, value in case["fit"].items()}
        if "class_weight" in options:
            options["class_weight"] = {int(key): value for key, value in options["class_weight"].items()}
        run = model.fit(x, y if len(y) > 1 else y[0], sample_weight=weight, shuffle=False, verbose=0, **options)
        logs = run.history
    else:
        steps = []
        for step in range(case.get("steps", STEPS)):
            rows = np.arange(BATCH) + BATCH * (step % 2)
            rows = rows[::-1] if reverse else rows
            targets = [one[rows] for one in y]
            parts = {} if weight is None else {"sample_weight": weight[rows]}
            steps.append(model.train_on_batch(x[rows], targets if len(y) > 1 else targets[0], return_dict=True, **parts))
        logs = {key: [float(step[key]) for step in steps] for key in steps[0]}
    for layer in recurrent_layers(model):
        layer.reset_state()
    result = {
        "logs": {camel(key, model.output_names): plain(values) for key, values in sorted(logs.items())},
        "weights": plain([np.asarray(value) for value in model.get_weights()]),
        "prediction": plain([np.asarray(out) for out in keras.tree.flatten(model(x[:BATCH], training=False))]),
    }
    return {**case, "keras": result}


def trajectories():
    return [run_training(case) for case in cases]
