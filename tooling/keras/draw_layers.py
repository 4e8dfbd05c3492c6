"""Draws configurations of layers: one layer in the middle, others around it, masks, states, several inputs."""

import json

from build import symbolic_input
from draw_graphs import SCENARIOS
from draw_parts import RECURRENT, bidirectional, conv1d, distributed, multi_head, normalizing, recurrent, with_seed
from draws import steps_mask
from graph import Graph, Refused
from option_values import factories

MERGES = ("add", "subtract", "multiply", "average", "maximum", "minimum")
ATTENTIONS = ("attention", "additiveAttention", "multiHeadAttention")
NORMALIZING = ("batchNormalization", "layerNormalization")
AROUND = {
    "dense": 5, "activation": 3, "dropout": 1, "spatialDropout1d": 1, "gaussianNoise": 1, "batchNormalization": 2, "layerNormalization": 2,
    "lstm": 3, "gru": 3, "simpleRnn": 2, "bidirectional": 1, "timeDistributed": 2, "conv1d": 1, "maxPooling1d": 1, "averagePooling1d": 1,
    "globalAveragePooling1d": 1, "globalMaxPooling1d": 1, "flatten": 1, "reshape": 1, "permute": 1, "masking": 2, "repeatVector": 2,
}  # fmt: skip
KEEPING = ("dense", "activation", "dropout", "gaussianNoise", "batchNormalization", "layerNormalization", "masking")


def draw_case(draws, name):
    """One configuration; with `refused` where Keras would not build it."""
    graph = Graph(draws)
    graph.case = {"training": True} if draws.chance(0.35) else {}
    training = "training" in graph.case
    try:
        if draws.wanted is not None:
            side_by_side(draws, graph, training)
        elif draws.chance(0.3):
            draws.one(SCENARIOS)(draws, graph, training)
        else:
            around(draws, graph, draws.weighted(focus_weights()), training)
    except Refused as refusal:
        return {"name": name, **graph.description(["refused"]), "refused": str(refusal)}
    stateful = '"stateful": true' in json.dumps(graph.nodes) or '"stateful": true' in json.dumps(graph.layers)
    if stateful and not graph.case.get("once"):
        graph.case["calls"] = draws.one([2, 3]) if draws.wanted is None else 2
    graph.case.pop("once", None)
    if training:
        graph.case["seed"] = draws.random.randint(0, 2**31)
    outputs = graph.leaves()
    return {"name": name, **graph.description(outputs)}


def focus_weights():
    heavy = {"lstm": 8, "gru": 6, "simpleRnn": 4, "rnn": 6, "bidirectional": 5, "timeDistributed": 3, "dense": 2, "conv1d": 2}
    return {factory: heavy.get(factory, 1) for factory in factories() if not factory.endswith("Cell")}


def around(draws, graph, focus, training):
    """Layers before, the layer in focus, layers behind."""
    if focus == "embedding" or (focus in RECURRENT and draws.chance(0.1)):
        tensor = embedded(draws, graph, focus)
        if focus != "embedding":
            tensor = place(draws, graph, focus, tensor, training)
    else:
        tensor = start(draws, graph, focus)
        for _ in range(draws.one([0, 0, 0, 1, 1, 2])):
            tensor = place(draws, graph, draws.one([kind for kind in KEEPING if fits(kind, graph, tensor)]), tensor, training)
        tensor = place(draws, graph, focus, tensor, training)
    for _ in range(draws.one([0, 0, 1, 1, 2])):
        choices = {kind: weight for kind, weight in AROUND.items() if fits(kind, graph, tensor)}
        tensor = place(draws, graph, draws.weighted(choices), tensor, training)


def side_by_side(draws, graph, training):
    """Several layers on one input, each an output of its own: many options in a small configuration."""
    kinds = [factory for factory in draws.wanted.factories if not factory.endswith("Cell")]
    base = {}
    for _ in range(7):
        kind = draws.neediest(kinds)
        if kind == "embedding":
            embedded(draws, graph, kind)
        else:
            rank = 2 if kind == "repeatVector" else draws.one([2, 3, 4]) if kind == "permute" else 4 if kind == "timeDistributed" and draws.chance(0.7) else 3
            if rank not in base:
                base[rank] = begin(draws, graph, rank)
            place(draws, graph, kind, base[rank], training)
        draws.wanted.in_case = draws.wanted.found(graph.nodes)[0]


