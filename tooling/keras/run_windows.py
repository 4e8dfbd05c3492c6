"""Cuts windows and pads sequences with Keras."""

import keras
import numpy as np
from build import snake
from plain import plain

PAD = {"max_length": "maxlen"}


def run_windows(case):
    options = {snake(key): value for key, value in case["options"].items()}
    if case["cut"] == "padSequences":
        padded = keras.utils.pad_sequences(case["sequences"], **{PAD.get(key, key): value for key, value in options.items()})
        return {**case, "keras": {"padded": plain(padded), "shape": list(padded.shape)}}
    targets = None if case["targets"] is None else np.array(case["targets"], "float32")
    dataset = keras.utils.timeseries_dataset_from_array(np.array(case["data"], "float32"), targets, **options)
    batches = [item if isinstance(item, tuple) else (item,) for item in dataset]
    return {**case, "keras": {"batches": [plain([np.asarray(part) for part in batch]) for batch in batches]}}
