"""The configurations of which Keras' outputs, states and gradients are kept. Keys are spelled as in TypeScript."""

# Batch 3, 5 steps. GAPS has leading masked steps, a hole and a row that is masked throughout.
GAPS = [[1, 1, 0, 1, 1], [0, 0, 1, 0, 1], [0, 0, 0, 0, 0]]
PADDED = [[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 0, 0, 0, 0]]
X = {"x": {"shape": [3, 5, 2]}}
SKIPPING = {"x": {"shape": [3, 5, 2], "steps": GAPS}}
TOKENS = {"ids": {"dtype": "int32", "values": [[3, 1, 0, 2], [0, 4, 4, 0], [0, 0, 0, 0]]}}
PHRASES = {"ids": {"dtype": "int32", "values": [[3, 1, 0, 2], [0, 4, 4, 0], [2, 0, 0, 0]]}}
ALL = {"returnSequences": True, "returnState": True}
SEQUENCE = {"returnSequences": True}
STATE = {"returnState": True}

cases = []


def case(name, row=None, outputs=1, inputs=X, **rest):
    """A model of layers in a row, or of `nodes`. `outputs`: how many the last layer gives, or their names."""
    names = [f"y{i}" for i in range(outputs)] if isinstance(outputs, int) else outputs
    graph = {"row": row} if row is not None else {}
    cases.append({"name": name, "inputs": inputs, **graph, "outputs": names, **rest})


def node(layer, of, name, **rest):
    return {"layer": layer, "of": of, "as": name, **rest}


def layer(kind, **options):
    return {"type": kind, **options}


def lstm(units=3, **options):
    return layer("lstm", units=units, **options)


def gru(units=3, **options):
    return layer("gru", units=units, **options)


def simple(units=3, **options):
    return layer("simpleRnn", units=units, **options)


def dense(units=2, **options):
    return layer("dense", units=units, **options)


STATES = {"lstm": 2, "gru": 1, "simpleRnn": 1}

# What every kind of recurrent layer goes through.
for kind, count in STATES.items():

    def one(**options):
        return layer(kind, units=3, **options)

    names = [f"s{i}" for i in range(count)]
    start = {**X, **{name: {"shape": [3, 3]} for name in names}}
    case(f"{kind}", [one(**ALL)], 1 + count)
    case(f"{kind} one step of one feature", [layer(kind, units=1, **ALL)], 1 + count, {"x": {"shape": [1, 1, 1]}})
    case(f"{kind} without bias, masked", [one(useBias=False, **SEQUENCE)], mask={"x": PADDED})
    case(f"{kind} relu", [one(activation="relu", **SEQUENCE)])
    case(f"{kind} backwards", [one(goBackwards=True, **ALL)], 1 + count)
    case(f"{kind} masked", [one(**ALL)], 1 + count, mask={"x": GAPS})
    case(f"{kind} masked, last", [one(**STATE)], 1 + count, mask={"x": GAPS})
    case(f"{kind} masked, backwards", [one(goBackwards=True, **ALL)], 1 + count, mask={"x": GAPS})
    case(f"{kind} masked, zeros", [one(zeroOutputForMask=True, **ALL)], 1 + count, mask={"x": GAPS})
    case(f"{kind} masked, zeros, last", [one(zeroOutputForMask=True)], mask={"x": PADDED})
    case(
        f"{kind} initial state",
        nodes=[node(one(**ALL), "x", ["y", *(f"t{i}" for i in range(count))], initialState=names)],
        inputs=start,
        outputs=["y", *(f"t{i}" for i in range(count))],
    )
    case(
        f"{kind} initial state and mask given to the call",
        nodes=[node(one(**SEQUENCE), "x", "y", initialState=names, mask="m")],
        inputs={**start, "m": {"dtype": "bool", "values": GAPS}},
        outputs=["y"],
    )
    case(f"{kind} stateful", [one(stateful=True)], calls=3)
    case(f"{kind} stateful, masked", [one(stateful=True, **SEQUENCE)], calls=3, mask={"x": GAPS})

