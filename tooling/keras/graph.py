"""A description that grows layer by layer, while Keras says which shapes come out."""

from build import apply_node, layer_of, state_sizes, symbolic_input


class Refused(Exception):
    """Keras would not take the last layer."""


class Graph:
    def __init__(self, draws):
        self.draws = draws
        self.inputs = {}
        self.nodes = []
        self.layers = {}
        self.made = {}
        self.tensors = {}
        self.used = set()
        self.case = {}

    def input(self, shape, prefix="x", **rest):
        name = f"{prefix}{len(self.inputs)}"
        self.inputs[name] = {"shape": list(shape), **rest}
        self.tensors[name] = symbolic_input(self.inputs[name])
        return name

    def shape(self, name):
        return list(self.tensors[name].shape)

    def rows(self):
        """The number of rows of every input; needs one."""
        first = next(iter(self.inputs.values()))
        return first["shape"][0] if "shape" in first else len(first["values"])

    def length(self, name, axis):
        """The true length, where the symbolic shape may leave it open."""
        found = self.shape(name)[axis]
        return self.inputs[name]["shape"][axis] if found is None and name in self.inputs else found

    def add(self, spec, of, **call):
        """Adds a call; gives the names of its outputs. `spec`: a layer, or the name of a shared one."""
        node = {"layer": spec, "of": of, **call}
        try:
            outputs = apply_node(node, self.tensors, self.made, self.layers)
        except Exception as error:
            self.nodes.append({**node, "as": "refused"})
            raise Refused(f"{type(error).__name__}: {error}".split("\n")[0][:300]) from error
        names = [f"t{len(self.nodes)}" + (f"_{i}" if i else "") for i in range(len(outputs))]
        self.nodes.append({**node, "as": names if len(names) > 1 else names[0]})
        self.tensors |= dict(zip(names, outputs, strict=True))
        self.used |= set(of if isinstance(of, list) else [of])
        self.used |= set(call.get("initialState", ()))
        return names

    def share(self, name, spec):
        self.layers[name] = spec
        try:
            self.made[name] = layer_of(spec)
        except Exception as error:
            self.nodes.append({"layer": spec, "of": self.input([1, 2, 2]), "as": "refused"})
            del self.layers[name]
            raise Refused(f"{type(error).__name__}: {error}".split("\n")[0][:300]) from error
        return name

    def state_sizes(self, spec):
        try:
            return state_sizes(layer_of(spec))
        except Exception:
            return []

    def leaves(self):
        made = [name for node in self.nodes for name in ([node["as"]] if isinstance(node["as"], str) else node["as"])]
        return [name for name in made if name not in self.used and name in self.tensors]

    def description(self, outputs=None):
        shared = {"layers": self.layers} if self.layers else {}
        return {"inputs": self.inputs, **shared, "nodes": self.nodes, "outputs": outputs or self.leaves(), **self.case}
