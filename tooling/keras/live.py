"""Draws configurations, asks Keras, and writes one line of JSON for each: what packages/testing replays. The reader answers each with a
line: `next`, or `steady?` where it found a difference, with its size if it is one of numbers.

`--seed N --count N`, at most `--minutes N`, or `--replay FILE` for configurations on lines of a file. The first line says the versions. Run by
`pnpm test:keras`.
"""

import argparse
import gc
import json
import math
import os
import re
import sys
import time
import warnings

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
warnings.filterwarnings("ignore")

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from drawn import SEED  # noqa: E402
from draws import Draws  # noqa: E402
from draw_layers import draw_case  # noqa: E402
from draw_small import draw_callback, draw_windows  # noqa: E402
from draw_training import draw_training  # noqa: E402
from run_callbacks import run_callback  # noqa: E402
from run_layers import in_64_bits, run_layers  # noqa: E402
from run_training import run_training  # noqa: E402
from run_windows import run_windows  # noqa: E402

LARGEST = 1e3
gc.freeze()  # TensorFlow's many objects need no look at each collection
tf.get_logger().setLevel("CRITICAL")  # of a while_loop's arrays that no output needs
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


def said_by(error):
    """In one line, without the colours."""
    return re.sub(r"\x1b\[\d*m", "", " ".join(f"{type(error).__name__}: {error}".split()))[:400]


ASKED = {"layers": run_layers, "training": run_training, "callback": run_callback, "windows": run_windows}


def answered(case):
    """The configuration with what Keras gives for it, or why it refuses."""
    if "refused" in case:
        return case
    try:
        return ASKED[case["kind"]](case)
    except Exception as error:
        return {**case, "refused": said_by(error)}


NUDGES = (2**-20, -(2**-20), 2**-21, -(2**-21))  # one alone may round as nothing did
NEAR = {"layers": 1e-5, "training": 1e-4}  # packages/testing/src/replay-layer.ts and replay-training.ts compare by these


def steady(answer, difference):
    """Whether Keras gives the same, as near as we compare, when every weight and input is changed by a millionth of itself at most, and
    when the rows of a batch are added up in another order. Where it does not, rounding alone decides, and float32 has nothing to
    compare; nor where a difference of the reader's is no more than what lies between Keras and Keras in 64 bits, and what we compare by."""
    kind = answer["kind"]
    if kind not in NEAR or "refused" in answer:
        return True
    if difference <= distance_to_64_bits(answer) + NEAR[kind]:
        return False
    others = [{"nudge": nudge} for nudge in NUDGES]
    if kind == "training" and "fit" not in answer:
        others.append({"reverse": True})
    return all(distance(answer, ASKED[kind](answer, **other)) <= NEAR[kind] for other in others)


def distance_to_64_bits(answer):
    try:
        return distance(answer, in_64_bits(ASKED[answer["kind"]], answer))
    except Exception:  # a layer that does not go together with 64 bits: nothing is excused
        return -math.inf


def distance(answer, other):
    """The largest difference of two results, each array's in terms of its largest number, if that is above 1."""
    pairs = zip(arrays_of(answer["keras"]), arrays_of(other["keras"]), strict=True)
    return max((apart(*pair) for pair in pairs), default=0)


DEPTHS = {"outputs": 2, "gradients": 1, "inputGradients": 1, "penalty": 0, "state": 1, "after": 1, "weights": 1, "prediction": 1}


def arrays_of(result):
    """What is compared, array by array."""

    def within(value, depth):
        return [np.array(value, float)] if depth == 0 else [array for item in value for array in within(item, depth - 1)]

    logs = [np.array(values, float) for values in result.get("logs", {}).values()]
    return logs + [array for key, depth in DEPTHS.items() if key in result for array in within(result[key], depth)]


def apart(expected, received):
    if expected.shape != received.shape:
        return math.inf
    return np.abs(expected - received).max(initial=0) / max(1, np.abs(expected).max(initial=0))


def drawn_case(draws, name):
    """A configuration and Keras' answer, and how many were drawn before it whose numbers overflow."""
    kind = draws.weighted({"layers": 70, "training": 18, "callback": 5, "windows": 7})
    overflowing = 0
    while True:
        keras.utils.clear_session(free_memory=False)
        result = answered({"kind": kind, **DRAWN[kind](draws, name)})
        if tame(result.get("keras", {})):
            return {**result, "overflowing": overflowing}
        overflowing += 1


def told(result):
    """Writes an answer, and says whether it is steady if the reader asks, since it found a difference. Gives whether it was compared."""
    write(result)
    word, *difference = sys.stdin.readline().split()
    if word != "steady?":
        return True
    found = steady(result, float(difference[0]) if difference else math.inf)
    write({"steady": found})
    return found


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
                told(answered({key: value for key, value in case.items() if key not in ("keras", "refused", "overflowing")}))
    else:
        draws = Draws(options.seed)
        end = time.monotonic() + 60 * options.minutes
        for i in range(options.count):
            if time.monotonic() > end:
                break
            while not told(drawn_case(draws, f"live {options.seed} {i}")):
                pass