case("lstm hard_sigmoid", [lstm(recurrentActivation="hard_sigmoid", **SEQUENCE)])
case("lstm linear", [lstm(activation="linear", recurrentActivation="hard_sigmoid", **SEQUENCE)])
case("lstm softsign, tanh gates", [lstm(activation="softsign", recurrentActivation="tanh", **SEQUENCE)])
case("lstm elu, masked", [lstm(activation="elu", **SEQUENCE)], mask={"x": GAPS})
case("lstm hard_sigmoid, masked, backwards", [lstm(recurrentActivation="hard_sigmoid", goBackwards=True)], mask={"x": GAPS})
case("lstm unrolled, masked", [lstm(unroll=True, **SEQUENCE)], mask={"x": GAPS})
case("lstm backwards, zeros, last", [lstm(goBackwards=True, zeroOutputForMask=True)], mask={"x": PADDED})
case("lstm stateful, backwards", [lstm(stateful=True, goBackwards=True)], calls=3)
case("lstm stateful, all", [lstm(stateful=True, **ALL)], 3, calls=3)
case(
    "lstm stateful with an initial state",
    nodes=[node(lstm(stateful=True), "x", "y", initialState=["h", "c"])],
    inputs={**X, "h": {"shape": [3, 3]}, "c": {"shape": [3, 3]}},
    outputs=["y"],
)
case("lstm activity regularizer on every output", [lstm(activityRegularizer={"name": "l2", "l2": 0.3}, **STATE)], 3)
case(
    "lstm weight regularizers",
    [lstm(kernelRegularizer="l1", recurrentRegularizer={"name": "l2", "l2": 0.2}, biasRegularizer={"name": "l1l2", "l1": 0.1, "l2": 0.3})],
)
case("gru activity regularizer", [gru(activityRegularizer="l1", **SEQUENCE)])
case("gru hard_sigmoid, masked", [gru(recurrentActivation="hard_sigmoid", **SEQUENCE)], mask={"x": GAPS})
case("gru linear", [gru(activation="linear", **SEQUENCE)])
BEFORE = {"resetAfter": False}
case("gru reset before", [gru(**BEFORE, **ALL)], 2)
case("gru reset before, masked, backwards", [gru(goBackwards=True, **BEFORE, **ALL)], 2, mask={"x": GAPS})
case("gru reset before, without bias", [gru(useBias=False, **BEFORE)])
case("gru reset before, relu", [gru(activation="relu", recurrentActivation="hard_sigmoid", **BEFORE, **SEQUENCE)])
case("gru reset before, stateful", [gru(stateful=True, **BEFORE)], calls=3)
constants = {"kernelInitializer": {"name": "constant", "value": 0.1}, "biasInitializer": {"name": "constant", "value": 0.03}}
square = {**constants, "recurrentInitializer": "zeros"}
case("lstm as initialized", [lstm(**square)], initial=True)
case("lstm as initialized, no unit forget bias", [lstm(unitForgetBias=False, **square)], initial=True)
case("gru as initialized", [gru(**square)], initial=True)
case("simpleRnn as initialized", [simple(**{**constants, "recurrentInitializer": {"name": "identity", "gain": 0.5}})], initial=True)


def both(inner, **options):
    return layer("bidirectional", layer=inner, **options)


for mode in ["concat", "sum", "mul", "ave"]:
    case(f"bidirectional {mode}", [both(simple(2), mergeMode=mode)])
    case(f"bidirectional {mode}, masked", [both(gru(2, **SEQUENCE), mergeMode=mode)], mask={"x": GAPS})
