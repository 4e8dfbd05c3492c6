"""Runs many configurations of layers and short trainings in real Keras and writes what they give to packages/testing/fixtures.

Run by `bash tooling/keras/generate.sh`, which makes the virtual environment. Weights and inputs are not written: both
sides draw them from the seed.
"""

import os
import pathlib

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402
from drawn import SEED  # noqa: E402
from layer_cases import cases  # noqa: E402
from run_callbacks import decisions  # noqa: E402
from run_layers import run_layers  # noqa: E402
from run_training import trajectories  # noqa: E402
from write_fixtures import write  # noqa: E402


if __name__ == "__main__":
    root = pathlib.Path(__file__).resolve().parents[2]
    target = root / "packages" / "testing" / "fixtures" / "keras-layers.json"
    target.parent.mkdir(exist_ok=True)
    heading = {"command": "bash tooling/keras/generate.sh", "keras": keras.__version__, "tensorflow": tf.__version__, "seed": SEED}
    layers = [run_layers(case) for case in cases]
    write(target, heading, {"layers": layers, "training": trajectories(), "callbacks": decisions()})
    print(f"wrote {target.relative_to(root)}: {len(layers)} configurations, {target.stat().st_size} bytes")
