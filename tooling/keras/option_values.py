"""The values of every option that are drawn: packages/testing/fixtures/option-values.json, which the coverage test reads too."""

import json
import pathlib

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "packages" / "testing" / "fixtures"
TABLE = json.loads((FIXTURES / "option-values.json").read_text())
CELLS = ("lstmCell", "gruCell", "simpleRnnCell")
ANY = "any"


def options_of_factory(factory, full=False):
    """Every option with its values; `any` where the values depend on the shapes. `full`: all that a list is a choice of."""
    if factory in TABLE["withoutLayerOptions"]:
        own = dict(TABLE["withoutLayerOptions"][factory])
    else:
        common = {key: values for key, values in TABLE["everyLayer"].items() if not (factory in CELLS and key == "activityRegularizer")}
        own = {**common, **TABLE["factories"][factory]}

    def listed(values):
        if not isinstance(values, str) or values == ANY:
            return values
        return TABLE["lists"][TABLE["drawnFrom"].get(values, values) if full else values]

    return {key: listed(values) for key, values in own.items()}


def default_of(factory, option):
    defaults = TABLE["defaults"]
    own = defaults.get(factory, {})
    if option in own:
        return own[option]
    general = defaults[""]
    if option in general:
        return general[option]
    values = options_of_factory(factory)[option]
    return False if values == [False, True] else None


def is_required(factory, option):
    return option in TABLE["required"].get(factory, [])


def factories():
    """Layers and cells."""
    return list(TABLE["factories"])


def other_factories():
    """Optimizers, schedules, losses, callbacks, windows."""
    return list(TABLE["withoutLayerOptions"])
