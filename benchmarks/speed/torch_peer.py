"""Plain PyTorch as a peer, as a tutorial would write it: ``python -m benchmarks.speed.torch_peer FOLDER``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, Sampler, TensorDataset

from benchmarks.speed.peer import Gate, Work, over_epochs, work

CELLS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


class Net(nn.Module):
    """The network of a setting, with the names that its initial weights have."""

    def __init__(self, facts: dict[str, Any], features: int, steps: int) -> None:
        super().__init__()
        self.every = facts["output"] == "every"
        self.embedding = nn.Embedding(facts["symbols"], facts["embedding"]) if facts["symbols"] else None
        entering = width = facts["embedding"] if facts["symbols"] else features
        self.dense = nn.Linear(width, facts["input_dense"]) if facts["input_dense"] else None
        width = facts["input_dense"] or width
        self.layers, self.dropouts = nn.ModuleList(), nn.ModuleList()
        for layer in facts["layers"]:
            self.layers.append(CELLS[facts["cell"]](width, layer["hidden"], batch_first=True))
            self.dropouts.append(nn.Dropout(layer["dropout"]))
            width = layer["hidden"]
        self.after = nn.Linear(width, facts["relu_head"]) if facts["relu_head"] else None
        width = facts["relu_head"] or width
        self.conv = nn.Conv1d(entering, facts["conv"], 3, padding="same") if facts["conv"] else None
        self.head = nn.Linear(width + facts["conv"] * (steps // 2), max(facts["classes"], 1))

    def forward(self, x: Tensor, states: list[Any] | None = None) -> tuple[Tensor, list[Any]]:
        """Return the outputs, (B, S, O) or (B, O), and the states after the last step."""
        entered = x if self.embedding is None else self.embedding(x)
        h = entered if self.dense is None else self.dense(entered)
        after = []
        for number, layer in enumerate(self.layers):
            h = self.dropouts[number - 1](h) if number else h
            h, state = layer(h, None if states is None else states[number])
            after.append(tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach())
        h = self.dropouts[-1](h if self.every else h[:, -1])
        if self.after is not None:
            h = torch.relu(self.after(h))
        if self.conv is not None:
            pooled = functional.max_pool1d(self.conv(entered.transpose(1, 2)), 2)
            h = torch.cat([h, pooled.flatten(1)], 1)
        return self.head(h), after


class Handed(Sampler[int]):
    """The order that was handed over, epoch by epoch."""

    def __init__(self, orders: np.ndarray) -> None:
        self.orders, self.epoch = orders, 0

    def __iter__(self) -> Iterator[int]:
        return iter(self.orders[self.epoch].tolist())

    def __len__(self) -> int:
        return int(self.orders.shape[1])


def train(given: Work, gate: Gate) -> None:
    """Train once from the beginning to the end."""
    facts = given.facts
    torch.manual_seed(0)
    net = Net(facts, given.x.shape[-1], given.x.shape[1])
    net.load_state_dict({name: torch.from_numpy(array) for name, array in given.weights.items()})
    order = Handed(given.orders)
    loader = DataLoader(TensorDataset(torch.from_numpy(given.x), torch.from_numpy(given.y)), facts["batch"],
                        sampler=order)
    validation_x, validation_y = torch.from_numpy(given.validation_x), torch.from_numpy(given.validation_y)
    optimizer = torch.optim.Adam(net.parameters(), lr=facts["lr"])
    losses = []

    def loss_of(outputs: Tensor, y: Tensor) -> Tensor:
        return functional.cross_entropy(outputs, y) if facts["classes"] else functional.mse_loss(outputs.squeeze(-1), y)

    for epoch in range(facts["epochs"]):
        order.epoch = epoch
        net.train()
        states = None
        for x, y in loader:
            optimizer.zero_grad()
            outputs, after = net(x, states)
            loss = loss_of(outputs, y)
            loss.backward()
            optimizer.step()
            states = after if facts["stateful"] != "off" else None
            losses.append(loss.item())
            gate.first(losses[0])
        if len(validation_y):
            net.eval()
            with torch.no_grad():
                loss_of(net(validation_x)[0], validation_y).item()
        if epoch < facts["epochs"] - 1:
            gate.updates(len(loader))
    gate.finish(len(loader), len(losses),
                over_epochs(np.array(losses), len(loader), given.orders.shape[1], facts["batch"]))


def main(folder: Path) -> None:
    """Train over and over until nobody asks for more."""
    torch.set_num_threads(1)
    given, gate = work(folder), Gate()
    while True:
        train(given, gate)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
