"""What a drawn configuration is made of: random choices, or choices of what has been seen least."""

import random

from option_values import ANY, default_of, is_required, options_of_factory


class Draws:
    """Chance. With `wanted`, a tally of what fixtures are to hold, options are given the values of which most is lacking."""

    def __init__(self, seed, wanted=None):
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
        return self.one(values) if self.wanted is None else self.lacking_most(factory, option, values, {})

    def lacking_most(self, factory, option, values, chosen):
        scores = [self.wanted.lack(factory, option, value, chosen) for value in values]
        return self.one([value for value, score in zip(values, scores) if score == max(scores)])

    def options(self, factory, **fixed):
        """The options of a factory; `fixed` ones as given, or left out for `...`. By chance about half are left to their defaults."""
        table = options_of_factory(factory, full=self.wanted is None)
        free = [option for option, values in table.items() if option not in fixed and values != ANY]
        spec = {"type": factory}
        if self.wanted is None:
            for option in free:
                if is_required(factory, option) or self.chance(0.09 if option == "trainable" else 0.45):
                    spec[option] = self.value(factory, option, table[option])
        else:
            chosen = {option: default_of(factory, option) if value is ... else value for option, value in fixed.items() if option in table}
            self.random.shuffle(free)
            for option in free:
                chosen[option] = self.lacking_most(factory, option, table[option], chosen)
            spec |= {option: chosen[option] for option in table if option in free and not self.goes_without_saying(factory, option, chosen[option])}
        if "name" in spec:
            self.names += 1
            spec["name"] = f"named{self.names}"
            if self.wanted is None and self.chance(0.7):
                spec.pop("name")
        spec |= {option: value for option, value in fixed.items() if value is not ...}
        return spec

    def goes_without_saying(self, factory, option, value):
        """Whether to leave out a default: a name of null always, any other now and then."""
        if is_required(factory, option) or value != default_of(factory, option):
            return False
        return option == "name" or self.chance(0.5)

    def neediest(self, factories):
        """Any factory; with `wanted`, the more likely the more of it is lacking."""
        lacks = [0] if self.wanted is None else [self.wanted.lacks(factory) for factory in factories]
        return self.random.choices(factories, lacks)[0] if any(lacks) else self.one(factories)


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
