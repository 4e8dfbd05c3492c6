"""PyTorch, eager, on the number of threads that OMP_NUM_THREADS says."""

import os

import torch

from problem import BETA_1, BETA_2, EPSILON, LEARNING_RATE, data, stream_rows, weights

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))

VERSION = f"PyTorch {torch.__version__}, {torch.get_num_threads()} thread{'s' if torch.get_num_threads() > 1 else ''}"


def prepare(task):
    model = Model(task)
    if task["work"] == "stream":
        return streaming(model, task)
    x, y = (torch.from_numpy(values) for values in data(task))
    mean_squared_error = torch.nn.MSELoss()
    if task["work"] == "predict":

        def predict():
            with torch.no_grad():
                predictions = model(x)
            return lambda: mean_squared_error(predictions, y).item()

        return predict
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=LEARNING_RATE, betas=(BETA_1, BETA_2), eps=EPSILON)

    def train():
        optimizer.zero_grad()
        loss = mean_squared_error(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return train


def streaming(model, task):
    rows = torch.from_numpy(stream_rows(task))
    position = iter(range(1 << 62))
    state = None

    def push():
        nonlocal state
        with torch.no_grad():
            output, state = model.recurrent(rows[next(position) % len(rows)].reshape(1, 1, -1), state)
            return model.dense(output[:, -1]).item()

    return push


class Model(torch.nn.Module):
    def __init__(self, task):
        super().__init__()
        self.lstm = task["cell"] == "lstm"
        self.directions = 2 if task["bidirectional"] else 1
        make = torch.nn.LSTM if self.lstm else torch.nn.GRU
        self.recurrent = make(
            task["features"], task["units"], num_layers=task["layers"], batch_first=True, bidirectional=task["bidirectional"]
        )
        self.dense = torch.nn.Linear(self.directions * task["units"], 1)
        self.take(weights(task), task["units"])

    def forward(self, x):
        _, state = self.recurrent(x)
        hidden = state[0] if self.lstm else state
        return self.dense(torch.cat(list(hidden[-self.directions :]), dim=1))

    def take(self, given, units):
        """Keras has gates i f c o as PyTorch has, but z r h for r z n, and one bias for an LSTM where PyTorch has two."""
        values = iter(torch.from_numpy(array) for array in given)
        order = [0, 1, 2, 3] if self.lstm else [1, 0, 2]

        def gates(array):
            return torch.cat([array[gate * units : (gate + 1) * units] for gate in order])

        with torch.no_grad():
            for name in [name for name, _ in self.recurrent.named_parameters() if name.startswith("weight_ih")]:
                suffix = name.removeprefix("weight_ih")
                own = {kind: getattr(self.recurrent, f"{kind}{suffix}") for kind in ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]}
                own["weight_ih"].copy_(gates(next(values).T))
                own["weight_hh"].copy_(gates(next(values).T))
                bias = next(values)
                own["bias_ih"].copy_(gates(bias if self.lstm else bias[0]))
                own["bias_hh"].copy_(torch.zeros(4 * units) if self.lstm else gates(bias[1]))
                own["bias_hh"].requires_grad_(not self.lstm)
            self.dense.weight.copy_(next(values).T)
            self.dense.bias.copy_(next(values))
