"""Draws short trainings: model, loss with targets that fit, optimizer, schedule, weights, `fit` or single steps."""

from draw_parts import RECURRENT
from draws import steps_mask

ROWS, BATCH, TIME = 8, 4, 4
OPTIMIZERS = ("sgd", "rmsprop", "adam", "adamW", "adamax", "nadam", "adagrad", "adadelta", "lion")
SCHEDULES = ("exponentialDecay", "inverseTimeDecay", "polynomialDecay", "piecewiseConstantDecay", "cosineDecay", "cosineDecayRestarts")
SMOOTH = ("tanh", "sigmoid", "softsign", "linear")
# Loss: activation of the head, and what the targets are.
LOSSES = {
    "meanSquaredError": ("linear", None), "meanAbsoluteError": ("linear", None), "huber": ("linear", None), "logCosh": ("linear", None),
    "meanAbsolutePercentageError": ("linear", "positive"), "meanSquaredLogarithmicError": ("softplus", "positive"),
    "cosineSimilarity": ("tanh", None), "poisson": ("softplus", "positive"), "klDivergence": ("softmax", "probability"),
    "hinge": ("tanh", "binary"), "squaredHinge": ("linear", "binary"), "categoricalHinge": ("linear", "one hot"),
    "binaryCrossentropy": ("sigmoid", "binary"), "categoricalCrossentropy": ("softmax", "one hot"), "sparseCategoricalCrossentropy": ("softmax", "ids"),
}  # fmt: skip
RATES = {"adadelta": [1.0, 5.0], "adagrad": [0.1, 0.3], "sgd": [0.02, 0.1, 0.3], "lion": [0.01, 0.02]}
METRICS = {
    None: ["meanAbsoluteError", "meanSquaredError", "rootMeanSquaredError", "cosineSimilarity", "meanAbsolutePercentageError", "logCosh"],
    "positive": ["meanAbsoluteError", "meanSquaredLogarithmicError", "poisson"], "probability": ["klDivergence", "meanSquaredError"],
    "binary": ["binaryAccuracy", "meanAbsoluteError", "accuracy", "binaryCrossentropy"],
    "one hot": ["accuracy", "categoricalAccuracy", "categoricalHinge", "categoricalCrossentropy"],
    "ids": ["accuracy", "sparseCategoricalAccuracy", "sparseCategoricalCrossentropy"],
}  # fmt: skip


def schedule(draws):
    kind = draws.neediest(SCHEDULES)
    spec = draws.options(kind)
    if kind == "piecewiseConstantDecay":
        spec["values"] = [draws.one([0.1, 0.05, 0.02, 0.2]) for _ in range(len(spec["boundaries"]) + 1)]
    if spec.get("initialLearningRate") == 0 and spec.get("warmupTarget") is None:
        spec["warmupTarget"] = 0.2
    if spec.get("warmupSteps", 0) and spec.get("warmupTarget") is None:
        spec["warmupTarget"] = 0.2
    if spec.get("warmupTarget") is not None and not spec.get("warmupSteps"):
        spec["warmupSteps"] = 3
    return spec


def optimizer(draws):
    kind = draws.neediest(OPTIMIZERS)
    spec = draws.options(kind, learningRate=...)
    spec["learningRate"] = schedule(draws) if draws.chance(0.5 if draws.wanted else 0.35) else draws.one(RATES.get(kind, [0.01, 0.03]))
    clips = [key for key in ("clipNorm", "clipValue", "globalClipNorm") if spec.get(key) is not None]
    for key in clips[1:]:
        spec.pop(key)
    if kind == "rmsprop" and spec.get("centered"):
        spec["epsilon"] = 1e-3  # the difference of two nearly equal numbers under a root
    if not spec.get("useEma", False):
        for key in ("emaMomentum", "emaOverwriteFrequency"):
            spec.pop(key, None)
    if spec.get("nesterov") and not spec.get("momentum"):
        spec["momentum"] = 0.5
    return spec


def target(draws, kind, width, stepwise):
    lead = [ROWS, TIME] if stepwise else [ROWS]

    def nested(shape, leaf):
        return leaf() if not shape else [nested(shape[1:], leaf) for _ in range(shape[0])]

    if kind == "binary":
        return {"values": nested([*lead, width], lambda: draws.random.randint(0, 1))}
    if kind == "one hot":

        def row():
            hot = draws.random.randrange(width)
            return [int(i == hot) for i in range(width)]

        return {"values": nested(lead, row)}
    if kind == "ids":
        return {"dtype": "int32", "values": nested(lead, lambda: draws.random.randrange(width))}
    return {"shape": [*lead, width], **({"map": kind} if kind else {})}


