"""Networks that are not trained but made up, the same in the server and in the test that looks at it."""

from functools import cache

import numpy as np

from lstm_core.errors import Refusal
from lstm_core.inside.interventions import ClampGate
from lstm_core.records import Snapshot
from lstm_core.spec import Layer, Letters, ModelSpec, Numerals, Prices, Reviews, RunSpec, Waves
from lstm_core.ui.cell.view import Inside

SYMBOLS = {"letters": tuple("abcde"), "answers": ("▶", "■", *"0123456789", "forty", "hundred", "seventy"),
           "words": ("·", "?", "the", "soup", "was", "unexpectedly", "lukewarm", "but", "wonderful")}
LABELS = SYMBOLS | {"words": ("dissatisfied", "satisfied")}
ALPHABET = SYMBOLS["letters"]
MODELS = {
    "lstm": ModelSpec(layers=(Layer(hidden=10),)),
    "gru": ModelSpec(cell="gru", layers=(Layer(hidden=6),)),
    "lstm97": ModelSpec(cell="lstm97", layers=(Layer(hidden=10),)),
    "rnn": ModelSpec(cell="rnn", layers=(Layer(hidden=8),), output="every"),
    "letters": ModelSpec(layers=(Layer(hidden=12),), output="every"),
    "words": ModelSpec(cell="gru", layers=(Layer(hidden=6),), encoding="embedding", embedding=3),
    "answers": ModelSpec(layers=(Layer(hidden=4),), output="every"),
    "stacked": ModelSpec(layers=(Layer(hidden=12), Layer(hidden=5))),
    "large": ModelSpec(layers=(Layer(hidden=100),)),
    "widest": ModelSpec(layers=(Layer(hidden=512),)),
    "single": ModelSpec(layers=(Layer(hidden=1),)),
    "diverged": ModelSpec(layers=(Layer(hidden=4),)),
    "changed": ModelSpec(layers=(Layer(hidden=10),)),
    "missing": ModelSpec(layers=(Layer(hidden=10),)),
    "tiny": ModelSpec(layers=(Layer(hidden=2),)),
}
STEPS = {"large": 200, "widest": 60, "single": 1, "letters": 16, "stacked": 30, "words": 21, "answers": 8}
SWITCH = 3      # where the decoder of "answers" begins
FEATURES = {"stacked": 4}
SNAPSHOTS = {"large": 200, "widest": 4, "single": 1}


def updates(name):
    count = SNAPSHOTS.get(name, 40)
    return np.unique(np.linspace(0, 3000, count).astype(np.int64)) if count > 1 else np.array([0])


def width(name):
    if name in SYMBOLS:
        return MODELS[name].embedding if MODELS[name].encoding == "embedding" else len(SYMBOLS[name])
    return FEATURES.get(name, 1)


def x(name):
    steps = STEPS.get(name, 24)
    if name in SYMBOLS:
        read = np.arange(steps) % len(SYMBOLS[name])
        return np.array([4, 2, 7, 0, 9, 13, 12, 1]) if name == "answers" else read
    time = np.arange(steps)[:, None] / 4 + np.arange(width(name))
    return np.sin(time).astype(np.float32)


@cache
def drawn(name, split):
    """Draw weights: from 0.4 (beginning) to 1.6 (end) times these, turned a little."""
    model, random = MODELS[name], np.random.default_rng(7 + split)
    outputs = len(LABELS.get(name, "1"))
    weights, entering = {}, width(name)
    if model.encoding == "embedding":
        weights["embedding.weight"] = random.normal(0, 1, (len(SYMBOLS[name]), entering))
    for stage in ("layers", "decoder") if name == "answers" else ("layers",):
        entering = width(name)
        for number, layer in enumerate(model.layers):
            rows, hidden = model.cell_type.blocks * layer.hidden, layer.hidden
            weights[f"{stage}.{number}.weight_ih_l0"] = random.normal(0, 1.2, (rows, entering))
            weights[f"{stage}.{number}.weight_hh_l0"] = random.normal(0, 1.6 / np.sqrt(hidden), (rows, hidden))
            weights[f"{stage}.{number}.bias_ih_l0"] = random.normal(0, 0.5, rows)
            weights[f"{stage}.{number}.bias_hh_l0"] = random.normal(0, 0.5, rows)
            entering = hidden
    weights["head.weight"] = random.normal(0, 2 / np.sqrt(entering), (outputs, entering))
    weights["head.bias"] = random.normal(0, 0.1, outputs)
    return weights


def weights(name, update):
    share = update / 3000
    made = {key: (first * (1 - share) + drawn(name, 1)[key] * share).astype(np.float32)
            for key, first in drawn(name, 0).items()}
    if name == "diverged" and update > 1500:
        made = {key: np.full_like(values, np.nan) for key, values in made.items()}
    return made


class Lab:
    """What the routes need of a lab."""

    def snapshot(self, run, update):
        if run == "missing" and update == 3000:
            raise Refusal("The store does not answer.")
        return Snapshot(update, weights(run, update))


def data(name):
    if name == "letters":
        return Letters(text="".join(ALPHABET), steps=STEPS[name])
    if name in SYMBOLS:
        return Reviews() if name == "words" else Numerals()
    return Prices(steps=STEPS[name], features=("open", "high", "low", "close")) if name == "stacked" else Waves()


def marks(name):
    steps = len(x(name))
    if name in SYMBOLS:
        return [SYMBOLS[name][symbol] for symbol in x(name)]
    return np.datetime64("2015-03-02") + np.arange(steps) if name == "stacked" else np.arange(900, 900 + steps)


def actual(name):
    steps = len(x(name))
    if name == "words":
        return np.array([*[np.nan] * (steps - 1), 1.0])
    if name == "answers":
        return np.array([*[np.nan] * SWITCH, *x(name)[SWITCH + 1:], 1.0])
    return (x(name) + 1.0) % 5 if name == "letters" else np.sin((np.arange(steps) + 1) / 4)


def inside(name):
    interventions = (ClampGate(0, "f", 0.0),) if name == "changed" else ()
    features = ("open", "high", "low", "close") if name == "stacked" else ("wave",)
    losses = 0.5 * np.exp(-np.arange(3000) / 500) + 0.01 + 0.02 * np.random.default_rng(3).random(3000)
    return Inside(run=name, spec=RunSpec(data=data(name), model=MODELS[name]), updates=updates(name), losses=losses,
                  x=x(name), marks=marks(name), features=features, symbols=SYMBOLS.get(name, ()),
                  labels=LABELS.get(name, ()), switch=SWITCH if name == "answers" else 0,
                  target={"stacked": "close", "words": "mood"}.get(name, "wave"),
                  unit="USD" if name == "stacked" else "", actual=actual(name),
                  factor=100.0 if name == "stacked" else 1.0, offset=500.0 if name == "stacked" else 0.0,
                  interventions=interventions)
