"""What a drawn configuration is made of: random choices, or choices of what has been seen least."""

import json
import random
from collections import Counter

from option_values import ANY, default_of, is_required, options_of_factory


class Draws:
    """Chance. With `wanted`, values of which too few have been seen come first; then only these `factories` are drawn from."""

    def __init__(self, seed, wanted=None, factories=()):
        self.factories = factories
        self.random = random.Random(seed)
        self.wanted = wanted
        self.names = 0

    def one(self, values):
        return self.random.choice(list(values))

    def chance(self, probability):
        return self.random.random() < probability

    def weighted(self, weights):
        return self.random.choices(list(weights), list(weights.values()))[0]

    def value(self, factory, option, values):
        if self.wanted is not None and self.chance(0.85):
            lacking = [self.wanted[(factory, option, json.dumps(value))] for value in values]
            if max(lacking) > 0:
                return self.one([value for value, lack in zip(values, lacking) if lack == max(lacking)])
        return self.one(values)

    def options(self, factory, **fixed):
        """The options of a factory, about half of them left to their defaults; `fixed` ones as given, `None` never drawn."""
        spec = {"type": factory}
        keep = 0.45 if self.wanted is None else 0.8
        for option, values in options_of_factory(factory, full=self.wanted is None).items():
            if option in fixed or values == ANY:
                continue
            if not is_required(factory, option) and not self.chance(0.2 * keep if option == "trainable" else keep):
                continue
            value = self.value(factory, option, values)
            if option == "name":
                if value is None or self.chance(0.7):
                    continue
                self.names += 1
                value = f"named{self.names}"
            spec[option] = value
        spec |= {option: value for option, value in fixed.items() if value is not ...}
        return spec

    def satisfied(self, factory):
        return all(count <= 0 for (name, _, _), count in self.wanted.items() if name == factory)

    def neediest(self, factories):
        """The factory of which most is lacking, or any one."""
        if self.wanted is None or not self.chance(0.9):
            return self.one(factories)
        lack = Counter()
        for (factory, _, _), count in self.wanted.items():
            if factory in factories and count > 0:
                lack[factory] += count
        return lack.most_common(1)[0][0] if lack else self.one(factories)


def steps_mask(draws, batch, time):
    """[batch, time] of 0 and 1: gaps, a start that is masked, padding, a row that is masked throughout, or nothing masked."""

    def row():
        kind = draws.weighted({"gaps": 4, "late": 2, "padded": 3, "nothing": 1, "all": 1})
        real = draws.random.randint(0, time)
        if kind == "gaps":
            return [int(draws.chance(0.55)) for _ in range(time)]
        if kind == "late":
            return [int(t >= real) for t in range(time)]
        if kind == "padded":
            return [int(t < real) for t in range(time)]
        return [int(kind == "all")] * time

    return [row() for _ in range(batch)]


def wanted_values(least, factories):
    """How often each value of each option is still to be seen."""
    wanted = Counter()
    for factory in factories:
        for option, values in options_of_factory(factory).items():
            for value in [None] if values == ANY else values:
                wanted[(factory, option, json.dumps(value) if values != ANY else ANY)] = least
    return wanted


def seen_values(spec, seen=None):
    """(factory, option, value) of every layer and cell within a description, options left out counting as their defaults."""
    seen = [] if seen is None else seen
    if isinstance(spec, list):
        for item in spec:
            seen_values(item, seen)
    elif isinstance(spec, dict):
        kind = spec.get("type")
        if kind is not None and kind != "model":
            for option, values in options_of_factory(kind).items():
                given = option in spec
                if values == ANY:
                    if given:
                        seen.append((kind, option, ANY))
                    continue
                value = spec[option] if given else default_of(kind, option)
                value = "named" if option == "name" and value is not None else value
                seen.append((kind, option, json.dumps(value)))
        for key, value in spec.items():
            if key != "keras":
                seen_values(value, seen)
    return seen
