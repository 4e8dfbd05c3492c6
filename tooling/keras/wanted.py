"""What the drawn fixtures are to hold: every value of every option several times, and every pair of recurrent options once.

Counts as packages/testing/src/option-coverage.ts does.
"""

import json
from collections import Counter
from itertools import combinations

from option_values import ANY, CELLS, default_of, options_of_factory

RECURRENT = ("lstm", "gru", "simpleRnn", "rnn", "lstmCell", "gruCell", "simpleRnnCell")
FEW = 4  # of a longer list, pairs tell the default and another apart


class Wanted:
    def __init__(self, least, factories):
        self.factories = factories
        self.values = Counter()
        self.pairs = set()
        self.in_case = set()
        self.lacking = Counter()
        for factory in factories:
            table = options_of_factory(factory)
            for option, values in table.items():
                for value in [ANY] if values == ANY else values:
                    self.values[(factory, option, text(value))] = least
            if factory in RECURRENT:
                for one, other in combinations(table, 2):
                    self.pairs |= {(factory, one, a, other, b) for a in levels(factory, one) for b in levels(factory, other)}
        for (factory, _, _), count in self.values.items():
            self.lacking[factory] += count
        for pair in self.pairs:
            self.lacking[pair[0]] += 1

    def lack(self, factory, option, value, chosen):
        """How much a value is wanted beside what has been chosen for other options: a new value counts more than any pair."""
        key = (factory, option, text(value))
        count = 0 if key in self.in_case else max(0, self.values[key])
        score = 100 * (count > 0) + count
        if factory in RECURRENT:
            level = level_of(factory, option, value)
            score += sum(pair_of(factory, (option, level), (other, level_of(factory, other, found))) in self.pairs for other, found in chosen.items())
        return score

    def lacks(self, factory):
        """How much of a factory is lacking, values that the case at hand holds already not counted."""
        if factory == "rnn":  # cells come with it
            return sum(map(self.lacks_itself, ("rnn", *CELLS)))
        return self.lacks_itself(factory)

    def lacks_itself(self, factory):
        held = sum(1 for key in self.in_case if key[0] == factory and self.values[key] > 0)
        return max(0, self.lacking[factory] - held)

    def found(self, specs):
        """The values and pairs of every layer and cell within descriptions."""
        values, pairs = set(), set()
        for factory, effective in configurations(specs):
            values |= {(factory, option, text(value)) for option, value in effective.items()}
            if factory in RECURRENT:
                marked = [(option, level_of(factory, option, value)) for option, value in effective.items()]
                pairs |= {pair_of(factory, one, other) for one, other in combinations(marked, 2)}
        return values, pairs

    def gain(self, specs):
        values, pairs = self.found(specs)
        return sum(self.values[key] > 0 for key in values) + len(pairs & self.pairs)

    def take(self, specs):
        values, pairs = self.found(specs)
        for key in values:
            if self.values[key] > 0:
                self.values[key] -= 1
                self.lacking[key[0]] -= 1
        for pair in pairs & self.pairs:
            self.lacking[pair[0]] -= 1
        self.pairs -= pairs

    def missing(self):
        return [f"{count} of {key}" for key, count in self.values.items() if count > 0] + [str(pair) for pair in sorted(self.pairs)]


def text(value):
    return value if value == ANY else json.dumps(value)


def levels(factory, option):
    values = options_of_factory(factory)[option]
    if values == ANY:
        return [ANY]
    return ["the default", "another"] if len(values) > FEW else [text(value) for value in values]


def level_of(factory, option, value):
    values = options_of_factory(factory)[option]
    if values == ANY:
        return ANY
    if len(values) <= FEW:
        return text(value)
    return "the default" if value == default_of(factory, option) else "another"


def pair_of(factory, one, other):
    order = list(options_of_factory(factory))
    (a, a_level), (b, b_level) = sorted((one, other), key=lambda mark: order.index(mark[0]))
    return (factory, a, a_level, b, b_level)


def configurations(within):
    """(factory, every option in effect) of all that is described; options without a list of values only where they are given."""
    if isinstance(within, list):
        return [one for item in within for one in configurations(item)]
    if not isinstance(within, dict):
        return []
    inner = [one for key, item in within.items() if key != "keras" for one in configurations(item)]
    kind = within.get("type")
    if not isinstance(kind, str) or kind == "model":
        return inner
    effective = {}
    for option, values in options_of_factory(kind).items():
        if values == ANY:
            if option in within:
                effective[option] = ANY
            continue
        value = within.get(option, default_of(kind, option))
        effective[option] = "named" if option == "name" and value is not None else value
    return [(kind, effective), *inner]
