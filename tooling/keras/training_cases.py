"""Short trainings whose losses and weights real Keras gives. Keys are spelled as in TypeScript."""

from layer_cases import dense, gru, layer, lstm, simple

X = {"x": {"shape": [8, 4, 2]}}
HALF = [[1, 1, 1, 1], [1, 1, 0, 0], [0, 1, 0, 1], [1, 0, 0, 0]]
PADDED_X = {"x": {"shape": [8, 4, 2], "steps": HALF + HALF[::-1]}}
ONE = {"shape": [8, 1]}
TWO = {"shape": [8, 2]}
STEPS = {"shape": [8, 4, 2]}
POSITIVE = {**TWO, "map": "positive"}
PROBABLE = {**TWO, "map": "probability"}
BINARY = {"values": [[0, 1], [1, 1], [0, 0], [1, 0], [1, 1], [0, 1], [0, 0], [1, 0]]}
ONE_HOT = {"values": [[0, 1], [1, 0], [0, 1], [1, 0], [1, 0], [0, 1], [0, 1], [1, 0]]}
IDS = {"dtype": "int32", "values": [1, 0, 2, 1, 0, 2, 2, 1]}
WEIGHTS = {"shape": [8], "map": "positive"}

cases = []


def case(name, optimizer, loss, row=None, y=ONE, inputs=X, **rest):
    """Ten steps, on the first and the last four rows in turns, or what `fit` says."""
    graph = {} if "nodes" in rest else {"row": row or [lstm(2), dense(1)], "outputs": ["y"]}
    targets = y if isinstance(y, list) else [y]
    cases.append({"name": name, "inputs": inputs, "targets": targets, "optimizer": optimizer, "loss": loss, **graph, **rest})


def use(kind, **options):
    return {"type": kind, **options}


SGD = use("sgd", learningRate=0.1)
ADAM = use("adam", learningRate=0.02)
STEPWISE = [simple(2, returnSequences=True), dense(2)]
MASKED = [layer("masking"), gru(2, returnSequences=True), dense(2)]


def head(activation, units=2):
    return [gru(2), dense(units, activation=activation)]


# Every optimizer and every loss once.
case("sgd, mse", SGD, "meanSquaredError")
case("sgd nesterov, mae", use("sgd", learningRate=0.05, momentum=0.9, nesterov=True), "meanAbsoluteError")
case("sgd clipNorm, mape", use("sgd", learningRate=0.1, clipNorm=0.5), "meanAbsolutePercentageError", y={**ONE, "map": "positive"})
case("sgd clipValue, huber", use("sgd", learningRate=0.1, momentum=0.5, clipValue=0.05), use("huber", delta=0.4))
case("rmsprop, logCosh", use("rmsprop", learningRate=0.02), "logCosh")
case("rmsprop momentum centered, msle", use("rmsprop", learningRate=0.01, momentum=0.8, rho=0.7, centered=True), "meanSquaredLogarithmicError", head("softplus"), POSITIVE)
case("adam amsgrad globalClipNorm, cosine", use("adam", learningRate=0.05, amsgrad=True, globalClipNorm=0.3), "cosineSimilarity", head("tanh"), TWO)
case("adamW, poisson", use("adamW", learningRate=0.03, weightDecay=0.1), "poisson", head("softplus"), POSITIVE)
case("adamW default decay, hinge", use("adamW", learningRate=0.05), "hinge", head("tanh"), BINARY)
case("adamax, kld", use("adamax", learningRate=0.05), "klDivergence", head("softmax"), PROBABLE)
case("nadam, bce", use("nadam", learningRate=0.03), "binaryCrossentropy", head("sigmoid"), BINARY)
case("nadam weightDecay, bce of logits, smoothed", use("nadam", learningRate=0.03, weightDecay=0.05), use("binaryCrossentropy", fromLogits=True, labelSmoothing=0.2), head("linear"), BINARY)
case("adagrad, cce smoothed", use("adagrad", learningRate=0.2), use("categoricalCrossentropy", labelSmoothing=0.1), head("softmax"), ONE_HOT, metrics=["accuracy"])
case("adadelta, sparse cce", use("adadelta", learningRate=5.0), "sparseCategoricalCrossentropy", head("softmax", 3), IDS, metrics=["accuracy", "sparseCategoricalAccuracy"])
case("lion, sparse cce of logits", use("lion", learningRate=0.01), use("sparseCategoricalCrossentropy", fromLogits=True), head("linear", 3), IDS)
case("lion weightDecay, squaredHinge", use("lion", learningRate=0.02, weightDecay=0.3), "squaredHinge", head("linear"), BINARY)
case("sgd weightDecay, categoricalHinge", use("sgd", learningRate=0.1, weightDecay=0.2), "categoricalHinge", head("linear"), ONE_HOT)
case("cce of logits", SGD, use("categoricalCrossentropy", fromLogits=True), head("linear"), ONE_HOT)