def begin(draws, graph, rank):
    """A small input of this rank; a sequence often has masked steps."""
    shape = [2, *[draws.one([1, 2]) for _ in range(rank - 3)], *([3] if rank > 2 else []), 2]
    if graph.inputs:
        shape[0] = graph.rows()
    if rank != 3 or draws.chance(0.4):
        return graph.input(shape)
    tensor = graph.input(shape, steps=steps_mask(draws, shape[0], shape[1]))
    return graph.add({"type": "masking"}, tensor)[0]


def start(draws, graph, focus):
    """An input that the layer in focus can take, often with masked steps."""
    batch, features = draws.one([1, 2, 2, 3]), draws.one([1, 2, 2, 3])
    time = draws.one([1, 2, 3, 4, 5, 5, 6])
    if focus in ("conv1d", "maxPooling1d", "averagePooling1d"):
        time, features = draws.one([1, 3, 5, 6, 7]), draws.one([1, 2, 4])
    rank = 3
    if focus == "repeatVector" or (focus in (*MERGES, "dense", "activation", *NORMALIZING, "dropout", "reshape", "dot", "permute", "flatten") and draws.chance(0.25)):
        rank = 2
    if focus in ("timeDistributed", "dense", "activation", *NORMALIZING, "flatten", "permute", "reshape", *MERGES) and draws.chance(0.3):
        rank = 4
    shape = {2: [batch, features], 3: [batch, time, features], 4: [batch, draws.one([1, 2, 3]), time, features]}[rank]
    rest = {}
    if rank == 3 and draws.chance(0.25):
        rest = {"steps": steps_mask(draws, batch, time), "elsewhere": draws.one([0, -1, 0.5])}
        if rest["elsewhere"] == 0:
            rest.pop("elsewhere")
    if draws.chance(0.2):
        rest["declared"] = [None if draws.chance(0.6) else batch, *[None if rank > 2 and i == 0 and draws.chance(0.4) else n for i, n in enumerate(shape[1:])]]
    tensor = graph.input(shape, **rest)
    if "steps" in rest and draws.chance(0.85):
        value = rest.get("elsewhere", 0)
        tensor = graph.add(draws.options("masking", maskValue=value), tensor)[0]
    elif rank == 3 and draws.chance(0.25):
        graph.case["mask"] = {tensor: steps_mask(draws, batch, time)}
    return tensor


def embedded(draws, graph, focus):
    spec = draws.options("embedding")
    batch, time = draws.one([1, 2, 3]), draws.one([1, 2, 4, 5])
    if graph.inputs:
        batch = graph.rows()
    top = spec["inputDim"] - 1
    values = [[draws.random.randint(0, top) for _ in range(time)] for _ in range(batch)]
    if draws.chance(0.2):
        values[0] = [0] * time
    name = f"ids{len(graph.inputs)}"
    graph.inputs[name] = {"dtype": "int32", "values": values}
    graph.tensors[name] = symbolic_input(graph.inputs[name])
    return graph.add(spec, name)[0]


def fits(kind, graph, tensor):
    shape = graph.shape(tensor)
    rank = len(shape)
    if kind in ("dense", "activation", "dropout", "gaussianNoise"):
        return True
    if kind in ("reshape", "flatten"):
        return None not in shape[1:]
    if kind in NORMALIZING:
        return rank <= 4
    if kind == "repeatVector":
        return rank == 2
    if kind == "timeDistributed":
        return rank in (3, 4)
    if kind == "permute":
        return rank in (2, 3, 4) and None not in shape[1:]
    return rank == 3


def place(draws, graph, kind, tensor, training):
    """Adds a layer of this kind behind the tensor; gives one of its outputs."""
    rank = len(graph.shape(tensor))
    if kind in RECURRENT or kind == "rnn":
        return placed_recurrent(draws, graph, recurrent(draws, training, kind=kind), tensor)
    if kind == "bidirectional":
        return placed_recurrent(draws, graph, bidirectional(draws, training), tensor)
    if kind == "timeDistributed":
        return graph.add(distributed(draws, training, rank), tensor)[0]
    if kind == "conv1d":
        return graph.add(conv1d(draws, *graph.shape(tensor)[:0:-1]), tensor)[0]
    if kind in MERGES:
        return merged(draws, graph, kind, tensor, training)
    if kind == "concatenate":
        return concatenated(draws, graph, tensor)
    if kind == "dot":
        return graph.add(*dot(draws, graph, tensor))[0]
    if kind in ATTENTIONS:
        return attended(draws, graph, kind, tensor, training)
    return graph.add(stateless(draws, graph, kind, tensor, training), tensor)[0]


