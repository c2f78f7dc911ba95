"""The network while it learns: the few numbers that are drawn are those of the whole trace, to the last bit."""

from typing import Any

import numpy as np
import pytest

from lstm_core.cells import softmax
from lstm_core.data import dataset
from lstm_core.data.sequence import probe
from lstm_core.inside.interventions import apply
from lstm_core.inside.probe import right_classes, shown_steps
from lstm_core.learning.training import advance
from lstm_core.records import MEAN, Budget
from lstm_core.spec import Digits, Layer, Letters, ModelSpec, Numerals, Recall, Reviews, RunSpec, TrainSpec, Waves

TRAIN = TrainSpec(epochs=3, batch=200, keep_best=False)
WAVES = Waves(length=400, steps=40)
RUNS = {
    "waves": RunSpec(data=WAVES, model=ModelSpec(layers=(Layer(5), Layer(3))), train=TRAIN),
    "every": RunSpec(data=WAVES, model=ModelSpec(cell="gru", output="every", layers=(Layer(4),)), train=TRAIN),
    "rnn": RunSpec(data=WAVES, model=ModelSpec(cell="rnn", layers=(Layer(4), Layer(2), Layer(2))), train=TRAIN),
    "1997": RunSpec(data=WAVES, model=ModelSpec(cell="lstm97", layers=(Layer(4),)), train=TRAIN),
    "letters": RunSpec(data=Letters(steps=12), model=ModelSpec(layers=(Layer(4),)), train=TRAIN),
    "recall": RunSpec(data=Recall(sequences=40), model=ModelSpec(layers=(Layer(4),)), train=TRAIN),
    "digits": RunSpec(data=Digits(), model=ModelSpec(layers=(Layer(4),), conv=2), train=TRAIN),
    "reviews": RunSpec(data=Reviews(), model=ModelSpec(layers=(Layer(4),), embedding=3), train=TRAIN),
    "numerals": RunSpec(data=Numerals(), model=ModelSpec(layers=(Layer(4),), output="every"), train=TRAIN),
}


@pytest.mark.parametrize("spec", RUNS.values(), ids=RUNS)
def test_what_is_drawn_of_a_run_is_the_trace_of_its_weights(spec: RunSpec) -> None:
    piece = advance(spec, None, Budget(updates=2, view=(MEAN, 2, 99)))
    again = advance(spec, piece.state, Budget(updates=0, view=(MEAN,)))
    end = advance(spec, piece.state, Budget(view=(MEAN, 2, 99)))
    assert piece.records.view
    assert again.records.view
    assert end.records.view
    before, after = piece.records.view.inside[MEAN], again.records.view.inside[MEAN]
    assert all(one.values[name].tobytes() == other.values[name].tobytes()
               for one, other in zip(before.layers, after.layers, strict=True) for name in one.values)

    prepared = dataset(spec.data, spec.model.output)
    sequence = probe(spec.data, prepared)
    whole = apply(spec.model, end.records.snapshots[-1].weights, sequence.x, ())
    for asked, seen in end.records.view.inside.items():
        for layer, trace, size in zip(seen.layers, whole.layers, spec.model.layers, strict=True):
            assert layer.unit == (MEAN if asked == MEAN else min(asked, size.hidden - 1))
            assert set(layer.values) == set(spec.model.cell_type.names)
            for name, values in layer.values.items():
                full = {**trace.gates, "h": trace.h, "c": trace.c}[name]
                one = full.mean(axis=1) if asked == MEAN else full[:, layer.unit]
                assert values.tobytes() == one[seen.steps].astype(np.float32).tobytes()
        assert seen.output.tobytes() == said(whole.output, prepared, sequence, seen.steps).astype(np.float32).tobytes()
        assert (seen.likeliest is None) == (not prepared.classes)


def said(output: np.ndarray, prepared: Any, sequence: Any, steps: np.ndarray) -> np.ndarray:
    """Return what the network says at these steps, worked out one by one."""
    if not prepared.classes:
        return np.asarray(prepared.unscale(output[steps, 0]))
    right, found = right_classes(sequence, prepared), np.full(len(steps), np.nan)
    for place, step in enumerate(steps):
        silent = step < sequence.switch or np.isnan(output[step]).any()
        odds = softmax(output[step:step + 1])[0]
        found[place] = np.nan if silent else odds[right[step]] if right[step] >= 0 else odds.max()
    return found


@pytest.mark.parametrize(("steps", "layers", "columns"), [
    (1, 1, 1), (32, 1, 32), (500, 1, 32), (20, 2, 20), (500, 2, 20), (20, 3, 16), (16, 4, 16)])
def test_all_steps_are_shown_or_evenly_spread_ones(steps: int, layers: int, columns: int) -> None:
    shown = shown_steps(steps, layers)
    assert len(shown) == columns == len(set(shown.tolist()))
    assert (shown[0], shown[-1]) == (0, steps - 1)
    assert np.ptp(np.diff(shown)) <= 1 if columns > 1 else True
