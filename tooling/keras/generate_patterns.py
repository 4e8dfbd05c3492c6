"""Runs the five patterns of apps/patterns in real Keras and writes what they give to its fixtures folder.

Run by `bash tooling/keras/generate.sh`, which makes the virtual environment.
"""

import importlib
import json
import os
import pathlib
import sys

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

root = pathlib.Path(__file__).resolve().parents[2] / "apps" / "patterns"
sys.path.insert(0, str(root / "src"))


def plain(value):
    if isinstance(value, np.ndarray):
        return {"shape": list(value.shape), "data": [float(v) for v in value.astype("float32").ravel()]}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return int(value) if isinstance(value, (int, np.integer)) else float(value)


result = {
    "command": "bash tooling/keras/generate.sh",
    "keras": keras.__version__,
    "tensorflow": tf.__version__,
    "patterns": {},
}
for name in ["stateful_loop", "one_to_many_repeat", "one_to_many_state_loop", "stateful_forecast", "autoencoder"]:
    keras.utils.set_random_seed(1)  # the weights are set by formula; this only fixes what is drawn before
    run = importlib.import_module(name).run()
    result["patterns"][name.replace("_", "-")] = {key: plain(value) for key, value in run.items()}

target = root / "fixtures" / "keras.json"
target.parent.mkdir(exist_ok=True)
temporary = target.with_suffix(".tmp")
temporary.write_text(json.dumps(result, indent=1) + "\n")
temporary.replace(target)
print(f"wrote {target.relative_to(root.parents[1])}")
