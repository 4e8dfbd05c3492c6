"""Draws recurrent layers, cells and what goes around them."""

RECURRENT = ("lstm", "gru", "simpleRnn")
CELLS = ("lstmCell", "gruCell", "simpleRnnCell")
SIMPLE = ("dense", "activation", "layerNormalization", "batchNormalization", "dropout", "gaussianNoise")


def with_seed(draws, spec, training):
    """What is drawn in training needs a seed of its own here: Keras is made to draw by it as we do."""
    rates = [spec.get("dropout", 0), spec.get("recurrentDropout", 0), spec.get("rate", 0), spec.get("stddev", 0)]
    if training and any(0 < rate for rate in rates):
        spec["seed"] = draws.one([7, 12, 2147483647, 0])
    return spec


def cell(draws, training, **fixed):
    return with_seed(draws, draws.options(draws.neediest(CELLS), **fixed), training)


def cells(draws, training):
    if draws.chance(0.4):
        return cell(draws, training)
    return [cell(draws, training) for _ in range(draws.one([1, 2, 2, 3]))]


def recurrent(draws, training, kind=None, **fixed):
    """A recurrent layer of any kind, or of the given one."""
    kind = kind or draws.weighted({"lstm": 4, "gru": 3, "simpleRnn": 2, "rnn": 2})
    if kind == "rnn":
        fixed = {"cell": cells(draws, training), **fixed}
    return with_seed(draws, true_to_the_mask(draws.options(kind, **fixed)), training)


def true_to_the_mask(spec, both=False):
    """Unrolled backwards, Keras zeroes masked steps in the order of the input, not of the output. `both`: a copy runs backwards."""
    zeroes = spec.get("zeroOutputForMask") or both
    if spec.get("unroll") and zeroes and (spec.get("goBackwards") or both) and (spec.get("returnSequences") or not both):
        spec.pop("unroll")
    return spec


def bidirectional(draws, training, **fixed):
    backwards = draws.chance(0.15)
    inner = {"name": ..., "stateful": draws.chance(0.15), "goBackwards": backwards, **fixed}
    layer = recurrent(draws, training, **inner)
    layer.pop("name", None)
    true_to_the_mask(layer, both=True)
    spec = draws.options("bidirectional", layer=layer, backwardLayer=...)
    if draws.chance(0.8 if backwards else 0.3):  # a layer that reads backwards and has no partner is refused
        flags = {key: layer.get(key, False) for key in ("returnSequences", "returnState", "stateful")}
        flags["goBackwards"] = not layer.get("goBackwards", False)
        if draws.chance(0.06):  # both refuse
            flags[draws.one(list(flags))] ^= True
        same_width = spec.get("mergeMode", "concat") not in ("concat", None)
        other = recurrent(draws, training, **{**flags, "name": ...}, **(width_of(layer, draws) if same_width else {}))
        other.pop("name", None)
        if layer.get("returnState") and other["type"] != layer["type"]:  # Keras counts the states of the forward one twice
            layer["returnState"] = other["returnState"] = False
        spec["backwardLayer"] = true_to_the_mask(other, both=True)
    if layer["type"] == "simpleRnn" and training:  # Keras forgets the seed of the copy it makes
        for rate in ("dropout", "recurrentDropout"):
            if 0 < layer.get(rate, 0) < 1:
                layer.pop(rate)
    return spec


def width_of(layer, draws):
    """Options that make the backward layer as wide as the forward one; now and then nothing is done about it."""
    if draws.chance(0.05) or layer["type"] == "rnn":
        return {}
    return {"kind": draws.one(RECURRENT), "units": layer["units"]}


def distributed(draws, training, rank):
    """A layer for each step: `rank` is that of the sequence."""
    if rank == 3:
        kind = draws.one(["dense", "dense", "activation", "layerNormalization", "batchNormalization", "repeatVector", "dropout", "reshape"])
        if kind == "layerNormalization" or kind == "batchNormalization":
            inner = normalizing(draws, kind, axis=-1, **({"renorm": False} if kind == "batchNormalization" else {}))
        elif kind == "reshape":
            inner = draws.options(kind, targetShape=draws.one([[1, -1], [-1], [-1, 1]]))
        else:
            inner = draws.options(kind, **({"rate": draws.one([0, 1] if training else [0, 0.4, 1])} if kind == "dropout" else {}))
    else:
        kind = draws.one(["lstm", "gru", "simpleRnn", "conv1d", "dense", "flatten", "globalMaxPooling1d", "globalAveragePooling1d", "maxPooling1d", "averagePooling1d", "bidirectional", "permute", "masking"])
        calm = {"stateful": False, "returnState": False, "dropout": 0, "recurrentDropout": 0}
        if kind in RECURRENT:
            inner = recurrent(draws, False, kind=kind, **calm)
        elif kind == "bidirectional":
            inner = draws.options("bidirectional", layer={"type": "gru", "units": 2}, backwardLayer=..., mergeMode=draws.one(["sum", "concat"]))
        elif kind == "conv1d":
            inner = conv1d(draws, 2)
        elif kind == "permute":
            inner = draws.options(kind, dims=[2, 1])
        elif kind in ("maxPooling1d", "averagePooling1d"):
            inner = draws.options(kind, poolSize=draws.one([1, 2]))
        else:
            inner = draws.options(kind)
    inner.pop("name", None)
    inner.pop("activityRegularizer", None)  # Keras accepts and drops it
    return draws.options("timeDistributed", layer=inner)


def normalizing(draws, kind, **fixed):
    spec = draws.options(kind, **fixed)
    if not spec.get("renorm"):
        for key in ("renormClipping", "renormMomentum"):  # refused without, where Keras ignores them
            spec.pop(key, None)
    return spec


def conv1d(draws, features, time=None):
    spec = draws.options("conv1d")
    if spec.get("dataFormat", "channelsLast") != "channelsLast":
        if spec.get("groups", 1) == 1 or time is None or time % 2 or spec["filters"] % 2:
            spec.pop("dataFormat")  # TensorFlow has it for groups alone, on a processor
        else:
            features = time
            spec["useBias"] = False  # Keras adds it along time where there are as many windows as filters
    if not draws.chance(0.05):  # both refuse what remains
        if spec.get("strides", 1) > 1 and spec.get("dilationRate", 1) > 1:
            spec.pop(draws.one(["strides", "dilationRate"]))
        groups = spec.get("groups", 1)
        if features is None or features % groups or spec["filters"] % groups:
            spec.pop("groups")
    return spec


def multi_head(draws, training):
    spec = with_seed(draws, draws.options("multiHeadAttention"), training)
    if 1 in (spec["keyDim"], spec.get("valueDim")):
        spec["useBias"] = False  # Keras adds a bias [heads, 1] along time where there are as many steps as heads
    return spec
