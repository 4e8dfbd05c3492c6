"""Draws configurations until every value of every option is in at least five, and writes what Keras gives to packages/testing/fixtures.

Run by `bash tooling/keras/generate.sh`. The seed is fixed, so that the same ones are drawn until the table of values changes.
"""

import json
import sys

from live import answered, steady, tame  # first: it sets Keras up

import keras
import tensorflow as tf
from draw_layers import draw_case
from draw_small import draw_callback, draw_windows
from draw_training import LOSSES, OPTIMIZERS, SCHEDULES, draw_training
from drawn import SEED
from draws import Draws, seen_values, wanted_values
from layer_cases import cases
from option_values import FIXTURES, factories
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


# Layers that are drawn side by side.
GROUPS = [
    ["lstm", "gru", "simpleRnn", "conv1d", "dense", "activation", "layerNormalization", "batchNormalization", "embedding"],
    ["rnn", "lstmCell", "gruCell", "simpleRnnCell", "bidirectional", "timeDistributed", "multiHeadAttention", "attention", "additiveAttention", "dot", "concatenate"],
]  # fmt: skip
GROUPS.append([factory for factory in factories() if factory not in [*GROUPS[0], *GROUPS[1]]])


def cover(kind, draw, names, already=(), patience=150, title=None):
    title = title or kind
    wanted = wanted_values(LEAST, names)
    for case in already:
        wanted.subtract(set(seen_values(specs_of(case))))
    draws = Draws(1, wanted, names)
    kept, idle = [], 0
    while any(count > 0 for key, count in wanted.items() if key[0] in names) and idle < patience:
        keras.utils.clear_session(free_memory=False)
        case = {"kind": kind, **draw(draws, f"{title} {len(kept)}")}
        seen = {key for key in seen_values(specs_of(case)) if key[0] in names}
        gained = sum(wanted[key] > 0 for key in seen)
        idle += 1
        if gained == 0 or "refused" in case:
            continue
        result = answered(case)
        if "refused" in result or not tame(result["keras"]) or not steady(result):
            continue
        idle = 0
        wanted.subtract(seen)
        kept.append({key: value for key, value in result.items() if key != "kind"})
        lacking = sum(max(0, wanted[key]) for key in wanted if key[0] in names)
        print(f"{title}: {len(kept)} kept, {lacking} values lacking", file=sys.stderr, flush=True)
    for key, count in wanted.items():
        if count > 0 and key[0] in names:
            print(f"still lacking {count}: {key}", file=sys.stderr)
    return kept


if __name__ == "__main__":
    heading = {"command": "bash tooling/keras/generate.sh", "keras": keras.__version__, "tensorflow": tf.__version__, "seed": SEED}
    sections = {
        "layers": [case for i, group in enumerate(GROUPS) for case in cover("layers", draw_case, group, cases, title=f"layers {'abc'[i]}")],
        "training": cover("training", draw_training, [*LOSSES, *OPTIMIZERS, *SCHEDULES]),
        "callbacks": cover("callback", draw_callback, CALLBACKS),
        "windows": cover("windows", draw_windows, CUTS),
    }
    target = FIXTURES / "keras-options.json"
    write(target, heading, sections)
    print(f"wrote {target.name}: {[len(items) for items in sections.values()]}, {target.stat().st_size} bytes")