# Reductions, weights, masks.
case("reduction sum", use("sgd", learningRate=0.02), use("meanSquaredError", reduction="sum"), y=ONE, sampleWeight=WEIGHTS)
case("reduction mean with sample weight", SGD, use("meanSquaredError", reduction="meanWithSampleWeight"), sampleWeight=WEIGHTS)
case("sample weight", SGD, "meanSquaredError", y=ONE, sampleWeight=WEIGHTS, metrics=["meanAbsoluteError"], weightedMetrics=["meanSquaredError"])
case("steps, weight of each step", SGD, "meanSquaredError", STEPWISE, STEPS, sampleWeight={"shape": [8, 4], "map": "positive"}, metrics=["meanAbsoluteError"])
case("mask reaches the loss", SGD, "meanSquaredError", MASKED, STEPS, PADDED_X, metrics=["meanAbsoluteError"])
case("mask and weight of each step", ADAM, "huber", MASKED, STEPS, PADDED_X, sampleWeight={"shape": [8, 4], "map": "positive"}, weightedMetrics=["meanAbsoluteError"])
case("mask, reduction sum", use("sgd", learningRate=0.02), use("meanAbsoluteError", reduction="sum"), MASKED, STEPS, PADDED_X)
case("mask, weight, mean with sample weight", SGD, use("meanSquaredError", reduction="meanWithSampleWeight"), MASKED, STEPS, PADDED_X, sampleWeight={"shape": [8, 4], "map": "positive"})
tagged = [[1, 2, 0, 0], [0, 1, 0, 3], [4, 4, 4, 4], [0, 0, 0, 2]]
tags = [[0, 1, 2, 1], [1, 1, 0, 2], [2, 2, 0, 1], [0, 0, 1, 2]]
words = layer("embedding", inputDim=5, outputDim=2, maskZero=True)
case(
    # Not Adam: on TensorFlow, Keras squares the sparse gradient of an embedding before it adds up the rows of a repeated token.
    "tagging: embedding maskZero, bidirectional, sparse cce",
    SGD,
    "sparseCategoricalCrossentropy",
    [words, layer("bidirectional", layer=lstm(2, returnSequences=True)), dense(3, activation="softmax")],
    {"dtype": "int32", "values": tags + tags[::-1]},
    {"ids": {"dtype": "int32", "values": tagged + tagged[::-1]}},
    metrics=["accuracy"],
)

# Penalties and constraints.
penalized = {"kernelRegularizer": {"name": "l2", "l2": 0.02}, "recurrentRegularizer": "l1", "biasRegularizer": {"name": "l1l2", "l1": 0.01, "l2": 0.03}}
case("regularizers", ADAM, "meanSquaredError", [lstm(2, **penalized), dense(1, kernelRegularizer="l2", activityRegularizer={"name": "l2", "l2": 0.1})])
case("frozen layer with a regularizer", SGD, "meanSquaredError", [lstm(2, trainable=False, **penalized), dense(1)])
limited = {"kernelConstraint": {"name": "maxNorm", "maxValue": 0.8}, "recurrentConstraint": {"name": "unitNorm"}, "biasConstraint": {"name": "nonNeg"}}
case("constraints", use("sgd", learningRate=0.3), "meanSquaredError", [lstm(2, **limited), dense(1, kernelConstraint={"name": "minMaxNorm", "minValue": 0.5, "maxValue": 0.6, "rate": 0.5})])
case("moving statistics", ADAM, "meanSquaredError", [layer("batchNormalization", momentum=0.9), gru(2), dense(1)])