def stateless(draws, graph, kind, tensor, training):
    shape = graph.shape(tensor)
    rank = len(shape)
    if kind in NORMALIZING:
        axes = [axis for axis in ([-1, 1, 2] if kind == "batchNormalization" else [-1, 1, 2, [1], [1, 2], [-1], [-2, -1]])]
        if not draws.chance(0.03):
            axes = [axis for axis in axes if all(a < rank and a + rank > 0 and shape[a] is not None for a in (axis if isinstance(axis, list) else [axis]))]
        return normalizing(draws, kind, axis=draws.value(kind, "axis", axes or [-1]))
    if kind == "permute":
        dims = {2: [[1]], 3: [[2, 1], [1, 2]], 4: [[3, 1, 2], [2, 3, 1], [1, 3, 2]]}[rank]
        return draws.options(kind, dims=draws.value(kind, "dims", dims))
    if kind == "reshape":
        size = 1
        for length in shape[1:]:
            size *= length or 1
        targets = [[-1], [size], [1, -1], [-1, 1], [size, 1], [1, size, 1]] + ([[2, -1], [size // 2, 2]] if size % 2 == 0 else []) + ([[2, -1]] if draws.chance(0.03) else [])
        return draws.options(kind, targetShape=draws.one(targets))
    if kind == "dropout" and draws.chance(0.4):
        noise = [None if draws.chance(0.5) else 1 for _ in shape]
        return with_seed(draws, draws.options(kind, noiseShape=noise), training)
    return with_seed(draws, draws.options(kind), training)


def placed_recurrent(draws, graph, spec, tensor):
    """Now and then with an initial state or a mask of its own."""
    call = {}
    batch = graph.shape(tensor)[0]
    time = graph.shape(tensor)[1]
    nested = any(isinstance(inner.get("cell"), list) for inner in (spec, spec.get("layer", {}), spec.get("backwardLayer", {})))
    if draws.chance(0.3) and not (nested and spec["type"] == "bidirectional"):
        rows = batch if batch is not None else graph.rows()
        sizes = graph.state_sizes(spec)
        call["initialState"] = [graph.input([rows, size], prefix="s", **({} if batch is not None else {"declared": [None, size]})) for size in sizes]
        if not call["initialState"]:
            call.pop("initialState")
        else:
            graph.case["once"] = True
    if draws.chance(0.15) and batch is not None and time is not None:
        name = f"m{len(graph.inputs)}"
        graph.inputs[name] = {"dtype": "bool", "values": steps_mask(draws, batch, time)}
        graph.tensors[name] = symbolic_input(graph.inputs[name])
        call["mask"] = name
    return graph.add(spec, tensor, **call)[0]


def second(draws, graph, tensor, training):
    """A tensor of the same shape, or now and then of one that is broadcast."""
    shape = graph.shape(tensor)
    if draws.chance(0.4):
        kind = draws.one(["activation", "dropout", "gaussianNoise"])
        return place(draws, graph, kind, tensor, training)
    rows = graph.rows()
    lengths = [rows, *[graph.inputs.get(tensor, {"shape": shape})["shape"][i] if n is None else n for i, n in enumerate(shape) if i > 0]]
    if None in lengths:
        return place(draws, graph, "activation", tensor, training)
    if draws.chance(0.15) and len(lengths) > 1 and len(set(lengths[1:])) == len(lengths) - 1:  # the same mistake
        shorter = list(lengths)
        shorter[draws.random.randint(1, len(lengths) - 1)] = 1
        # What is one vector but for lengths of 1 Keras takes for a bias of the other, even where it lies along the batch.
        if sum(length > 1 for length in shorter) != 1:
            lengths = shorter
    if draws.chance(0.03):
        lengths[-1] += 1
    rest = {}
    if len(lengths) == 3 and draws.chance(0.4):
        rest = {"steps": steps_mask(draws, lengths[0], lengths[1])}
    other = graph.input(lengths, **rest)
    return graph.add(draws.options("masking", maskValue=0), other)[0] if rest else other


def merged(draws, graph, kind, tensor, training):
    count = 1 if kind == "subtract" and not draws.chance(0.03) else draws.one([1, 1, 2])
    others = [second(draws, graph, tensor, training) for _ in range(count)]
    if draws.chance(0.05):
        others[0] = tensor
    return graph.add(draws.options(kind), [tensor, *others])[0]


def concatenated(draws, graph, tensor):
    shape = graph.shape(tensor)
    if None in shape:
        return graph.add(draws.options("concatenate", axis=-1), [tensor, tensor])[0]
    axes = [axis for axis in (-1, 1, 2, -2) if -len(shape) < axis < len(shape) and (axis % len(shape)) > 0]
    axis = draws.value("concatenate", "axis", axes)
    others = []
    for _ in range(draws.one([1, 1, 2])):
        lengths = list(shape)
        lengths[axis] = draws.one([1, 2, 3])
        # Keras, which knows of no given mask while it builds a graph, writes ones for it beside a mask that a layer makes.
        may_mask = len(lengths) == 3 and "mask" not in graph.case
        rest = {"steps": steps_mask(draws, lengths[0], lengths[1])} if may_mask and draws.chance(0.5) else {}
        other = graph.input(lengths, **rest)
        others.append(graph.add({"type": "masking"}, other)[0] if rest and draws.chance(0.8) else other)
    return graph.add(draws.options("concatenate", axis=axis), [tensor, *others])[0]


def dot(draws, graph, tensor):
    shape = graph.shape(tensor)
    spec = draws.options("dot")
    axes = spec["axes"] if isinstance(spec["axes"], list) else [spec["axes"]] * 2
    rank = draws.one([2, 3])
    if not draws.chance(0.04) and (abs(axes[0]) >= len(shape) or None in shape):
        spec["axes"] = axes = [-1, -1]
    elif abs(axes[1]) >= rank:
        rank = 3
    lengths = [shape[0] or graph.rows(), *[draws.one([1, 2, 3]) for _ in range(rank - 1)]]
    if abs(axes[0]) < len(shape) and abs(axes[1]) < rank and shape[axes[0]] is not None and not draws.chance(0.03):
        lengths[axes[1]] = shape[axes[0]]
    return spec, [tensor, graph.input(lengths)]


DEEP = ([2], [1, 2])


def attended_deeply(draws, graph, spec, rows):
    """Attention with one more axis than time, which takes no masks."""
    for key in ("useCausalMask", "slidingWindow"):
        spec.pop(key, None)
    if draws.chance(0.4):
        spec["attentionAxes"] = draws.value("multiHeadAttention", "attentionAxes", [None, 1, [1], [2], [1, 2], -2])
    query = graph.input([rows, 2, draws.one([1, 2, 3]), draws.one([1, 2])])
    if draws.chance(0.5):
        return graph.add(spec, [query, query])[0]
    along = spec["attentionAxes"]
    along = [1, 2] if along is None else [axis % 4 for axis in (along if isinstance(along, list) else [along])]
    lengths = graph.shape(query)
    for axis in along:
        lengths[axis] = draws.one([1, 2, 3])
    return graph.add(spec, [query, graph.input(lengths)])[0]


def attended(draws, graph, kind, tensor, training):
    if kind == "multiHeadAttention":  # Keras takes the mask off the tensor it is given, for all that read it later
        tensor = graph.add({"type": "activation", "activation": "tanh"}, tensor)[0]
    batch, time, features = graph.shape(tensor)
    rows = batch or graph.rows()
    spec = multi_head(draws, training) if kind == "multiHeadAttention" else with_seed(draws, draws.options(kind), training)
    if spec.get("attentionAxes") in DEEP and not draws.chance(0.03):
        return attended_deeply(draws, graph, spec, rows)
    if draws.chance(0.3):
        return graph.add(spec, [tensor, tensor] if draws.chance(0.7) else [tensor, tensor, tensor])[0]
    length = draws.one([1, 2, 3, 4])
    rest = {"steps": steps_mask(draws, rows, length)} if draws.chance(0.5) else {}
    wide = draws.one([1, 2, 3]) if kind == "multiHeadAttention" and draws.chance(0.4) else features
    value = graph.input([rows, length, wide], **rest)
    value = graph.add({"type": "masking"}, value)[0] if rest else value
    if draws.chance(0.3):
        key = graph.input([rows, length, wide], prefix="k")
        return graph.add(spec, [tensor, value, key])[0]
    return graph.add(spec, [tensor, value])[0]
