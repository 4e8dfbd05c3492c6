"""Draws configurations until every value of every option is in at least five, and every pair of recurrent options in one, and writes what Keras gives to packages/testing/fixtures.

Run by `bash tooling/keras/generate.sh`; `layers`, `training`, `callbacks` or `windows` after it draws these alone. The seed is fixed, so that the same ones are drawn until the table of values changes.
"""

import json
import pathlib
import sys

from live import answered, tame  # first: it sets Keras up

import keras
import tensorflow as tf
from draw_layers import draw_case
from draw_small import draw_callback, draw_windows
from draw_training import LOSSES, OPTIMIZERS, SCHEDULES, draw_training
from drawn import SEED
from draws import Draws
from layer_cases import cases
from option_values import FIXTURES, factories
from wanted import Wanted
from write_fixtures import write

LEAST = 5
CALLBACKS = ("earlyStopping", "reduceLROnPlateau")
CUTS = ("timeseriesDatasetFromArray", "padSequences")


def specs_of(case):
    """Every description of a factory with its options within."""
    if "callback" in case:
        return [{"type": case["callback"], **case["options"]}]
    if "cut" in case:
        return [{"type": case["cut"], **case["options"]}]
    return case


OUT = pathlib.Path(__file__).resolve().parent / "out"


def answered_before(kind, case):
    """What Keras gave for a configuration in a run that was broken off."""
    file = OUT / f"{kind}.jsonl"
    if not file.exists():
        return None
    for line in file.read_text().splitlines():
        answer = json.loads(line)
        if all(answer.get(key) == value for key, value in case.items() if key != "kind"):
            return {"kind": kind, **answer}
    return None


def kept_so_far(kind, answer):
    OUT.mkdir(exist_ok=True)
    with (OUT / f"{kind}.jsonl").open("a") as file:
        file.write(json.dumps(answer) + "\n")


def cover(kind, draw, names, already=(), patience=60):
    wanted = Wanted(LEAST, names)
    for case in already:
        wanted.take(specs_of(case))
    draws = Draws(1, wanted)
    kept, idle = [], 0
    while wanted.missing() and idle < patience:
        keras.utils.clear_session(free_memory=False)
        wanted.in_case = set()
        case = {"kind": kind, **draw(draws, f"{kind} {len(kept)}")}
        idle += 1
        if "refused" in case or wanted.gain(specs_of(case)) == 0:
            continue
        result = answered_before(kind, case) or answered(case)
        if "refused" in result or not tame(result["keras"]):
            continue
        idle = 0
        wanted.take(specs_of(case))
        kept.append({key: value for key, value in result.items() if key != "kind"})
        kept_so_far(kind, kept[-1])
        print(f"{kind}: {len(kept)} kept, {sum(wanted.lacking.values())} lacking", file=sys.stderr, flush=True)
    for lack in wanted.missing():
        print(f"still lacking: {lack}", file=sys.stderr)
    (OUT / f"{kind}.jsonl").unlink(missing_ok=True)
    return kept


SECTIONS = {
    "layers": lambda: cover("layers", draw_case, factories(), cases),
    "training": lambda: cover("training", draw_training, [*LOSSES, *OPTIMIZERS, *SCHEDULES]),
    "callbacks": lambda: cover("callback", draw_callback, CALLBACKS),
    "windows": lambda: cover("windows", draw_windows, CUTS),
}


if __name__ == "__main__":
    heading = {"command": "bash tooling/keras/generate.sh", "keras": keras.__version__, "tensorflow": tf.__version__, "seed": SEED}
    for name in sys.argv[1:] or SECTIONS:
        target = FIXTURES / f"keras-options-{name}.json"
        found = SECTIONS[name]()
        write(target, heading, {name: found})
        print(f"wrote {target.name}: {len(found)}, {target.stat().st_size} bytes")
