"""Interesting units: found where the weights were made to do it, and nowhere else; numbers against plain NumPy."""

from __future__ import annotations

import warnings
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core import i18n
from lstm_core.cells import forward, trace
from lstm_core.errors import Refusal
from lstm_core.inside.units import DOES, LEAST, LEAST_SPREAD, SENTENCES, UnitFinding, describe, sentence
from lstm_core.spec.io import IGNORED, START
from tests.unit.cells.networks import CELLS, Case, make, networks

many = settings(max_examples=60)


def still(cell: str, hidden: int, **kind: object) -> Case:
    """Return a network of one layer whose weights are all 0: nothing in it moves."""
    case = make(cell, (hidden,), **kind)
    return replace(case, weights={name: np.zeros_like(array) for name, array in case.weights.items()})


def row(case: Case, gate: str, unit: int) -> int:
    return case.model.cell_type.stacked.index(gate) * case.model.layers[0].hidden + unit


def wire(case: Case, gate: str, unit: int, *, bias: float = 0.0, own: float = 0.0, **inputs: float) -> None:
    """Give one gate of a unit its bias, a weight to its own hidden state, and weights to inputs (x0=..., x1=...)."""
    at = row(case, gate, unit)
    case.weights["layers.0.bias_ih_l0"][at] = bias
    case.weights["layers.0.weight_hh_l0"][at, unit] = own
    for name, weight in inputs.items():
        case.weights["layers.0.weight_ih_l0"][at, int(name[1:])] = weight


def found(case: Case, targets: np.ndarray | None = None, names: str = "abc", labels: str = "",
          lengths: np.ndarray | None = None) -> list[UnitFinding]:
    rng = np.random.default_rng(3)
    return describe(case.model, case.weights, case.x, rng.normal(size=len(case.x)) if targets is None else targets,
                    list(names), list(labels), lengths)


def short(findings: list[UnitFinding]) -> set[tuple[str, str, int, str]]:
    return {(finding.kind, finding.gate, finding.unit, finding.name) for finding in findings}


# ------------------------------------------------------------------------------------------------------ made to do it


def test_gates_held_open_and_closed_by_their_biases() -> None:
    case = still("lstm", 4, windows=5)
    for gate, unit, bias in (("f", 0, 9.0), ("i", 1, -9.0), ("o", 3, 2.8), ("f", 2, 2.9), ("i", 3, -3.0)):
        wire(case, gate, unit, bias=bias)   # a bias of 2.94 gives 0.95
    wire(case, "o", 3, bias=3.0)
    got = found(case)
    assert short(got) == {("open", "f", 0, ""), ("closed", "i", 1, ""), ("open", "o", 3, ""), ("closed", "i", 3, "")}
    assert {finding.strength for finding in got} == {1.0}
    assert sentence(got[0]) == "Unit 1 remembers at 100% of the time steps."
    assert sentence(got[2]) == "Unit 2 shuts new content out at 100% of the time steps."


def test_a_state_near_one_or_zero_is_not_saturated() -> None:
    case = still("rnn", 2)
    wire(case, "h", 0, bias=9.0)
    assert found(case) == []
    lstm = still("lstm", 1, windows=20)
    wire(lstm, "g", 0, bias=9.0)
    assert short(found(lstm)) == {("position", "c", 0, ""), ("position", "h", 0, "")}


def test_a_gate_that_is_open_six_times_in_ten_has_that_strength() -> None:
    case = still("gru", 1, windows=2, steps=5, width=3)
    wire(case, "z", 0, x1=1.0)
    x = np.zeros((2, 5, 3))
    x[:, :3, 1] = 9
    (got,) = (finding for finding in found(replace(case, x=x)) if finding.kind == "open")
    assert (got.gate, got.strength, got.size) == ("z", 0.6, 0.6)
    assert sentence(got) == "Unit 1 keeps its state at 60% of the time steps."


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("cell", "gate"), [("lstm", "i"), ("gru", "r"), ("lstm", "g")])
def test_a_gate_that_follows_one_feature(cell: str, gate: str, sign: int) -> None:
    case = still(cell, 3, windows=30, steps=8)
    wire(case, gate, 2, x1=0.3 * sign)
    assert short(found(case)) >= {("feature", gate, 2, "b")}
    got = next(finding for finding in found(case) if finding.gate == gate)
    assert got.strength == abs(got.size) > 0.99
    assert np.sign(got.size) == sign
    assert not any(finding.unit != 2 for finding in found(case))