# Keras goes back to what went into a softmax or a sigmoid, whichever it was and whatever `from_logits` says: losses, metrics, gradients.
CCE, BCE, SPARSE = "categoricalCrossentropy", "binaryCrossentropy", "sparseCategoricalCrossentropy"
case("cce behind sigmoid", SGD, CCE, head("sigmoid"), ONE_HOT, metrics=[CCE, BCE])
case("bce behind softmax", SGD, BCE, head("softmax"), BINARY, metrics=[BCE, CCE])
case("cce of logits behind softmax", SGD, use(CCE, fromLogits=True, labelSmoothing=0.1), head("softmax"), ONE_HOT, metrics=[CCE])
case("sparse cce behind sigmoid", SGD, SPARSE, head("sigmoid", 3), IDS, metrics=[SPARSE])
case("sparse cce with an ignored class behind sigmoid", SGD, use(SPARSE, ignoreClass=1), head("sigmoid", 3), IDS)
case("mse of a softmax measured by cce", SGD, "meanSquaredError", head("softmax"), ONE_HOT, metrics=[CCE])
case("cce behind an activation layer", SGD, CCE, [gru(2), dense(2), layer("activation", activation="softmax"), layer("dropout", rate=0)], ONE_HOT)
case("cce behind a reshaped sigmoid", SGD, CCE, [gru(2), dense(2, activation="sigmoid"), layer("reshape", targetShape=[2])], ONE_HOT)
case("cce along time behind softmax", SGD, use(CCE, axis=1), [simple(2, returnSequences=True), dense(2, activation="softmax")], {"values": [[[0, 1], [1, 0], [1, 0], [0, 1]]] * 8})
case("bce of fewer axes behind sigmoid", SGD, BCE, head("sigmoid", 1), {"values": [0, 1, 1, 0, 0, 1, 0, 1]})

# State.
case("stateful", SGD, "meanSquaredError", [lstm(2, stateful=True), dense(1)])
case("stateful, adam, clipped", use("adam", learningRate=0.02, clipNorm=0.2), "huber", [gru(2, stateful=True, returnSequences=True), simple(2, stateful=True), dense(1)])
case("stateful, masked", use("rmsprop", learningRate=0.02), "meanSquaredError", [layer("masking"), lstm(2, stateful=True, returnSequences=True), dense(2)], STEPS, PADDED_X)
case("stateful, bidirectional", SGD, "meanSquaredError", [layer("bidirectional", layer=gru(2, stateful=True)), dense(1)])

# Several outputs, schedules, fit.
two = [
    {"layer": lstm(2, returnSequences=True), "of": "x", "as": "h"},
    {"layer": dense(2, name="steps"), "of": "h", "as": "s"},
    {"layer": gru(2), "of": "h", "as": "g"},
    {"layer": dense(1, name="last"), "of": "g", "as": "l"},
]
case("two outputs", ADAM, ["meanSquaredError", "meanAbsoluteError"], y=[STEPS, ONE], nodes=two, outputs=["s", "l"], lossWeights=[0.3, 2.0], metrics=[["meanAbsoluteError"], ["meanSquaredError"]])
for kind, options in {
    "exponentialDecay": {"decaySteps": 3, "decayRate": 0.5, "staircase": True},
    "inverseTimeDecay": {"decaySteps": 3, "decayRate": 0.5},
    "cosineDecay": {"decaySteps": 6, "alpha": 0.1, "warmupTarget": 0.2, "warmupSteps": 2},
    "cosineDecayRestarts": {"firstDecaySteps": 3, "mMul": 0.8},
    "polynomialDecay": {"decaySteps": 4, "endLearningRate": 0.01, "power": 2.0, "cycle": True},
}.items():
    rate = use(kind, initialLearningRate=0.1, **options)
    case(kind, use("sgd", learningRate=rate, momentum=0.5), "meanSquaredError", [simple(2), dense(1)])
rate = use("piecewiseConstantDecay", boundaries=[2, 5], values=[0.1, 0.05, 0.2])
case("piecewiseConstantDecay", use("sgd", learningRate=rate), "meanSquaredError", [simple(2), dense(1)])
case(
    "fit: ragged last batch, validation split, metrics",
    ADAM,
    "meanSquaredError",
    [gru(2, kernelRegularizer="l2"), dense(1)],
    metrics=["meanAbsoluteError", "rootMeanSquaredError", "r2Score"],
    fit={"epochs": 4, "batchSize": 4, "validationSplit": 0.3},
)
case("fit: class weight", SGD, "sparseCategoricalCrossentropy", head("softmax", 3), IDS, metrics=["accuracy"], weightedMetrics=["sparseCategoricalAccuracy"], fit={"epochs": 3, "batchSize": 3, "classWeight": {"0": 2.0, "2": 0.5}})
case("fit: stateful", SGD, "meanSquaredError", [lstm(2, stateful=True), dense(1)], fit={"epochs": 4, "batchSize": 4})
case("fit: seq2seq autoencoder", ADAM, "meanSquaredError", [lstm(3), layer("repeatVector", n=4), gru(2, returnSequences=True), layer("timeDistributed", layer=dense(2))], STEPS, fit={"epochs": 5, "batchSize": 8})