case("bidirectional null", [both(simple(2, **SEQUENCE), mergeMode=None)], 2)
case("bidirectional null, all, masked", [both(lstm(2, **ALL), mergeMode=None)], 6, mask={"x": GAPS})
case("bidirectional lstm", [both(lstm(2, **SEQUENCE))], mask={"x": PADDED})
case("bidirectional last, masked", [both(lstm(2))], mask={"x": GAPS})
case("bidirectional state", [both(lstm(2, **STATE))], 5, mask={"x": PADDED})
case("bidirectional of two layers", [both(lstm(2, **SEQUENCE), backwardLayer=gru(3, goBackwards=True, **SEQUENCE))], mask={"x": GAPS})
case("bidirectional zeros given", [both(gru(2, zeroOutputForMask=True))], mask={"x": GAPS})
case("bidirectional stateful", [both(lstm(2, stateful=True, **SEQUENCE))], calls=3)
case("bidirectional stateful, masked", [both(gru(2, stateful=True))], calls=3, mask={"x": GAPS})
case(
    "bidirectional initial state, mask of masking",
    nodes=[
        node(layer("masking"), "x", "m"),
        node(both(lstm(2, **SEQUENCE)), "m", "y", initialState=["h", "c", "h2", "c2"]),
        node(gru(2), "y", "z"),
    ],
    inputs={**SKIPPING, **{name: {"shape": [3, 2]} for name in ["h", "c", "h2", "c2"]}},
    outputs=["y", "z"],
)

CELLS = {"lstm": layer("lstmCell", units=2), "gru": layer("gruCell", units=3), "simple": layer("simpleRnnCell", units=2)}
STACK = [CELLS["lstm"], CELLS["gru"], CELLS["simple"]]
case("rnn of one cell", [layer("rnn", cell=CELLS["gru"], **ALL)], 2)
case("rnn stack", [layer("rnn", cell=STACK, **ALL)], 5)
case("rnn stack, masked", [layer("rnn", cell=STACK, **ALL)], 5, mask={"x": GAPS})
case("rnn stack, backwards, zeros", [layer("rnn", cell=STACK, goBackwards=True, zeroOutputForMask=True, **SEQUENCE)], mask={"x": GAPS})
case(
    "rnn stack, initial state",
    nodes=[node(layer("rnn", cell=[CELLS["lstm"], CELLS["lstm"]], **SEQUENCE), "x", "y", initialState=["h", "c", "h2", "c2"])],
    inputs={**X, **{name: {"shape": [3, 2]} for name in ["h", "c", "h2", "c2"]}},
    outputs=["y"],
)
case("bidirectional rnn stack", [both(layer("rnn", cell=[CELLS["lstm"], CELLS["gru"]], **SEQUENCE))], mask={"x": GAPS})

FRAMES = {"x": {"shape": [2, 3, 4, 2]}}
case("timeDistributed dense", [layer("masking"), layer("timeDistributed", layer=dense()), gru()], inputs=SKIPPING)
case("timeDistributed lstm", [layer("timeDistributed", layer=lstm()), gru(2)], inputs=FRAMES)
case("timeDistributed conv1d", [layer("timeDistributed", layer=layer("conv1d", filters=2, kernelSize=2))], inputs=FRAMES)
case("timeDistributed batchNormalization", [layer("timeDistributed", layer=layer("batchNormalization"))], inputs=FRAMES, training=True)

case("masking, lstm, dense", [layer("masking"), lstm(), dense()], inputs=SKIPPING)
case("masking, lstm, lstm, dense", [layer("masking"), lstm(**SEQUENCE), lstm(2, **SEQUENCE), dense()], inputs=SKIPPING)
minus = {"x": {"shape": [3, 5, 2], "steps": GAPS, "elsewhere": -1}}
case("masking of -1, dense, gru", [layer("masking", maskValue=-1), dense(3, activation="tanh"), gru()], inputs=minus)
case(
    "masking, layerNormalization, activation, bidirectional, timeDistributed",
    [
        layer("masking"),
        layer("layerNormalization"),
        layer("activation", activation="softplus"),
        both(simple(2, **SEQUENCE)),
        layer("timeDistributed", layer=dense()),
    ],
    inputs=SKIPPING,
)
case("masking stops at repeatVector", [layer("masking"), lstm(), layer("repeatVector", n=2), gru(2, **SEQUENCE)], inputs=SKIPPING)
case("masking, globalAveragePooling1d", [layer("masking"), gru(**SEQUENCE), layer("globalAveragePooling1d")], inputs={"x": {"shape": [3, 5, 2], "steps": PADDED}})
case("masking, batchNormalization", [layer("masking"), layer("batchNormalization"), gru(2)], inputs=SKIPPING, training=True)
words = layer("embedding", inputDim=5, outputDim=3, maskZero=True)
case("embedding maskZero, gru", [words, gru()], inputs=TOKENS)
case("embedding maskZero, bidirectional, globalAveragePooling1d", [words, both(lstm(2, **SEQUENCE)), layer("globalAveragePooling1d")], inputs=PHRASES)
case("embedding without mask, lstm", [{**words, "maskZero": False}, lstm()], inputs=TOKENS)