def along_axis(draws, loss, activation, stepwise, masked):
    """Keeps an axis where the loss can have it; gives the activation of the head."""
    if loss.get("axis", -1) == -1:
        return activation
    if loss["type"] == "sparseCategoricalCrossentropy":
        if stepwise:
            loss.pop("axis")
    elif masked or (loss["type"] == "cosineSimilarity" and not stepwise):
        loss.pop("axis")
    elif loss["type"] == "categoricalCrossentropy" and stepwise and not loss.get("fromLogits") and (draws.wanted is not None or draws.chance(0.5)):
        return "softplus"  # Keras goes back to what went into a softmax or a sigmoid, and that is no probability along this axis
    return activation


def head_activation(draws, loss, activation):
    """What fits the loss; now and then a softmax or a sigmoid where another is meant, since Keras goes back to what went into it."""
    if not loss["type"].endswith("Crossentropy"):
        return activation
    if draws.wanted is None and draws.chance(0.3):
        return draws.one(["softmax", "sigmoid"])
    return "linear" if loss.get("fromLogits") else activation


def penalized(draws):
    found = {}
    if draws.chance(0.25):
        found["kernelRegularizer"] = draws.one(["l2", {"name": "l2", "l2": 0.02}, {"name": "l1", "l1": 0.005}])
    if draws.chance(0.15):
        found["biasRegularizer"] = draws.one([{"name": "l1l2", "l1": 0.01, "l2": 0.03}, "l2"])
    if draws.chance(0.15):
        found["activityRegularizer"] = {"name": "l2", "l2": 0.05}
    if draws.chance(0.2):
        found["kernelConstraint"] = draws.one([{"name": "maxNorm", "maxValue": 0.8}, "unitNorm", {"name": "minMaxNorm", "minValue": 0.5, "maxValue": 0.9, "rate": 0.5}])
    if draws.chance(0.1):
        found["biasConstraint"] = "nonNeg"
    if draws.wanted is not None:
        found = {key: value for key, value in found.items() if not key.startswith("bias")}
    return found


def body(draws, stateful, stepwise):
    """Layers up to the head, and what goes in."""
    layers, inputs = [], {"x": {"shape": [ROWS, TIME, 2]}}
    if draws.chance(0.3):
        inputs["x"]["steps"] = steps_mask(draws, ROWS, TIME)
        layers.append({"type": "masking"})
    elif draws.chance(0.15):
        inputs = {"ids": {"dtype": "int32", "values": [[draws.random.randint(0, 4) for _ in range(TIME)] for _ in range(ROWS)]}}
        layers.append({"type": "embedding", "inputDim": 5, "outputDim": 2, "maskZero": draws.chance(0.6)})
    if draws.chance(0.2):
        layers.append({"type": draws.one(["batchNormalization", "layerNormalization"]), **({"momentum": 0.8} if layers and draws.chance(0) else {})})
    if draws.chance(0.2):
        layers.append({"type": "dense", "units": 2, "activation": draws.one(SMOOTH), **penalized(draws)})
    count = draws.one([1, 1, 2])
    for i in range(count):
        sequence = stepwise or i < count - 1
        spec = {"type": draws.one(RECURRENT), "units": draws.one([1, 2, 3]), "returnSequences": sequence, **penalized(draws)}
        if spec["type"] == "simpleRnn":
            spec.pop("activityRegularizer", None)
        if draws.chance(0.3):
            spec["activation"] = draws.one(SMOOTH)
        if stateful and draws.chance(0.8):
            spec["stateful"] = True
        elif draws.chance(0.15):
            spec = {"type": "bidirectional", "layer": {key: value for key, value in spec.items() if key != "activityRegularizer"}}
        if draws.chance(0.08) and i == 0 and spec["type"] != "bidirectional":
            spec["trainable"] = False
        layers.append(spec)
    return layers, inputs


