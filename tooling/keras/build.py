"""Makes a Keras model of a description: packages/testing/src/build-model.ts is the twin of this file."""

import re

import keras
import numpy as np
from drawn import drawn

CLASSES = {
    "lstm": keras.layers.LSTM,
    "gru": keras.layers.GRU,
    "simpleRnn": keras.layers.SimpleRNN,
    "rnn": keras.layers.RNN,
    "lstmCell": keras.layers.LSTMCell,
    "gruCell": keras.layers.GRUCell,
    "simpleRnnCell": keras.layers.SimpleRNNCell,
    "spatialDropout1d": keras.layers.SpatialDropout1D,
    "conv1d": keras.layers.Conv1D,
    "maxPooling1d": keras.layers.MaxPooling1D,
    "averagePooling1d": keras.layers.AveragePooling1D,
    "globalMaxPooling1d": keras.layers.GlobalMaxPooling1D,
    "globalAveragePooling1d": keras.layers.GlobalAveragePooling1D,
}
NAMED = {  # regularizers and constraints
    "l1": keras.regularizers.L1,
    "l2": keras.regularizers.L2,
    "l1l2": keras.regularizers.L1L2,
    "maxNorm": keras.constraints.MaxNorm,
    "nonNeg": keras.constraints.NonNeg,
    "unitNorm": keras.constraints.UnitNorm,
    "minMaxNorm": keras.constraints.MinMaxNorm,
    "constant": keras.initializers.Constant,
    "identity": keras.initializers.Identity,
    "orthogonalRegularizer": keras.regularizers.OrthogonalRegularizer,
    "randomNormal": keras.initializers.RandomNormal,
    "randomUniform": keras.initializers.RandomUniform,
    "truncatedNormal": keras.initializers.TruncatedNormal,
    "varianceScaling": keras.initializers.VarianceScaling,
    "orthogonal": keras.initializers.Orthogonal,
}
SPELLED_BY_NAME = ("Initializer", "Regularizer", "Constraint")
LACKING = {"spatialDropout1d": ("trainable", "activityRegularizer")}  # drawn with their defaults alone
CALL_OPTIONS = ("useCausalMask", "returnAttentionScores")
SEPARATE_INPUTS = ("multiHeadAttention",)


def snake(name):
    return re.sub(r"([A-Z]|(?<=beta)\d)", lambda m: "_" + m.group(1).lower(), name)


def options_of(spec, skip=("type", *CALL_OPTIONS)):
    return {snake(key): snake(value) if is_name(key, value) else value_of(value) for key, value in spec.items() if key not in skip}


def is_name(key, value):
    """Names may be in camelCase, which Keras does not know."""
    return isinstance(value, str) and (key == "dataFormat" or key.lower().endswith("activation") or key.endswith(SPELLED_BY_NAME))


def value_of(value):
    if isinstance(value, dict) and "type" in value:
        return layer_of(value)
    if isinstance(value, dict) and "name" in value:
        return NAMED[value["name"]](**options_of(value, skip=("name",)))
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [value_of(item) for item in value]
    return value


def layer_of(spec):
    kind = spec["type"]
    if kind == "model":
        return model_of(spec)
    cls = CLASSES.get(kind) or getattr(keras.layers, kind[0].upper() + kind[1:])
    return cls(**options_of(spec, skip=("type", *CALL_OPTIONS, *LACKING.get(kind, ()))))


def symbolic_input(spec, rows=None):
    """`declared`: lengths that the model leaves open are null. `rows`: the number of rows in place of the described one."""
    shape = spec["shape"] if "shape" in spec else np.shape(spec["values"])
    declared = spec.get("declared", shape)
    first = declared[0] if rows is None else rows["rows"]
    return keras.Input(batch_shape=(first, *declared[1:]), dtype=spec.get("dtype", "float32"))


def apply_node(node, tensors, shared, kinds):
    """One call of a layer; gives its outputs in one flat list. `kinds`: the descriptions of the shared layers."""
    spec = node["layer"]
    layer = shared[spec] if isinstance(spec, str) else layer_of(spec)
    kind = kinds[spec]["type"] if isinstance(spec, str) else spec["type"]
    of = [tensors[name] for name in node["of"]] if isinstance(node["of"], list) else [tensors[node["of"]]]
    call = {snake(key): spec[key] for key in CALL_OPTIONS if isinstance(spec, dict) and key in spec}
    if "initialState" in node:
        call["initial_state"] = nested_like(layer, [tensors[name] for name in node["initialState"]])
    if "mask" in node:
        call["mask"] = tensors[node["mask"]]
    arguments = of if kind in SEPARATE_INPUTS or not isinstance(node["of"], list) else [of]
    return keras.tree.flatten(layer(*arguments, **call))


def model_of(description, batch=None):
    """A functional model. `batch`: the number of rows of every input, null for any; absent: as described."""
    tensors = {name: symbolic_input(spec, batch) for name, spec in description["inputs"].items()}
    inputs = list(tensors.values())
    kinds = description.get("layers", {})
    shared = {name: layer_of(spec) for name, spec in kinds.items()}
    for node in nodes_of(description):
        outputs = apply_node(node, tensors, shared, kinds)
        names = node["as"] if isinstance(node["as"], list) else [node["as"]]
        tensors.update(zip(names, outputs, strict=True))
    outputs = [tensors[name] for name in description["outputs"]]
    return keras.Model(inputs if len(inputs) > 1 else inputs[0], outputs if len(outputs) > 1 else outputs[0])


def state_sizes(layer):
    """The lengths of the states of a recurrent layer, in order."""
    if isinstance(layer, keras.layers.Bidirectional):
        return state_sizes(layer.forward_layer) + state_sizes(layer.backward_layer)
    return keras.tree.flatten(layer.state_size)


def nodes_of(description):
    """`row` is short for layers one behind the other, from the first input on; the last gives the outputs."""
    if "nodes" in description:
        return description["nodes"]
    row = description["row"]
    names = [next(iter(description["inputs"])), *(f"row{i}" for i in range(len(row) - 1)), description["outputs"]]
    return [{"layer": spec, "of": names[i], "as": names[i + 1]} for i, spec in enumerate(row)]


def nested_like(layer, states):
    """Keras wants the states of stacked cells cell by cell."""
    sizes = layer.state_size if isinstance(layer, keras.layers.RNN) else None
    return keras.tree.pack_sequence_as(sizes, states) if sizes is not None and any(map(is_list, sizes)) else states


def is_list(value):
    return isinstance(value, (list, tuple))


def set_drawn_weights(model, case, nudge=0):
    values = []
    for i, weight in enumerate(model.weights):
        value = drawn(f"{case}/weight {i}", weight.shape)
        value = value * (1 + np.float32(nudge) * drawn(f"{case}/nudge {i}", weight.shape))
        values.append(np.abs(value) + np.float32(0.5) if weight.path.endswith(("variance", "stddev")) else value)
    model.set_weights(values)


def constraints_of(model):
    """The constraint of every weight, or None."""
    return [getattr(weight, "constraint", None) for weight in model.weights]


def recurrent_layers(layer):
    """Every recurrent layer within, forward before backward."""
    if isinstance(layer, keras.layers.RNN):
        return [layer]
    if isinstance(layer, keras.layers.TimeDistributed):
        return []
    if isinstance(layer, keras.layers.Bidirectional):
        return [layer.forward_layer, layer.backward_layer]
    return [inner for child in getattr(layer, "layers", []) for inner in recurrent_layers(child)]
