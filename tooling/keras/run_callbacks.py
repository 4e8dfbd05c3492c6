"""What EarlyStopping and ReduceLROnPlateau decide on given losses."""

import keras
import numpy as np
from build import snake

FALLING = [1, 0.9, 0.95, 0.96, 0.97]
FLAT = [1.0] * 9
SLOW = [1, 0.99995, 0.99992, 0.99985, 0.99, 0.98995, 0.98991]
UP = [0.1, 0.3, 0.2, 0.25, 0.4, 0.1, 0.1]

STOPPING = [
    (FALLING, {}),
    (FALLING, {"patience": 1}),
    (FALLING, {"patience": 2}),
    (FALLING, {"patience": 2, "restoreBestWeights": True}),
    (FALLING, {"patience": 5, "restoreBestWeights": True}),
    ([1, 0.9, 0.895, 0.894], {"patience": 2, "minDelta": 0.01}),
    ([1, 0.9, 0.895, 0.894], {"patience": 2, "minDelta": -0.01, "restoreBestWeights": True}),
    ([1, 0.9, 0.8, 0.7, 0.6], {"patience": 2, "baseline": 0.5}),
    ([0.4, 0.5, 0.6, 0.3], {"patience": 2, "baseline": 0.45}),
    ([0.6, 0.5, 0.55, 0.44, 0.46, 0.47, 0.48], {"patience": 2, "baseline": 0.45, "restoreBestWeights": True}),
    ([1, 1.1, 1.2, 1.3], {"patience": 1, "startFromEpoch": 2}),
    ([1, 1.1, 1.2, 1.3, 1.25], {"patience": 1, "startFromEpoch": 2, "restoreBestWeights": True}),
    ([2, 1], {"startFromEpoch": 5, "restoreBestWeights": True}),
    (UP, {"mode": "max", "patience": 2, "restoreBestWeights": True}),
    ([1, 1, 1], {"patience": 0}),
]
REDUCING = [
    (FLAT, {"factor": 0.5, "patience": 2}),
    (FLAT, {"factor": 0.5, "patience": 2, "cooldown": 2}),
    (FLAT, {"factor": 0.5, "patience": 1, "cooldown": 1}),
    (FLAT, {"factor": 0.1, "patience": 1, "minLearningRate": 0.004}),
    (FLAT, {"factor": 0.5, "patience": 0}),
    (SLOW, {"factor": 0.5, "patience": 2}),
    (SLOW, {"factor": 0.5, "patience": 1, "minDelta": 0}),
    (UP, {"factor": 0.5, "patience": 2, "mode": "max"}),
    ([1, 2, 0.5, 2, 2, 0.4, 2, 2, 2], {"factor": 0.5, "patience": 2, "cooldown": 3}),
]


def model_of_one_weight():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(keras.optimizers.SGD(0.1), "mae")
    return model


def run(callback, losses, of_epoch):
    model = model_of_one_weight()
    callback.set_model(model)
    model.stop_training = False
    callback.on_train_begin()
    seen = []
    for epoch, loss in enumerate(losses):
        model.set_weights([np.array([[epoch + 1.0]])])
        callback.on_epoch_end(epoch, {"loss": float(np.float32(loss))})  # as a loss is when it has been computed
        seen.append(of_epoch(model))
        if model.stop_training:
            break
    callback.on_train_end()
    return model, seen


def run_callback(case):
    """What a callback decides on given losses, as packages/testing describes it."""
    kind, losses = case["callback"], case["losses"]
    options = {"min_lr" if key == "minLearningRate" else snake(key): value for key, value in case["options"].items()}
    if kind == "earlyStopping":
        callback = keras.callbacks.EarlyStopping(monitor="loss", **options)
        model, seen = run(callback, losses, lambda model: None)
        kept = {"epochs": len(seen), "weight": float(model.get_weights()[0][0, 0]), "stopped": bool(model.stop_training)}
        return {**case, "keras": kept}
    callback = keras.callbacks.ReduceLROnPlateau(monitor="loss", **options)
    _, rates = run(callback, losses, lambda model: round(float(model.optimizer.learning_rate), 9))
    return {**case, "keras": {"rates": rates}}


def decisions():
    stopping = [{"callback": "earlyStopping", "losses": losses, "options": options} for losses, options in STOPPING]
    reducing = [{"callback": "reduceLROnPlateau", "losses": losses, "options": options} for losses, options in REDUCING]
    return [run_callback(case) for case in [*stopping, *reducing]]
