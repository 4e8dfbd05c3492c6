"""Draws configurations, asks Keras, and writes one line of JSON for each: what packages/testing replays.

`--seed N --count N`, at most `--minutes N`, or `--replay FILE` for configurations on lines of a file. The first line says the versions. Run by
`pnpm test:keras`.
"""

import argparse
import gc
import json
import math
import os
import sys
import time
import warnings

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
warnings.filterwarnings("ignore")

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402
from drawn import SEED  # noqa: E402
from draws import Draws  # noqa: E402
from draw_layers import draw_case  # noqa: E402
from draw_small import draw_callback, draw_windows  # noqa: E402
from draw_training import draw_training  # noqa: E402
from run_callbacks import run_callback  # noqa: E402
from run_layers import run_layers  # noqa: E402
from run_training import run_training  # noqa: E402
from run_windows import run_windows  # noqa: E402

LARGEST = 1e3
gc.freeze()  # TensorFlow's many objects need no look at each collection
tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)


def write(line):
    sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def tame(value):
    """Whether every number is finite and of a size that float32 can compare to 1e-5."""
    if isinstance(value, dict):
        return all(tame(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return all(tame(item) for item in value)
    return not isinstance(value, float) or (math.isfinite(value) and abs(value) <= LARGEST)


ASKED = {"layers": run_layers, "training": run_training, "callback": run_callback, "windows": run_windows}


def answered(case):
    """The configuration with what Keras gives for it, or why it refuses."""
    if "refused" in case:
        return case
    try:
        return ASKED[case["kind"]](case)
    except Exception as error:
        return {**case, "refused": f"{type(error).__name__}: {error}".split("\n")[0][:300]}


def drawn_case(draws, name):
    """A configuration and Keras' answer; one whose numbers overflow is drawn again."""
    kind = draws.weighted({"layers": 70, "training": 18, "callback": 5, "windows": 7})
    while True:
        keras.utils.clear_session(free_memory=False)
        result = answered({"kind": kind, **DRAWN[kind](draws, name)})
        if tame(result.get("keras", {})):
            return result


DRAWN = {"layers": draw_case, "training": draw_training, "callback": draw_callback, "windows": draw_windows}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--replay")
    options = parser.parse_args()
    write({"keras": keras.__version__, "tensorflow": tf.__version__, "seed": SEED})
    if options.replay:
        with open(options.replay) as file:
            for line in file:
                case = json.loads(line)
                write(answered({key: value for key, value in case.items() if key not in ("keras", "refused")}))
    else:
        draws = Draws(options.seed)
        end = time.monotonic() + 60 * options.minutes
        for i in range(options.count):
            if time.monotonic() > end:
                break
            write(drawn_case(draws, f"live {options.seed} {i}"))