case(
    "seq2seq: repeatVector, initial state of the encoder",
    nodes=[
        node(lstm(3, **STATE), "x", ["e", "h", "c"]),
        node(layer("repeatVector", n=4), "e", "r"),
        node(lstm(3, **SEQUENCE), "r", "d", initialState=["h", "c"]),
        node(layer("timeDistributed", layer=dense(1)), "d", "y"),
    ],
    outputs=["y"],
)
case(
    "seq2seq: masked encoder, masked decoder that is given a state",
    nodes=[
        node(words, "ids", "w"),
        node(gru(3, **STATE), "w", ["e", "h"]),
        node(layer("masking"), "x", "m"),
        node(gru(3, **SEQUENCE), "m", "d", initialState=["h"]),
        node(gru(2, **SEQUENCE), "d", "y"),
    ],
    inputs={**TOKENS, **SKIPPING},
    outputs=["y"],
)
case(
    "seq2seq with attention",
    nodes=[
        node(layer("masking"), "x", "m"),
        node(gru(3, **ALL), "m", ["e", "h"]),
        node(gru(3, **SEQUENCE), "t", "d", initialState=["h"]),
        node(layer("attention"), ["d", "e"], "a"),
        node(layer("concatenate"), ["d", "a"], "j"),
        node(dense(), "j", "y"),
    ],
    inputs={**SKIPPING, "t": {"shape": [3, 4, 2]}},
    outputs=["y"],
)
case(
    "one lstm on two inputs",
    layers={"l": lstm(2, **SEQUENCE)},
    nodes=[node("l", "x", "a"), node("l", "z", "b"), node(layer("subtract"), ["a", "b"], "y"), node(gru(2), "y", "w")],
    inputs={**X, "z": {"shape": [3, 5, 2]}},
    outputs=["y", "w"],
)
ENCODER = {"type": "model", "inputs": {"i": {"shape": [3, 5, 2]}}, "row": [layer("masking"), lstm(3, **STATE)], "outputs": ["e", "h", "c"]}
case(
    "one encoder model, called twice",
    layers={"encoder": ENCODER},
    nodes=[
        node("encoder", "x", ["e", "h", "c"]),
        node("encoder", "z", ["f", "g", "k"]),
        node(layer("repeatVector", n=3), "f", "r"),
        node(lstm(3), "r", "y", initialState=["h", "c"]),
    ],
    inputs={**SKIPPING, "z": {"shape": [3, 5, 2]}},
    outputs=["y", "g"],
)
INNER = {"type": "model", "inputs": {"i": {"shape": [3, 5, 2]}}, "row": [lstm(2, stateful=True, **SEQUENCE)], "outputs": ["o"]}
case("stateful in a model in a model", [INNER, gru(2, stateful=True), dense(1)], calls=3)
case("stateful and stateless", [lstm(2, stateful=True, **SEQUENCE), gru(2)], calls=3)
MIDDLE = {"type": "model", "inputs": {"i": {"shape": [3, 5, 2]}}, "row": [lstm(2, **SEQUENCE)], "outputs": ["o"]}
case("masking, a model, gru", [layer("masking"), MIDDLE, gru(2)], inputs=SKIPPING)

QUERY = {"q": {"shape": [2, 3, 2], "steps": [[1, 1, 0], [1, 1, 1]]}, "v": {"shape": [2, 4, 2], "steps": [[1, 1, 0, 0], [0, 1, 1, 1]]}}


def attending(name, attention, outputs=("y",), of=("q", "v"), masked=True, inputs=QUERY):
    masks = [node(layer("masking"), key, f"{key}m") for key in inputs] if masked else []
    keys = [f"{key}m" if masked else key for key in of]
    case(name, nodes=[*masks, node(attention, keys, list(outputs))], inputs=inputs, outputs=list(outputs))