def three_heads(draws, name):
    """A small model, quick to train, with three outputs, each with a loss of its own."""
    stepwise = draws.chance(0.5)
    masked = stepwise and draws.chance(0.5)
    inputs = {"x": {"shape": [ROWS, TIME, 2] if stepwise else [ROWS, 2], **({"steps": steps_mask(draws, ROWS, TIME)} if masked else {})}}
    nodes = [{"layer": {"type": "masking"}, "of": "x", "as": "m"}] if masked else []
    lean = {} if draws.wanted is None else {"useBias": False}
    trunk = {"type": "dense", "units": 2, "activation": draws.one(SMOOTH), **penalized(draws), **lean}
    nodes.append({"layer": trunk, "of": "m" if masked else "x", "as": "h"})
    losses, targets = [], []
    for head in "abc":
        kind = draws.neediest(list(LOSSES))
        loss = draws.options(kind)
        activation, map_of = LOSSES[kind]
        width = draws.one([2, 3]) if map_of in ("one hot", "ids", "probability") or kind == "cosineSimilarity" else draws.one([1, 2])
        activation = head_activation(draws, loss, along_axis(draws, loss, activation, stepwise, masked))
        if loss.get("ignoreClass") is not None and loss["ignoreClass"] >= width:
            loss.pop("ignoreClass")
        nodes.append({"layer": {"type": "dense", "units": width, "activation": activation, "name": head, **lean}, "of": "h", "as": f"y{head}"})
        losses.append(loss)
        if draws.wanted is not None:
            draws.wanted.in_case |= draws.wanted.found(loss)[0]
        targets.append(target(draws, map_of, width, stepwise))
    rule = optimizer(draws)
    if not isinstance(rule["learningRate"], dict):
        rule["learningRate"] = round(rule["learningRate"] * 0.3, 6)
    graph = {"inputs": inputs, "nodes": nodes, "outputs": ["ya", "yb", "yc"]}
    weights = [draws.one([1.0, 0.5, 0.1]) for _ in range(3)]
    return {"name": name, **graph, "targets": targets, "optimizer": rule, "loss": losses, "lossWeights": weights, "steps": 20 if draws.wanted is None else 9, "stateful": False}


def draw_training(draws, name):
    if draws.wanted is not None or draws.chance(0.15):
        return three_heads(draws, name)
    stateful, stepwise = draws.chance(0.2), draws.chance(0.4)
    layers, inputs = body(draws, stateful, stepwise)
    kind = draws.one(LOSSES)
    activation, targets = LOSSES[kind]
    loss = draws.options(kind)
    width = draws.one([2, 3]) if targets in ("one hot", "ids", "probability") or kind == "cosineSimilarity" else draws.one([1, 1, 2])
    masked = any(layer["type"] == "masking" or layer.get("maskZero") for layer in layers)
    activation = head_activation(draws, loss, along_axis(draws, loss, activation, stepwise, masked))
    if loss.get("ignoreClass") is not None and loss["ignoreClass"] >= width:
        loss.pop("ignoreClass")
    if loss.get("reduction") == "sum":
        scale = 0.1
    else:
        scale = 1
    case = {"name": name, "inputs": inputs, "targets": [target(draws, targets, width, stepwise)], "optimizer": optimizer(draws), "loss": loss, "row": [*layers, {"type": "dense", "units": width, "activation": activation, **penalized(draws)}], "outputs": ["y"], "steps": 20}
    if scale != 1 and not isinstance(case["optimizer"]["learningRate"], dict):
        case["optimizer"]["learningRate"] *= scale
    case["stateful"] = stateful
    along_time = stepwise and loss.get("axis") == 1
    if draws.chance(0.3) and not along_time:
        case["sampleWeight"] = {"shape": [ROWS, TIME] if stepwise else [ROWS], "map": "positive"}
    metrics = METRICS[targets]
    if draws.chance(0.4):
        case["metrics"] = draws.random.sample(metrics, draws.one([1, min(2, len(metrics))]))
    if draws.chance(0.25) and "sampleWeight" in case:
        case["weightedMetrics"] = [draws.one(metrics)]
    if draws.chance(0.35):
        case["fit"] = {"epochs": draws.one([2, 4, 5]), "batchSize": BATCH if stateful else draws.one([3, 4, 8])}
        if draws.chance(0.4) and not stateful:
            case["fit"]["validationSplit"] = draws.one([0.25, 0.3, 0.5])
        elif targets == "ids" and not stepwise and "sampleWeight" not in case and draws.chance(0.6):
            case["fit"]["classWeight"] = {"0": 2.0, "1": 0.5}
    return case
