"""The memory tasks: every page shows a run of each, and the numbers are those of the network the run ended with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lstm_core import cells
from lstm_core.cells import sigmoid
from lstm_core.data import Generated
from lstm_core.data.tasks import scoring
from lstm_core.data.tasks.grammars import CLOSING, COUNTED, OPENING, REBER, balance, counted, counts_to, walked
from lstm_core.i18n import powers
from lstm_core.inside.counting_unit import follower
from lstm_core.presets.figures import filled
from lstm_core.presets.memory import MEMORY
from lstm_core.records import Weights
from lstm_core.spec import Adding, Brackets, Counting, Layer, ModelSpec, Order, Reber, Recall, RunSpec, Split, TrainSpec
from lstm_core.ui.base.server import lab
from lstm_core.ui.predict.tasks import other_cell
from lstm_core.ui.widgets import session
from tests.app.conftest import Visit
from tests.app.visitor import PATIENCE, Visitor, rested

WHO = "hopper"
LAST = ModelSpec(layers=(Layer(8),), chrono=20)
EVERY = ModelSpec(layers=(Layer(8),), output="every")
SHORT = TrainSpec(epochs=4, lr=0.01)
RUNS = {
    "adding": RunSpec(data=Adding(distance=20, sequences=200, validation=0.2), model=LAST, train=SHORT),
    "order": RunSpec(data=Order(distance=20, sequences=200), model=replace(LAST, cell="gru"), train=SHORT),
    "recall": RunSpec(data=Recall(distance=20, sequences=200), model=replace(LAST, cell="rnn"), train=SHORT),
    "reber": RunSpec(data=Reber(sequences=200), model=replace(EVERY, cell="rnn"), train=SHORT),
    "counting": RunSpec(data=Counting(largest_count=5, sequences=800), model=replace(EVERY, forget_bias=5.0),
                        train=TrainSpec(epochs=10, lr=0.02)),
    "brackets": RunSpec(data=Brackets(sequences=200), model=replace(EVERY, layers=(Layer(6), Layer(6)), cell="gru"),
                        train=SHORT),
}

_known: dict[str, str] = {}


def trained(visit: Visit, name: str, page: str = "predict") -> Visitor:
    """A visitor who looks at a finished run; each is trained once."""
    if name not in _known:
        _known[name] = lab().start(RUNS[name], WHO)
        rested(_known[name])
    return visit(page, run=_known[name])


def network(visitor: Visitor) -> tuple[Generated, ModelSpec, Weights]:
    """The data, the network and the weights that a run ended with."""
    view = visitor.view
    data = session.prepared(view.spec.data, view.spec.model.output)
    assert isinstance(data, Generated)
    return data, view.spec.model, lab().snapshot(view.id, session.final_update(view)).weights


def outputs(visitor: Visitor, sample_ids: np.ndarray) -> np.ndarray:
    """What the network says of sequences, computed without torch."""
    data, model, weights = network(visitor)
    said = cells.predict(model, weights, data.x(sample_ids), data.lengths(sample_ids))
    return said if data.classes else said[:, 0]


def words(visitor: Visitor) -> str:
    return "\n".join(text.value for text in (*visitor.at.markdown, *visitor.at.caption))


@pytest.mark.parametrize("name", RUNS)
def test_every_page_has_something_to_show(visit: Visit, name: str) -> None:
    for page in ("train", "cell", "shapes"):
        assert trained(visit, name, page).errors == ""
    letters = trained(visit, name, "letters")
    assert "a memory task" in letters.hints
    assert any("its answers" in link.proto.label for link in letters.at.get("page_link"))
    assert trained(visit, name).put("chosen_lang", "zh").errors == ""


@pytest.mark.parametrize("name", RUNS)
def test_whole_sequences_are_counted_beside_the_naive_share(visit: Visit, name: str) -> None:
    visitor = trained(visit, name)
    data = network(visitor)[0]
    parts: tuple[Split, ...] = ("train", "test")
    for split in parts:
        visitor.put("asked_part", split)
        sample_ids = data.sample_ids[split]
        right = data.right(sample_ids, outputs(visitor, sample_ids))
        assert visitor.numbers["Sequences right"] == f"{right.mean():.1%}"
        assert visitor.numbers["Right"] == f"{right.sum():,} of {len(sample_ids):,}"
        assert visitor.at.metric[0].delta == f"always guessing the same: {data.naive_error(split):.1%}"


def test_a_sum_is_right_when_it_is_near_enough(visit: Visit) -> None:
    visitor = trained(visit, "adding").put("asked_part", "test")
    data = network(visitor)[0]
    sample_ids = data.sample_ids["test"]
    said, actual = outputs(visitor, sample_ids), data.y(sample_ids)
    assert 0 < scoring.near(said, actual).sum() < len(sample_ids)
    for among, near in (("right", True), ("wrong", False)):
        place = np.flatnonzero(scoring.near(said, actual) == near)[2]
        visitor.put("among", among).put("which_one", 3)
        assert f"Correct: **{actual[place]:.4f}**. The network says **{said[place]:.4f}**" in words(visitor)
        assert f"{abs(said[place] - actual[place]):.4f} is {'' if near else 'not '}below 0.04" in words(visitor)
        figure = visitor.figure("so_far")
        assert f"{said[place]:.4f}" in figure["alt"]
        assert figure["layout"]["shapes"][0]["y1"] == pytest.approx(actual[place] + 0.04, abs=1e-5)
        assert (visitor.at.session_state["from_part"], visitor.at.session_state["at"]) == ("test", place + 1)
    assert visitor.open("cell").widget("at").value == place + 1


@pytest.mark.parametrize("name", ["order", "recall"])
def test_the_named_class_stands_beside_the_real_one(visit: Visit, name: str) -> None:
    visitor = trained(visit, name).put("asked_part", "test").put("among", "wrong").put("which_one", 2)
    data, model, weights = network(visitor)
    sample_ids = data.sample_ids["test"]
    place = np.flatnonzero(~data.right(sample_ids, outputs(visitor, sample_ids)))[1]
    x = data.sample(int(sample_ids[place]))
    scores = np.exp(cells.trace(model, weights, x).output[-1])
    named = data.labels[int(scores.argmax())]
    assert named != data.labels[int(data.y(sample_ids)[place])]
    assert (f"Correct: **{data.labels[int(data.y(sample_ids)[place])]}**. The network says **{named}**, with a "
            f"probability of {scores.max() / scores.sum():.1%}.") in words(visitor)
    marks = {note["text"] for note in visitor.figure("sequence")["layout"]["annotations"]}
    signs = "XY" if name == "order" else "ABCDEFGH"
    assert marks == {f"<b>{data.alphabet[symbol]}</b>" for symbol in x if data.alphabet[symbol] in signs}


def test_permitted_letters_stand_beside_the_expected_ones(visit: Visit) -> None:
    visitor = trained(visit, "reber").put("asked_part", "test").put("among", "all").put("which_one", 4)
    data, model, weights = network(visitor)
    end = data.sample_ids["test"][3:4]
    x, permitted = data.x(end)[0], data.permitted(end)
    assert permitted is not None
    scores = cells.trace(model, weights, x).output
    right = scoring.steps_right(scores, permitted[0])
    assert visitor.widget("string_step").value == len(x) - 1        # where the second letter must be remembered
    assert f"{len(x) - 2} steps later" in words(visitor)
    wrong = np.flatnonzero(~right)
    assert f"Wrong at {len(wrong)} of {len(x)} steps, first after step {wrong[0] + 1}." in words(visitor)
    for step in (1, int(wrong[0]) + 1, len(x)):
        visitor.put("string_step", step)
        odds = np.exp(scores[step - 1]) / np.exp(scores[step - 1]).sum()
        may = [letter for letter, allowed in zip(REBER, permitted[0, step - 1], strict=True) if allowed]
        figure = visitor.figure("next_symbols")
        assert (f"After step {step} may come {', '.join(may)}; the network holds {REBER[odds.argmax()]} likeliest, "
                f"with {odds.max():.1%}.") in figure["alt"]
        assert figure["layout"]["title"]["text"].startswith("Right" if right[step - 1] else "Wrong")
        assert f"the automaton is in state {walked(x)[step]};" in words(visitor)


def test_how_far_it_counts_and_which_unit_does(visit: Visit) -> None:
    visitor = trained(visit, "counting")
    _data, model, weights = network(visitor)
    reached = counts_to(cells.predict(model, weights, counted(np.arange(1, COUNTED + 1)).x))
    assert reached > 0
    assert f"is right with every count up to **{reached}**" in words(visitor)
    assert visitor.widget("count").value == 10
    assert visitor.widget("count").max >= 15
    for n in (3, 13):
        visitor.put("count", n)
        x = counted(np.array([n])).x[0]
        c = cells.trace(model, weights, x).layers[0].c
        assert c is not None
        follows = [np.corrcoef(c[:, unit], [0, *range(1, n + 1), *range(n - 1, -1, -1)])[0, 1] for unit in range(8)]
        unit = int(np.abs(follows).argmax())
        assert f"Unit {unit + 1} goes along with" in words(visitor)
        assert f"correlation {follows[unit]:+.3f}" in words(visitor)
        assert f"moves by {np.diff(c[:n + 1, unit]).mean():+.3f}" in words(visitor)
        assert f"by {np.diff(c[n:, unit]).mean():+.3f} where it falls" in words(visitor)
        assert len(visitor.figure("sequence")["data"]) == 9
    assert not any("Every gate" in link.proto.label for link in visitor.at.get("page_link"))    # no part has n = 13
    visitor.put("count", 7)
    assert (visitor.at.session_state["from_part"], visitor.at.session_state["at"]) == ("validation", 2)
    assert visitor.open("cell").seen.x.tolist() == counted(np.array([7])).x[0].tolist()


def test_a_unit_follows_the_depth_of_the_brackets(visit: Visit) -> None:
    visitor = trained(visit, "brackets").put("asked_part", "test").put("among", "all").put("which_one", 2)
    data, model, weights = network(visitor)
    x = data.sample(int(data.sample_ids["test"][1]))
    found = follower(cells.trace(model, weights, x), balance(x, OPENING, CLOSING))
    assert f"Unit {found.unit + 1} of layer {found.layer + 1} goes along with the depth" in words(visitor)
    assert f"correlation {found.correlation:+.3f}" in words(visitor)


def test_symbols_can_be_edited_by_hand(visit: Visit) -> None:
    visitor = trained(visit, "reber", "cell").put("from_part", "test").put("by_hand", True)
    end = network(visitor)[0].sample_ids["test"][visitor.widget("at").value - 1]
    visitor.put(f"letters{end}", "BTBTXSE")
    assert visitor.errors == ""
    assert visitor.seen.x.tolist() == [REBER.index(letter) for letter in "BTBTXSE"]
    assert "knows the letters" in visitor.put(f"letters{end}", "BTQ").errors


@pytest.mark.parametrize("name", ["recall", "counting", "reber"])
def test_every_comparison_has_an_lstm_with_the_ordinary_start(name: str) -> None:
    specs = other_cell.specs_beside(MEMORY[name].spec.data)
    assert list(specs.values())[-1] == MEMORY[name].spec
    assert (specs["LSTM"].model.chrono, specs["LSTM"].model.forget_bias) == (0, 1)
    assert len(specs) == (2 if name == "reber" else 3)


def test_three_networks_learn_side_by_side(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("recall", "recall_rnn"):
        spec = MEMORY[name].spec.change(epochs=2, sequences=200, target_score=0.0)
        monkeypatch.setitem(MEMORY, name, replace(MEMORY[name], spec=spec))
    visitor = trained(visit, "recall").click("task_cells_train")
    specs = other_cell.specs_beside(MEMORY["recall"].spec.data)
    assert list(specs) == ["Plain RNN", "LSTM", "LSTM, chrono 60"]
    runs = {facts.spec: facts.id for facts in lab().recent(visitor.who)}
    for spec in specs.values():
        rested(runs[spec])
    visitor.look()
    differing = next(table.value for table in visitor.at.table if list(table.value.columns) == list(specs))
    assert set(differing.index) == {"Cell", "Forget bias", "Chrono initialisation"}
    assert differing.loc["Chrono initialisation"].tolist()[0] == "–"
    table = next(text.value for text in visitor.at.markdown if text.value.startswith("| Network"))
    for name, spec in specs.items():
        view = lab().view(runs[spec])
        data = session.prepared(view.spec.data, "last")
        assert isinstance(data, Generated)
        weights, sample_ids = lab().snapshot(view.id, session.final_update(view)).weights, data.sample_ids["test"]
        right = data.right(sample_ids,
                           cells.predict(view.spec.model, weights, data.x(sample_ids), data.lengths(sample_ids))).mean()
        assert f"| {name} | 400 | {right:.1%} | {view.seconds:.1f} |" in table


# -- the section on the page Memory ------------------------------------------------------------------------


def section() -> None:
    from lstm_core.ui.memory import adding

    adding.show()


def test_the_table_of_1997_stands_beside_what_was_run(monkeypatch: pytest.MonkeyPatch) -> None:
    small = MEMORY["adding"].spec.change(distance=20, chrono=20, sequences=1000, epochs=30)
    monkeypatch.setitem(MEMORY, "adding", replace(MEMORY["adding"], spec=small))
    page = AppTest.from_function(section, default_timeout=PATIENCE)
    page.session_state["owner"], page.session_state["lang"] = "lovelace", "en"

    def row(start: str) -> list[str]:
        assert not page.exception
        lines = [line for text in page.markdown for line in text.value.splitlines()]
        return next(line for line in lines if line.startswith(f"| {start} |")).strip("| ").split(" | ")

    page.run()
    assert row("20") == ["20", "10", "74,000", filled("{adding_1997.sequences_needed.spread}"), "–", "–", "–",
                         "not run yet"]
    assert [row(start)[2] for start in ("500", "1,000")] == ["209,000", "853,000"]
    gates = sigmoid(np.array([0.0, 1.0, np.log(10), np.log(19)]))
    for name, shown in (("Forget bias 0", gates[:1]), ("Forget bias 1", gates[1:2]),
                        ("Chrono initialisation", gates[2:])):
        assert row(name)[1:3] == [" · ".join(f"{gate:.3f}" for gate in shown),
                                  " · ".join(powers(f"{gate**20:.2g}") for gate in shown)]
    page.button(key="adding_train_adding").click().run()
    (run,) = lab().recent("lovelace")
    view = rested(run.id)
    page.run()
    data = session.prepared(small.data, "last")
    assert isinstance(data, Generated)
    weights, sample_ids = lab().snapshot(view.id, int(view.snapshots[-1])).weights, data.sample_ids["test"]
    said = cells.predict(small.model, weights, data.x(sample_ids), data.lengths(sample_ids))[:, 0]
    assert view.outcome == "enough"
    read = view.update // 32 * 1000                     # 31 full batches in an epoch, and one of 8
    assert row("20")[4:] == [f"{read:,}", f"{data.right(sample_ids, said).mean():.2%}", f"{view.seconds:.1f}", "done"]
    assert row("Chrono initialisation")[3:] == [f"{read:,}", f"{view.evaluations['score'][-1]:.1%}"]
    assert row("Forget bias 1")[3:] == ["–", "–"]


def test_the_three_beginnings_are_trained_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    small = MEMORY["adding"].spec.change(distance=20, chrono=20, sequences=200, epochs=2)
    monkeypatch.setitem(MEMORY, "adding", replace(MEMORY["adding"], spec=small))
    page = AppTest.from_function(section, default_timeout=PATIENCE)
    page.session_state["owner"], page.session_state["lang"] = "noether", "en"
    page.run()
    page.button(key="adding_bias_train").click().run()
    runs = lab().recent("noether")
    assert {(run.spec.model.chrono, run.spec.model.forget_bias) for run in runs} == {(0, 0.0), (0, 1.0), (20, 1.0)}
    assert len({run.spec.change(chrono=0, forget_bias=1.0) for run in runs}) == 1
    for run in runs:
        rested(run.id)
    page.run()
    assert not page.exception
    shares = {name: line.split(" | ")[-1].strip("| ") for text in page.markdown for line in text.value.splitlines()
              for name in ("Forget bias 0", "Forget bias 1", "Chrono initialisation") if line.startswith(f"| {name}")}
    for run, name in ((run, "Chrono initialisation" if run.spec.model.chrono else
                       f"Forget bias {run.spec.model.forget_bias:g}") for run in runs):
        assert shares[name] == f"{lab().view(run.id).evaluations['score'][-1]:.1%}"
