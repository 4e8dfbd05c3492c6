"""Draws whole graphs: shared layers, models in models, encoders and decoders, stacks of stateful layers."""

from draw_parts import RECURRENT, bidirectional, recurrent, with_seed
from draws import steps_mask


def sequence(draws, graph, batch, features=None, masked=0.5):
    time = draws.one([1, 2, 3, 4, 5])
    shape = [batch, time, features or draws.one([1, 2, 3])]
    if not draws.chance(masked):
        return graph.input(shape)
    name = graph.input(shape, steps=steps_mask(draws, batch, time))
    return graph.add({"type": "masking"}, name)[0]


def encoder_and_decoder(draws, graph, training):
    """The decoder starts from the state of the encoder, and may look back at its steps."""
    batch, kind = draws.one([1, 2, 3]), draws.one(RECURRENT)
    units = draws.one([1, 2, 3])
    encoder = recurrent(draws, training, kind=kind, units=units, returnState=True, returnSequences=draws.chance(0.5), stateful=False)
    source = sequence(draws, graph, batch)
    output, *states = graph.add(encoder, source)
    looks = encoder.get("returnSequences", False)
    if looks or draws.chance(0.5):
        target = sequence(draws, graph, batch)
    else:
        target = graph.add({"type": "repeatVector", "n": draws.one([1, 2, 3])}, output)[0]
    decoder = recurrent(draws, training, kind=kind, units=units, returnSequences=True, stateful=False)
    decoded = graph.add(decoder, target, initialState=states)[0]
    if looks and draws.chance(0.7):
        attention = with_seed(draws, draws.options(draws.one(["attention", "additiveAttention"]), returnAttentionScores=False), training)
        context = graph.add(attention, [decoded, output])[0]
        decoded = graph.add({"type": "concatenate"}, [decoded, context])[0]
    if draws.chance(0.5):
        graph.add({"type": "timeDistributed", "layer": {"type": "dense", "units": 1}}, decoded)
    else:
        graph.add(recurrent(draws, training, stateful=False), decoded)


def shared_layer(draws, graph, training):
    """One layer on two inputs."""
    batch, features = draws.one([1, 2, 3]), draws.one([1, 2])
    spec = bidirectional(draws, training, stateful=False) if draws.chance(0.3) else recurrent(draws, training, stateful=False)  # ours keeps a state for each call
    spec.pop("name", None)
    graph.share("twice", spec)
    first, second = (sequence(draws, graph, batch, features) for _ in range(2))
    a, *_ = graph.add("twice", first)
    b, *_ = graph.add("twice", second)
    if graph.shape(a) == graph.shape(b) and draws.chance(0.6):
        joined = graph.add(draws.options(draws.one(["add", "subtract", "multiply", "maximum", "average"])), [a, b])[0]
        if len(graph.shape(joined)) == 3:
            graph.add(recurrent(draws, training, stateful=False), joined)


def row(draws, training, length, stateful):
    layers = [recurrent(draws, training, returnSequences=True, returnState=False, stateful=stateful and draws.chance(0.7), unroll=False) for _ in range(length)]
    return layers


def stacked(draws, graph, training):
    """Recurrent layers on each other, some stateful."""
    batch = draws.one([1, 2, 3])
    tensor = sequence(draws, graph, batch)
    for spec in row(draws, training, draws.one([1, 2]), True):
        tensor = graph.add(spec, tensor)[0]
        if draws.chance(0.3):
            tensor = graph.add(draws.options("dense"), tensor)[0]
    graph.add(recurrent(draws, training, stateful=draws.chance(0.6)), tensor)


def model_in_model(draws, graph, training):
    """A model as a layer, called once or twice, perhaps stateful."""
    batch, time, features = draws.one([1, 2]), draws.one([1, 3, 4]), draws.one([1, 2])
    layers = row(draws, training, 1, draws.chance(0.3))
    if draws.chance(0.4):
        layers = [{"type": "masking"}, *layers]
    if draws.chance(0.5):
        layers.append(draws.options("dense"))
    inner = {"type": "model", "inputs": {"i": {"shape": [batch, time, features]}}, "row": layers, "outputs": ["o"]}
    graph.share("inner", inner)
    steps = steps_mask(draws, batch, time)
    x = graph.input([batch, time, features], **({"steps": steps} if draws.chance(0.5) else {}))
    if "steps" in graph.inputs[x] and "masking" not in str(layers[0]):
        x = graph.add({"type": "masking"}, x)[0]
    a = graph.add("inner", x)[0]
    if draws.chance(0.5) and not any(layer.get("stateful") for layer in layers):
        b = graph.add("inner", graph.input([batch, time, features]))[0]
        a = graph.add({"type": "add"}, [a, b])[0]
    graph.add(recurrent(draws, training, stateful=False), a)


def two_branches(draws, graph, training):
    """One input through two layers, joined, with masks from one or both sides."""
    batch, time = draws.one([1, 2, 3]), draws.one([1, 2, 4])
    units = draws.one([1, 2])
    name = graph.input([batch, time, 2], steps=steps_mask(draws, batch, time))
    masked = graph.add({"type": "masking"}, name)[0]
    a = graph.add(recurrent(draws, training, kind=draws.one(RECURRENT), units=units, returnSequences=True, stateful=False), masked)[0]
    b = graph.add(draws.options("dense", units=units, activation="tanh"), name if draws.chance(0.4) else masked)[0]
    joined = graph.add(draws.options(draws.one(["add", "subtract", "multiply", "average", "maximum", "minimum", "concatenate"]), axis=...), [a, b])[0]
    graph.add(draws.one([{"type": "globalAveragePooling1d"}, recurrent(draws, training, stateful=False), {"type": "flatten"}]), joined)


SCENARIOS = (encoder_and_decoder, shared_layer, stacked, model_in_model, two_branches)
