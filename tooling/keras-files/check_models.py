"""Loads what we saved and compares predictions: check_models.py FOLDER. Says how many fit, and fails when one does not."""

import glob
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import warnings

warnings.filterwarnings("ignore")
import keras
import numpy as np
from write_models import predictions

TOLERANCE = 1e-5


def array(described, dtype):
    return np.array(described["values"]).reshape(described["shape"]).astype(dtype)


def main():
    files = sorted(glob.glob(os.path.join(sys.argv[1], "*.ours.keras")))
    failed, worst = [], 0.0
    for path in files:
        with open(path.replace(".ours.keras", ".json")) as file:
            case = json.load(file)
        keras.utils.clear_session()
        try:
            model = keras.models.load_model(path)
            data = [array(each, tensor.dtype) for each, tensor in zip(case["inputs"], model.inputs)]
            difference = max(float(np.max(np.abs(mine - array(theirs, "float32")))) for mine, theirs in zip(predictions(model, data), case["outputs"]))
        except Exception as error:
            failed.append(f"{path} ({' '.join(case['words'])}): {str(error).strip().splitlines()[-1][:300]}")
            continue
        worst = max(worst, difference)
        if not difference <= TOLERANCE:
            failed.append(f"{path} ({' '.join(case['words'])}): differs by {difference:.2e}")
    for line in failed:
        print(line)
    print(f"Keras {keras.__version__} loaded {len(files) - len(failed)} of {len(files)} of our files with equal predictions; largest difference {worst:.1e}")
    sys.exit(1 if failed or not files else 0)


if __name__ == "__main__":
    main()