def test_a_cell_that_counts_its_steps() -> None:
    case = still("lstm", 3, windows=4, steps=12)
    wire(case, "f", 1, bias=40.0)           # keeps everything
    wire(case, "i", 1, bias=40.0)           # lets everything in
    wire(case, "g", 1, bias=0.05)           # and what comes is always the same
    got = next(finding for finding in found(case) if finding.gate == "c")
    assert (got.kind, got.unit) == ("position", 1)
    assert got.strength == pytest.approx(1.0, abs=1e-12)
    assert sentence(got) == "Unit 2 raises its cell state towards the end of the sequence."
    assert short(found(case)) == {("open", "f", 1, ""), ("open", "i", 1, ""), ("position", "c", 1, ""),
                                  ("position", "h", 1, "")}


@pytest.mark.parametrize("reads", ["one-hot", "embedding"])
def test_a_unit_that_forgets_when_one_letter_comes(reads: str) -> None:
    case = still("lstm", 3, reads=reads, width=4, windows=20, steps=9)
    if reads == "embedding":
        case.weights["embedding.weight"][2] = (1, 0)
        wire(case, "f", 1, bias=2.0, x0=-6.0)
    else:
        wire(case, "f", 1, bias=2.0, x2=-6.0)
    got = found(case, names="xyaz")
    assert short(got) == {("letter", "f", 1, "a")}
    p = (case.x == 2).mean()
    assert got[0].strength == pytest.approx(1.0)
    assert got[0].size == pytest.approx(-1 / np.sqrt(p * (1 - p)))
    assert sentence(got[0]) == "Unit 2 forgets when 'a' comes."


def test_before_a_letter_that_always_follows_another() -> None:
    case = still("gru", 2, reads="one-hot", width=3, windows=6, steps=7)
    case = replace(case, x=(np.arange(6)[:, None] + np.arange(7)) % 3)
    wire(case, "r", 0, x0=3.0)
    got = found(case, (case.x + 1) % 3, labels="abc")
    assert short(got) == {("letter", "r", 0, "a"), ("next", "r", 0, "b")}
    assert {sentence(finding) for finding in got} == {"Unit 1 looks back when 'a' comes.",
                                                      "Unit 1 looks back before 'b' comes."}
    # read at the last step alone: six windows are too few to tell from chance
    assert short(found(case, (case.x[:, -1] + 1) % 3, labels="abc")) == {("letter", "r", 0, "a")}


@pytest.mark.parametrize("reads", ["numbers", "one-hot"])
def test_a_unit_that_tells_a_class_of_the_whole_sequence(reads: str) -> None:
    case = still("lstm", 3, reads=reads, windows=80, steps=4)
    wire(case, "f", 1, bias=40.0)
    wire(case, "i", 1, bias=40.0)
    wire(case, "g", 1, x0=0.05)                                         # c(t) adds up what came first
    sums = (case.x[..., 0] if reads == "numbers" else case.x == 0).sum(axis=1)
    got = found(case, (sums > np.median(sums)).astype(int), labels="no")
    best = next(finding for finding in got if finding.kind == "class")
    assert (best.gate, best.unit) in {("c", 1), ("h", 1)}
    assert sentence(best) in {f"Unit 2 {does} its {state} state when the answer is {name!r}."
                              for does, name in (("raises", "o"), ("lowers", "n")) for state in ("cell", "hidden")}


def test_neither_padding_nor_ignored_targets_count() -> None:
    case = make("lstm", (5,), reads="one-hot", width=3, windows=12, steps=8, scale=4.0)
    lengths = np.random.default_rng(2).integers(1, 9, 12)
    past = np.arange(8) >= lengths[:, np.newaxis]
    labelled = np.where(past, IGNORED, (case.x + 1) % 3)
    alone = found(case, labelled, labels="abc")
    other = replace(case, x=np.where(past, (case.x + 1) % 3, case.x))   # another padding
    assert found(other, labelled, labels="abc") == alone
    assert found(case, labelled[:, 0], labels="xy z", lengths=lengths) == found(
        other, labelled[:, 0], labels="xy z", lengths=lengths)
    assert any(finding.kind == "letter" for finding in alone)
    assert found(other, case.x, labels="abc") != found(case, case.x, labels="abc")


