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
from run_layers import run_layers
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


def by_hand():
    """What the draws do not reach: conv1d with its axes swapped, which Keras has for groups alone, and a few values more."""
    x = {"x": {"shape": [2, 4, 6]}}
    for i, rest in enumerate([{}, {"padding": "same"}, {"padding": "causal", "dilationRate": 2}, {"strides": 2}, {"kernelSize": 1, "activation": "softmax"}]):
        both = [{"type": "conv1d", "filters": 4, "kernelSize": 2, "groups": 2, "dataFormat": name, **rest} for name in ("channelsFirst", "channels_first")]
        nodes = [{"layer": spec, "of": "x", "as": f"y{j}"} for j, spec in enumerate(both)]
        yield run_layers({"name": f"channels first {i}", "inputs": x, "nodes": nodes, "outputs": ["y0", "y1"]})
    penalty = {"name": "l1", "l1": 0.02}
    dense = {"type": "dense", "units": 2, "kernelInitializer": {"name": "constant", "value": 0.3}}
    more = [
        {"type": "bidirectional", "layer": {"type": "gru", "units": 2}, "backwardLayer": {"type": "gru", "units": 2, "goBackwards": True}},
        {"type": "timeDistributed", "activityRegularizer": penalty, "layer": dense},
        {"type": "activation", "activation": "sparsemax"},
        {"type": "maxPooling1d", "poolSize": 2},
        {"type": "maxPooling1d", "poolSize": 1, "strides": 3},
        {"type": "reshape", "targetShape": [-1], "activityRegularizer": penalty},
    ]
    nodes = [{"layer": spec, "of": "x", "as": f"y{j}"} for j, spec in enumerate(more)]
    yield run_layers({"name": "a few values more", "inputs": x, "nodes": nodes, "outputs": [node["as"] for node in nodes]})


SECTIONS = {
    "layers": lambda: [*cover("layers", draw_case, factories(), cases), *by_hand()],
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
