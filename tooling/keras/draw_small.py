"""Draws what callbacks are to decide on, and what is to be cut into windows or padded."""


def draw_callback(draws, name):
    kind = draws.one(["earlyStopping", "reduceLROnPlateau"])
    options = draws.options(kind)
    options.pop("type")
    losses = [draws.one([1, 0.9, 0.95, 0.5, 0.45, 0.4, 0.899, 1.1, 0.7, 0.99995, 0.99985]) for _ in range(draws.one([2, 4, 6, 9]))]
    if draws.chance(0.3):
        losses.sort(reverse=draws.chance(0.5))
    return {"name": name, "callback": kind, "losses": losses, "options": options}


def draw_windows(draws, name):
    if draws.chance(0.4):
        options = draws.options("padSequences")
        options.pop("type")
        features = draws.one([None, None, 2])

        def row():
            return draws.random.randint(-5, 5) if features is None else [draws.random.randint(-5, 5) for _ in range(features)]

        lengths = [draws.one([0, 1, 2, 3, 5]) for _ in range(draws.one([1, 2, 3]))]
        lengths[0] = max(1, lengths[0])
        return {"name": name, "cut": "padSequences", "sequences": [[row() for _ in range(n)] for n in lengths], "options": options}
    options = draws.options("timeseriesDatasetFromArray")
    options.pop("type")
    length = draws.one([1, 3, 5, 8, 10, 12])
    features = draws.one([None, 1, 2])
    data = [t if features is None else [10 * t + f for f in range(features)] for t in range(length)]
    targets = None if draws.chance(0.25) else [100 + t for t in range(max(0, length - draws.one([0, 0, 1, 3])))]
    return {"name": name, "cut": "timeseriesDatasetFromArray", "data": data, "targets": targets, "options": options}