def test_the_answers_of_a_decoder_are_compared_with_its_own_steps() -> None:
    case = still("gru", 2, reads="one-hot", width=3, windows=40, steps=7)
    case.weights.update({f"decoder.0.{name.removeprefix('layers.0.')}": array.copy()
                         for name, array in case.weights.items() if name.startswith("layers.0.")})
    case.weights["decoder.0.weight_ih_l0"][0, 1] = 3.0                  # r of unit 0 opens at 'b'
    x = case.x.copy()
    x[:, :3], x[:, 3] = 2, START
    got = found(replace(case, x=x), np.roll(x, -1, axis=1)[:, 3:], labels="abc")
    assert short(got) == {("letter", "r", 0, "b")}
    always = np.where(x[:, 3:] == 1, 2, np.arange(4) % 2)               # after 'b' always 'c'
    assert ("next", "r", 0, "c") in short(found(replace(case, x=x), always, labels="abc"))
    with pytest.raises(Refusal, match=r"\(40,\) or \(40, 4\); received \(40, 7\)"):
        found(replace(case, x=x), x, labels="abc")


def test_a_state_that_adds_up_what_is_to_be_predicted() -> None:
    case = still("rnn", 2, windows=60, steps=10, width=3)
    wire(case, "h", 1, own=1.0, x0=0.01)        # so small that tanh is a straight line
    case.x[:] *= 10 / 3
    sums = case.x[:, :, 0].sum(axis=1)
    got = found(case, -sums)
    assert short(got) >= {("target", "h", 1, "")}
    assert got[0].kind == "target"
    assert got[0].size == pytest.approx(-got[0].strength)
    assert got[0].strength > 0.99
    assert sentence(got[0]) == "Unit 2 lowers its hidden state as the value to be predicted rises."


def test_the_unit_of_the_right_layer_is_named() -> None:
    case = make("gru", (3, 2), windows=40)
    case = replace(case, weights={name: np.zeros_like(array) for name, array in case.weights.items()})
    case.weights["layers.0.weight_ih_l0"][6 + 1, 2] = 1.0       # n of unit 1 reads feature c
    case.weights["layers.0.bias_ih_l0"][3 + 1] = -40.0          # z closed: h = n
    case.weights["layers.1.weight_ih_l0"][2 + 0, 1] = 1.0       # z of unit 0 above reads that unit
    assert {(f.kind, f.layer, f.gate, f.unit, f.name) for f in found(case)} == {
        ("feature", 0, "n", 1, "c"), ("feature", 0, "h", 1, "c"), ("closed", 0, "z", 1, ""),
        ("feature", 1, "z", 0, "c")}


# ------------------------------------------------------------------------------------------------------ by plain NumPy


def expected(case: Case, targets: np.ndarray, names: list[str], lengths: np.ndarray
             ) -> dict[tuple[str, int, str, int], tuple[float, str]]:
    """Compute from the traces of the sequences alone what is to be found: kind, layer, gate, unit -> size, name."""
    sequences = [x[:length] for x, length in zip(case.x, lengths, strict=True)]
    traces = [trace(case.model, case.weights, x) for x in sequences]
    letters, late = case.x.ndim == 2, targets.ndim == 1
    came = np.concatenate(sequences)
    position = np.concatenate([np.arange(length) for length in lengths])
    last_steps = np.cumsum(lengths) - 1
    wanted = targets if late else np.concatenate([row[:length] for row, length in zip(targets, lengths, strict=True)])
    result: dict[tuple[str, int, str, int], tuple[float, str]] = {}
    for layer in range(len(case.model.layers)):
        known = {gate: np.concatenate([t.layers[layer].gates[gate] for t in traces])
                 for gate in case.model.cell_type.gates}
        known |= {state: np.concatenate([getattr(t.layers[layer], state) for t in traces])
                  for state in case.model.cell_type.states}
        for gate, values in known.items():
            for unit in range(values.shape[1]):
                all_steps = values[:, unit]
                signals = [("position", "", position, all_steps)]
                signals += [("letter", name, came == k, all_steps) if letters else
                            ("feature", name, came[:, k], all_steps) for k, name in enumerate(names)]
                ahead = all_steps[last_steps] if late else all_steps
                signals += ([("next", name, wanted == k, ahead) for k, name in enumerate(names)] if letters else
                            [("target", "", wanted, ahead)])
                best: dict[str, tuple[float, float, str]] = {}
                for kind, name, signal, does in signals:
                    size, strength = compared(kind, np.asarray(signal, float), does)
                    if strength >= max(0.5, 3 / np.sqrt(does.size)) and strength > best.get(kind, (0,))[0] + 1e-9:
                        best[kind] = strength, size, name
                result |= {(kind, layer, gate, unit): (size, name) for kind, (_, size, name) in best.items()}
                if gate in "fiorz":
                    shares = {"open": (all_steps > 0.95).mean(), "closed": (all_steps < 0.05).mean()}
                    result |= {(kind, layer, gate, unit): (share, "") for kind, share in shares.items() if share >= 0.5}
    return result


