# ruff: noqa: E402 (the threads must be set before Keras uses TensorFlow)
"""Keras 3 as a peer, through ``fit``: ``KERAS_BACKEND=tensorflow python -m benchmarks.speed.keras_peer FOLDER``.

Keras shuffles with its own code; only what that code would draw is replaced by the order that was handed over.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np

TENSORFLOW = os.environ["KERAS_BACKEND"] == "tensorflow"
if TENSORFLOW:
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)

import keras
from keras import layers

from benchmarks.speed.peer import Gate, Work, work

CELLS = {"rnn": layers.SimpleRNN, "lstm": layers.LSTM}


def network(given: Work) -> keras.Model:
    """Build the network of a setting and give it the initial weights."""
    facts, named = given.facts, given.weights
    found: dict[str, list[np.ndarray]] = {"head": linear(named, "head")}
    carried = facts["stateful"] != "off"
    steps = given.x.shape[1]
    inputs = h = keras.Input(batch_shape=(facts["batch"] if carried else None, *given.x.shape[1:]),
                             dtype=given.x.dtype.name)
    if facts["symbols"]:
        h = layers.Embedding(facts["symbols"], facts["embedding"], name="embedding")(h)
        found["embedding"] = [named["embedding.weight"]]
    if facts["input_dense"]:
        h = layers.Dense(facts["input_dense"], name="dense")(h)
        found["dense"] = linear(named, "dense")
    for number, layer in enumerate(facts["layers"]):
        name, in_torch = f"layers_{number}", f"layers.{number}"
        sequences = facts["output"] == "every" or number < len(facts["layers"]) - 1
        h = CELLS[facts["cell"]](layer["hidden"], return_sequences=sequences, stateful=carried, name=name)(h)
        found[name] = [named[f"{in_torch}.weight_ih_l0"].T, named[f"{in_torch}.weight_hh_l0"].T,
                       named[f"{in_torch}.bias_ih_l0"] + named[f"{in_torch}.bias_hh_l0"]]
        if layer["dropout"]:
            h = layers.Dropout(layer["dropout"])(h)
    if facts["relu_head"]:
        h = layers.Dense(facts["relu_head"], "relu", name="after")(h)
        found["after"] = linear(named, "after")
    if facts["conv"]:
        filtered = layers.Conv1D(facts["conv"], 3, padding="same", name="conv")(inputs)
        found["conv"] = [named["conv.weight"].transpose(2, 1, 0), named["conv.bias"]]
        kernel, beside = found["head"][0], h.shape[-1]      # torch flattens filter by filter, Keras step by step
        by_step = kernel[beside:].reshape(facts["conv"], steps // 2, -1).swapaxes(0, 1)
        found["head"][0] = np.concatenate([kernel[:beside], by_step.reshape(len(kernel) - beside, -1)])
        h = layers.concatenate([h, layers.Flatten()(layers.MaxPooling1D(2)(filtered))])
    model = keras.Model(inputs, layers.Dense(max(facts["classes"], 1), name="head")(h))
    for name, arrays in found.items():
        model.get_layer(name).set_weights(arrays)
    return model


def linear(named: dict[str, np.ndarray], name: str) -> list[np.ndarray]:
    """Return the weights of a linear layer the way Keras has them."""
    return [named[f"{name}.weight"].T, named[f"{name}.bias"]]


class Order:
    """The order that was handed over, in the place of what Keras would draw."""

    def __init__(self, orders: np.ndarray) -> None:
        self.epoch = 0
        if TENSORFLOW:
            self._now, all_orders = tf.Variable(0, dtype=tf.int64), tf.constant(orders, dtype=tf.int64)
            tf.random.shuffle = lambda _indices: tf.gather(all_orders, self._now)
        else:
            np.random.permutation = lambda _count: orders[self.epoch]

    def begin(self, epoch: int) -> None:
        """Let this be the epoch whose order comes next."""
        self.epoch = epoch
        if TENSORFLOW:
            self._now.assign(epoch)


class Turns(keras.callbacks.Callback):
    """Waits for its turn between epochs. Keras calls it beside the training, where it costs nothing."""

    async_safe = True

    def __init__(self, gate: Gate, order: Order, updates: int) -> None:
        super().__init__()
        self.gate, self.order, self.updates = gate, order, updates
        self.told = False

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:  # noqa: ARG002
        """Hand over the order of this epoch."""
        self.order.begin(epoch)

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Report the first loss."""
        if not self.told and logs is not None:
            self.told = True
            self.gate.first(float(logs["loss"]))

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:  # noqa: ARG002
        """Wait for the next turn."""
        if epoch < self.params["epochs"] - 1:
            self.gate.updates(self.updates)


def main(folder: Path) -> None:
    """Train over and over until nobody asks for more."""
    given, gate = work(folder), Gate()
    facts = given.facts
    keras.utils.set_random_seed(0)
    model = network(given)
    optimizer = keras.optimizers.Adam(facts["lr"], epsilon=1e-8)
    model.compile(optimizer=optimizer, loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)
                  if facts["classes"] else "mse")
    y, validation_y = (part if facts["classes"] else part[..., np.newaxis] for part in (given.y, given.validation_y))
    turns = Turns(gate, Order(given.orders), facts["per_epoch"])
    optimizer.build(model.trainable_variables)
    at_first = [np.array(variable) for variable in (*model.variables, *optimizer.variables)]
    while True:
        seen = model.fit(
            given.x, y, batch_size=facts["batch"], epochs=facts["epochs"], shuffle=facts["stateful"] == "off",
            validation_data=(given.validation_x, validation_y) if len(validation_y) else None,
            validation_batch_size=512, verbose=0, callbacks=[turns])
        losses = seen.history["loss"]
        gate.finish(facts["per_epoch"], int(np.array(optimizer.iterations)), (losses[0], losses[-1]))
        for variable, value in zip((*model.variables, *optimizer.variables), at_first, strict=True):
            variable.assign(value)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