attending("attention", layer("attention"), masked=False)
attending("attention, masked, with scores", layer("attention", useScale=True, returnAttentionScores=True), ("y", "s"))
attending("attention, concat", layer("attention", scoreMode="concat", useScale=True))
attending("attention, causal, own keys", layer("attention", useCausalMask=True), of=("q", "v", "v"))
attending("additiveAttention, masked", layer("additiveAttention"))
attending("additiveAttention without scale, causal", layer("additiveAttention", useScale=False, useCausalMask=True), masked=False)
heads = layer("multiHeadAttention", numHeads=2, keyDim=3)
attending("multiHeadAttention, with scores", {**heads, "returnAttentionScores": True}, ("y", "s"), masked=False)
attending("multiHeadAttention, masked", heads)
attending("multiHeadAttention, causal, value size, output shape", {**heads, "valueDim": 2, "outputShape": 4, "useBias": False, "useCausalMask": True})

LONG = {"x": {"shape": [2, 7, 4]}}
for padding in ["valid", "same", "causal"]:
    case(f"conv1d {padding}, dilated", [layer("conv1d", filters=3, kernelSize=2, padding=padding, dilationRate=2)], inputs=LONG)
case("conv1d same, strides, groups", [layer("conv1d", filters=4, kernelSize=3, padding="same", strides=2, groups=2, activation="tanh")], inputs=LONG)
case("conv1d causal, strides", [layer("conv1d", filters=2, kernelSize=3, padding="causal", strides=3, useBias=False)], inputs=LONG)
for pool in ["maxPooling1d", "averagePooling1d"]:
    case(f"{pool} same", [layer(pool, poolSize=3, strides=2, padding="same")], inputs=LONG)
    case(f"{pool} valid", [layer(pool, poolSize=2)], inputs=LONG)
case("globalMaxPooling1d", [layer("globalMaxPooling1d", keepdims=True)], inputs=LONG)
case("batchNormalization in inference", [layer("batchNormalization", epsilon=0.01)], inputs=LONG)
case("batchNormalization in training", [layer("batchNormalization", momentum=0.8)], inputs=LONG, training=True)
case("batchNormalization over steps, no scale", [layer("batchNormalization", axis=1, scale=False)], inputs=LONG, training=True)
case("layerNormalization over two axes", [layer("layerNormalization", axis=[1, 2])], inputs=LONG)
for activation in ["gelu", "selu", "mish", "softmax", "leaky_relu", "swish", "hard_tanh", "squareplus", "log_softmax", "softplus"]:
    case(f"dense {activation}", [dense(3, activation=activation)], inputs={"x": {"shape": [2, 2, 2]}})
PAIR = {"a": {"shape": [3, 5, 2], "steps": GAPS}, "b": {"shape": [3, 5, 2], "steps": PADDED}}
for kind in ["multiply", "average", "maximum", "minimum", "concatenate"]:
    masks = [node(layer("masking"), key, f"{key}m") for key in PAIR]
    case(f"{kind}, masked", nodes=[*masks, node(layer(kind), ["am", "bm"], "j"), node(simple(2), "j", "y")], inputs=PAIR, outputs=["y"])
for kind in ["add", "multiply", "maximum"]:
    mask = node(layer("masking"), "a", "am")
    case(f"{kind}, one masked", nodes=[mask, node(layer(kind), ["am", "b"], "j"), node(simple(2), "j", "y")], inputs=PAIR, outputs=["y"])
case(
    "concatenate along time, masked",
    nodes=[*[node(layer("masking"), k, f"{k}m") for k in PAIR], node(layer("concatenate", axis=1), ["am", "bm"], "j"), node(simple(2), "j", "y")],
    inputs=PAIR,
    outputs=["y"],
)
case("dot, normalized", nodes=[node(layer("dot", axes=[2, 2], normalize=True), ["q", "v"], "y")], inputs=QUERY, outputs=["y"])
case("permute, reshape, flatten, dense", [layer("permute", dims=[2, 1]), layer("reshape", targetShape=[-1, 2]), layer("flatten"), dense()], inputs={"x": {"shape": [2, 3, 2]}})