def compared(kind: str, signal: np.ndarray, does: np.ndarray) -> tuple[float, float]:
    if does.std() < LEAST_SPREAD or np.ptp(signal) == 0:
        return 0.0, 0.0
    r = float(np.corrcoef(signal, does)[0, 1])
    if kind in ("letter", "next"):
        return float(does[signal == 1].mean() - does[signal == 0].mean()) / float(does.std()), abs(r)
    return r, abs(r)


@many
@given(networks(1.0, 4.0), st.booleans(), st.booleans(), st.integers(0, 2**32 - 1))
def test_all_that_stands_out_is_found_and_nothing_else(case: Case, late: bool, padded: bool, seed: int) -> None:
    rng = np.random.default_rng(seed)
    letters, width = case.x.ndim == 2, forward.width(case.weights)
    x = (rng.integers(0, width, (7, 6)) if letters else rng.normal(size=(7, 6, width)).cumsum(axis=1))
    case = replace(case, x=x)
    shape = (7,) if late else (7, 6)
    targets = rng.integers(0, width, shape) if letters else rng.normal(size=shape)
    names = [f"n{k}" for k in range(width)]
    lengths = rng.integers(2, 7, 7) if padded else np.full(7, 6)
    got = describe(case.model, case.weights, x, targets, names, names if letters else (), lengths if padded else None)
    theirs = expected(case, targets, names, lengths)
    assert {(f.kind, f.layer, f.gate, f.unit): f.name for f in got} == {key: name for key, (_, name) in theirs.items()}
    for finding in got:
        assert finding.size == pytest.approx(
            theirs[finding.kind, finding.layer, finding.gate, finding.unit][0], rel=1e-6)
        assert LEAST <= finding.strength <= 1
    assert [f.strength for f in got] == sorted((f.strength for f in got), reverse=True)


# ------------------------------------------------------------------------------------------------------ edges


def test_a_network_that_does_not_move_does_nothing_interesting() -> None:
    assert found(still("lstm", 3)) == []
    case = still("lstm", 3, windows=30)
    wire(case, "f", 0, x1=0.02)         # moves with the feature, but by less than anybody would call moving
    assert found(case) == []


@pytest.mark.parametrize("cell", CELLS)
def test_one_window_of_one_step_and_none_at_all(cell: str) -> None:
    case = make(cell, windows=1, steps=1)
    assert all(finding.kind in ("open", "closed") for finding in found(case))
    assert found(replace(case, x=case.x[:0])) == []


@pytest.mark.parametrize("cell", CELLS)
def test_nothing_is_found_in_a_diverged_run(cell: str) -> None:
    case = make(cell, (4, 3))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for value in (np.nan, np.inf):
            weights = {name: np.full_like(array, value) for name, array in case.weights.items()}
            assert not {finding.kind for finding in found(replace(case, weights=weights))} - {"open", "closed"}


def test_a_feature_that_moves_a_little_about_a_large_value_is_followed() -> None:
    case = still("lstm", 1, windows=40, steps=3)
    case.x[:] += 1e8
    wire(case, "g", 0, x0=0.05, bias=-5e6)
    (got,) = (finding for finding in found(case) if finding.gate == "g")
    assert (got.kind, got.name) == ("feature", "a")
    assert got.strength > 0.99


def test_every_finding_has_a_sentence_in_every_language() -> None:
    for kind, (gate, up) in product(SENTENCES, DOES):
        text = sentence(UnitFinding(kind, 0, gate, 6, 0.75, 0.75 if up else -0.75, "a"))
        assert text.startswith("Unit 7 ")
        assert "{" not in text
    assert {gate for gate, _up in DOES} == set("fiogrznch")
    assert sentence(UnitFinding("closed", 0, "f", 6, 0.75, 0.75)) == "Unit 7 forgets at 75% of the time steps."


def test_the_sentence_is_translated_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"Unit {unit} {does} when {name!r} comes.": "单元 {unit} 在 {name!r} 出现时{does}。", "forgets": "遗忘"}
    monkeypatch.setattr("lstm_core.inside.units._", lambda text: words.get(text, text))
    assert sentence(UnitFinding("letter", 0, "f", 6, 0.9, -2.0, "a")) == "单元 7 在 'a' 出现时遗忘。"
    assert i18n.current() == "en"


@pytest.mark.parametrize(("change", "says"), [
    ({"names": "ab"}, "reads 3 features or letters; received 2 names"),
    ({"targets": np.zeros(3)}, r"the shape \(2,\) or \(2, 5\); received \(3,\)"),
    ({"targets": np.zeros((5, 2))}, r"received \(5, 2\)"),
])
def test_what_does_not_fit_is_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(Refusal, match=says):
        found(make("lstm"), **change)
