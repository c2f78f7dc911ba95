"""Inside the cell: what is chosen is what is shown, and what is shown are the numbers of the equations."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from lstm_core import cells, data, limits
from lstm_core.cells.head import softmax
from lstm_core.data import Dataset
from lstm_core.data.sources.reviews import UNKNOWN, reviews
from lstm_core.i18n import powers
from lstm_core.inside.interventions import (
    ChangeWeight,
    ClampGate,
    EditLetter,
    EditNumber,
    Intervention,
    SetState,
    ZeroUnit,
    apply,
    changed_weights,
    compare,
)
from lstm_core.learning.scratch_lstm import difference
from lstm_core.spec import (
    Amplitude,
    Digits,
    Layer,
    Letters,
    ModelSpec,
    Numerals,
    Prices,
    Reviews,
    RunSpec,
    TrainSpec,
    Waves,
)
from lstm_core.spec.io import IGNORED, START
from lstm_core.spec.serialization import to_query
from lstm_core.storage.schema import EXAMPLE_OWNER
from lstm_core.ui.base.examples import EXAMPLES, example
from lstm_core.ui.base.server import lab
from lstm_core.ui.cell.packing import packed
from tests.app.conftest import Visit
from tests.app.visitor import LONG, PATIENCE, Visitor, rested
from tests.shown_numbers import read

SHORT = Waves(length=120, steps=6)
ONCE = TrainSpec(epochs=2, batch=16)
RUNS = {
    "rnn": RunSpec(data=SHORT, model=ModelSpec(cell="rnn", layers=(Layer(3),)), train=ONCE),
    "gru": RunSpec(data=SHORT, model=ModelSpec(cell="gru", layers=(Layer(4),), output="every"), train=ONCE),
    "lstm": RunSpec(data=SHORT, model=ModelSpec(layers=(Layer(3),)), train=ONCE),
    "lstm97": RunSpec(data=SHORT, model=ModelSpec(cell="lstm97", layers=(Layer(3),)), train=ONCE),
    "two layers": RunSpec(data=SHORT, model=ModelSpec(layers=(Layer(3), Layer(5, 0.3)), input_dense=2), train=ONCE),
    "prices": RunSpec(data=Prices(interval="1mo", features=("close", "volume"), steps=5),
                      model=ModelSpec(layers=(Layer(3),)), train=ONCE),
    "letters": RunSpec(data=Letters(), model=ModelSpec(layers=(Layer(4),)), train=ONCE),
    "embedded text": RunSpec(data=Letters(text="to be or not to be " * 3, cycle=False),
                             model=ModelSpec(cell="gru", layers=(Layer(4),), encoding="embedding"), train=ONCE),
    "digits": RunSpec(data=Digits(), model=ModelSpec(layers=(Layer(4),)), train=TrainSpec(epochs=1, batch=256)),
    "reviews": RunSpec(data=Reviews(), model=ModelSpec(layers=(Layer(4),), encoding="embedding", embedding=3),
                       train=TrainSpec(epochs=1, batch=64)),
    "numerals": RunSpec(data=Numerals(largest=99), model=ModelSpec(layers=(Layer(4), Layer(3)), output="every"),
                        train=ONCE),
    "amplitude": RunSpec(data=Amplitude(examples=40, steps=7), model=ModelSpec(layers=(Layer(3),), output="every"),
                         train=ONCE),
    # more units than a layer has whose weights travel behind the output
    "conv and after": RunSpec(data=SHORT, model=ModelSpec(layers=(Layer(5),), conv=2, relu_head=4), train=ONCE),
}


def trained(visit: Visit, name: str) -> Visitor:
    return visit(**to_query(RUNS[name])).click("train").rest().open("cell")


def prepared(spec: RunSpec) -> Any:
    return data.dataset(spec.data, spec.model.output)


def sequence(ready: Dataset, end: int) -> np.ndarray:
    """Return what a network reads of a sample: nothing that pads it, neither its symbols nor its answer."""
    x = ready.sample(end)
    return x[:ready.encoder_steps + int((ready.y(np.array([end]))[0] != IGNORED).sum())] if ready.encoder_steps else x


def weights(visitor: Visitor, update: int | None = None) -> dict[str, np.ndarray]:
    return lab().snapshot(visitor.run, visitor.view.update if update is None else update).weights


def assert_shows(visitor: Visitor, spec: RunSpec, x: np.ndarray, changes: tuple[Intervention, ...] = ()) -> None:
    """The browser can fetch exactly what the equations give for this sequence, at every recorded moment."""
    assert visitor.errors == ""
    np.testing.assert_array_equal(visitor.seen.x, x)
    assert visitor.seen.interventions == changes
    assert visitor.cell["updates"] == visitor.view.snapshots.tolist()
    for update in visitor.view.snapshots[[0, -1]]:
        found = weights(visitor, int(update))
        expected = apply(spec.model, found, visitor.seen.x, changes)
        assert visitor.trace(int(update)) == packed(spec.model, expected, changed_weights(found, changes))


@pytest.mark.parametrize("name", RUNS)
def test_the_numbers_of_a_chosen_window_are_those_of_the_equations(visit: Visit, name: str) -> None:
    visitor, ready, spec = trained(visit, name), prepared(RUNS[name]), RUNS[name]
    split = max(split for split in ready.sample_ids if len(ready.sample_ids[split]))
    for window in (1, 2):
        visitor.put("from_part", split).put("at", window)
        assert_shows(visitor, spec, sequence(ready, int(ready.sample_ids[split][window - 1])))
    assert visitor.cell["layers"] == [layer.hidden for layer in spec.model.layers]


def test_a_prediction_stands_beside_what_came_in_real_units(visit: Visit) -> None:
    visitor, ready, spec = trained(visit, "prices"), prepared(RUNS["prices"]), RUNS["prices"]
    for split, sample_ids in ready.sample_ids.items():
        visitor.put("from_part", split).put("at", 3)
        end, cell = int(sample_ids[2]), visitor.cell
        assert cell["real"][:-1] == [None] * 4
        assert cell["real"][-1] == pytest.approx(ready.actual[end + 1], rel=1e-6)
        output = cells.trace(spec.model, weights(visitor), visitor.seen.x).output[-1]
        assert cell["factor"] * output[0] + cell["offset"] == pytest.approx(ready.unscale(output)[0], rel=1e-6)
        assert (cell["unit"], cell["target"]) == ("points", "close")
        assert cell["marks"][-1] == np.datetime_as_string(ready.index[end], unit="D")


def test_an_output_at_every_step_has_a_truth_at_every_step(visit: Visit) -> None:
    visitor, ready = trained(visit, "gru"), prepared(RUNS["gru"])
    end = int(ready.sample_ids["test"][-1])
    assert visitor.cell["real"] == pytest.approx(ready.actual[end - 4:end + 2].tolist(), rel=1e-5)


def test_letters_can_be_edited_by_hand(visit: Visit) -> None:
    visitor = trained(visit, "letters").put("by_hand", True)
    visitor.at.text_input[0].set_value("edcbaabcde")
    visitor.look()
    assert_shows(visitor, RUNS["letters"], np.array([4, 3, 2, 1, 0, 0, 1, 2, 3, 4]))
    assert visitor.cell["marks"] == list("edcbaabcde")
    assert visitor.cell["real"] == [None] * 10


@pytest.mark.parametrize("text", ["abx", ""])
def test_a_letter_the_network_does_not_know_is_a_sentence(visit: Visit, text: str) -> None:
    visitor = trained(visit, "letters").put("by_hand", True)
    visitor.at.text_input[0].set_value(text)
    assert f"The network knows the letters a b c d e; received {text!r}." in visitor.look().errors
    visitor.at.text_input[0].set_value("aab")
    assert visitor.look().errors == ""


def test_classes_are_named_from_numbers(visit: Visit) -> None:
    visitor, ready = trained(visit, "digits").put("at", 7), prepared(RUNS["digits"])
    cell, end = visitor.cell, int(ready.sample_ids["test"][6])
    assert (cell["symbols"], cell["labels"], cell["outputs"]) == ([], [*"0123456789"], 10)
    assert (cell["entering"], cell["steps"], len(cell["names"])) == (8, 8, 8)
    assert cell["real"] == [None] * 7 + [ready.y(np.array([end]))[0]]
    assert visitor.widget("at").label == "Example"
    assert trained(visit, "lstm").widget("at").label == "Window"


def test_of_a_review_every_word_is_a_time_step_and_the_mood_is_told_in_words(visit: Visit) -> None:
    visitor, ready = trained(visit, "reviews").put("at", 3), prepared(RUNS["reviews"])
    cell, end = visitor.cell, int(ready.sample_ids["test"][2])
    assert (cell["labels"], cell["outputs"], cell["entering"]) == (["dissatisfied", "satisfied"], 2, 3)
    assert (len(cell["symbols"]), cell["names"]) == (len(ready.alphabet), [])
    words = reviews("en", "first")[0][end]
    assert [mark.removesuffix("?") for mark in cell["marks"]] == words
    assert [mark.endswith("?") for mark in cell["marks"]] == (ready.sample(end) == UNKNOWN).tolist()
    output = np.frombuffer(visitor.trace(visitor.view.update), "<f4")[-2 * len(words):]
    assert np.isfinite(output).all(), "the opinion is shown after every word"


def test_a_review_can_be_written_by_hand_and_unknown_words_are_told(visit: Visit) -> None:
    visitor, ready = trained(visit, "reviews").put("by_hand", True), prepared(RUNS["reviews"])
    visitor.at.text_input[0].set_value("The shop is GOOD, flibbertigibbet!")
    words = ["the", "shop", "is", "good"]
    known = [ready.alphabet.index(word) for word in words]
    assert_shows(visitor.look(), RUNS["reviews"], np.array([*known, UNKNOWN]))
    assert visitor.cell["marks"] == [*words, "flibbertigibbet?"]
    assert "unknown word: flibbertigibbet" in visitor.captions
    visitor.at.text_input[0].set_value("!?")
    assert "At least one word is needed; received '!?'." in visitor.look().errors


def test_a_decoder_begins_where_it_is_marked_and_the_encoder_says_nothing(visit: Visit) -> None:
    visitor, ready, spec = trained(visit, "numerals").put("at", 2), prepared(RUNS["numerals"]), RUNS["numerals"]
    cell, end = visitor.cell, int(ready.sample_ids["test"][1])
    assert (cell["switch"], cell["answers"], cell["marks"][2], cell["follows"]) == (2, 2, "▶", True)
    answer = [label for label in ready.y(np.array([end]))[0].tolist() if label != IGNORED]
    assert cell["real"] == [None, None, *answer]
    assert cell["labels"][answer[-1]] == "■"
    traced = cells.trace(spec.model, weights(visitor), visitor.seen.x)
    assert np.isnan(traced.output[:2]).all()
    assert np.isfinite(traced.output[2:]).all()


def test_a_number_and_what_was_said_of_it_can_be_edited_by_hand(visit: Visit) -> None:
    visitor, ready = trained(visit, "numerals").put("by_hand", True), prepared(RUNS["numerals"])
    for field, text in zip(visitor.at.text_input, ("7", "forty two"), strict=True):
        field.set_value(text)
    symbols = [ready.alphabet.index(symbol) for symbol in (" ", "7", "▶", "forty", "two")]
    assert_shows(visitor.look(), RUNS["numerals"], np.array(symbols))
    assert (visitor.cell["marks"], visitor.cell["switch"]) == (["␣", "7", "▶", "forty", "two"], 2)
    visitor.at.text_input[1].set_value("forty tow")
    assert "received ' 7 forty tow'" in visitor.look().errors.replace("  ", " ")


def test_a_convolution_has_its_output_at_the_last_step_only(visit: Visit) -> None:
    visitor = trained(visit, "conv and after")
    assert (visitor.cell["answers"], visitor.cell["steps"]) == (5, 6)
    output = np.frombuffer(visitor.trace(visitor.view.update), "<f4")[-6:]
    assert np.isfinite(output).tolist() == [False] * 5 + [True]


def edited(visitor: Visitor, cells_: dict[int, object]) -> Visitor:
    """Type into the table of values; AppTest has no word for it, so the message of the browser is sent as it is."""
    states = visitor.at._tree.get_widget_states()
    states.widgets.add(id=visitor.at.data_editor[0].proto.id, string_value=json.dumps(
        {"edited_rows": {row: {"wave": value} for row, value in cells_.items()}, "added_rows": [], "deleted_rows": []}))
    visitor.at._run(states, PATIENCE)
    assert not visitor.at.exception
    return visitor


def test_values_can_be_edited_by_hand(visit: Visit) -> None:
    visitor, ready = trained(visit, "lstm"), prepared(RUNS["lstm"])
    x = ready.x(ready.sample_ids["test"][-1:])[0]
    x[2] = 5.0
    assert_shows(edited(visitor.put("by_hand", True), {2: 5.0}), RUNS["lstm"], x)


def test_an_emptied_cell_is_a_sentence(visit: Visit) -> None:
    visitor = edited(trained(visit, "lstm").put("by_hand", True), {1: None})
    assert "Every time step needs a number; received an empty cell." in visitor.errors


WHAT_IFS: dict[str, tuple[str, dict[str, object], Intervention]] = {
    "gate": ("lstm", {"if_gate": "i", "if_value": 0.5}, ClampGate(0, "i", 0.5)),
    "one unit's gate": ("two layers", {"if_layer": 2, "if_all": False, "if_unit": 4, "if_value": 1.0},
                        ClampGate(1, "f", 1.0, unit=3)),
    "unit": ("gru", {"if_unit": 2}, ZeroUnit(0, 1)),
    "state": ("lstm", {"if_state": "c", "if_value": -2.0}, SetState(0, "c", -2.0)),
    "input": ("lstm", {"if_step": 2, "if_value": 0.25}, EditNumber(1, 0, 0.25)),
    "letter": ("letters", {"if_step": 3, "if_letter": 1}, EditLetter(2, 1)),
    "weight": ("lstm", {"if_gate": "o", "if_unit": 2, "if_kind": "U", "if_column": 3, "if_value": 4.0},
               ChangeWeight("layers.0.weight_hh_l0", (10, 2), 4.0)),
    "decoder's weight": ("numerals", {"if_stage": "decoder", "if_gate": "i", "if_layer": 2, "if_unit": 3,
                                      "if_kind": "W", "if_column": 4, "if_value": 4.0},
                         ChangeWeight("decoder.1.weight_ih_l0", (2, 3), 4.0)),
    "word": ("reviews", {"if_step": 1, "if_letter": 5}, EditLetter(0, 5)),
    "pixel": ("digits", {"if_step": 4, "if_feature": 3, "if_value": 1.0}, EditNumber(3, 3, 1.0)),
    "gate of an ensemble": ("conv and after", {"if_gate": "o", "if_value": 0.5}, ClampGate(0, "o", 0.5)),
}
PILL = {"letter": "input", "word": "input", "pixel": "input", "one unit's gate": "gate", "gate of an ensemble": "gate",
        "decoder's weight": "weight"}


@pytest.mark.parametrize("kind", WHAT_IFS)
def test_a_change_inside_is_shown_beside_the_untouched_network_and_can_be_taken_back(visit: Visit, kind: str) -> None:
    name, settings, change = WHAT_IFS[kind]
    visitor, spec = trained(visit, name), RUNS[name]
    before = visitor.seen.x
    untouched = visitor.trace(visitor.view.update)
    visitor.put("change", PILL.get(kind, kind))
    for key, value in settings.items():
        visitor.put(key, value)
    visitor.click("apply")
    assert_shows(visitor, spec, before, (change,))
    assert visitor.cell["changed"]
    assert visitor.trace(visitor.view.update) != untouched
    assert visitor.trace(visitor.view.update, "original") == untouched
    assert_shows(visitor.click("untouch"), spec, before)
    assert_shows(visitor.click("apply").click("remove0"), spec, before)
    assert weights(visitor)["head.weight"].tobytes() == weights(trained(visit, name))["head.weight"].tobytes()


def before_after(visitor: Visitor) -> str:
    """Return what stands beside the button, as it is sent."""
    return str(json.loads(visitor.widget("before_after").proto.json)["markup"])


def told(title: str, before: str, after: str) -> str:
    return f'<p class="sh-soft">{title}</p><p class="sh-told">{before} → {after}</p>'


def test_prediction_and_gate_before_and_after_stand_beside_the_button(visit: Visit) -> None:
    visitor, spec, ready = trained(visit, "lstm"), RUNS["lstm"], prepared(RUNS["lstm"])
    assert any("Apply a change" in caption for caption in visitor.captions.split("\n"))
    visitor.put("if_gate", "i").put("if_all", False).put("if_unit", 2).put("if_value", 0.25).click("apply")
    both = compare(spec.model, weights(visitor), visitor.seen.x, visitor.seen.interventions)
    numbers = [f"{powers(f'{ready.unscale(trace.output[-1])[0]:.4g}')}" for trace in (both.original, both.changed)]
    assert told("Prediction: wave", *numbers) in before_after(visitor)
    mean = both.original.layers[0].gates["i"][:, 1].mean()
    assert told("Input gate i, unit 2 (mean over the time steps)", f"{mean:.3f}", "0.250") in before_after(visitor)
    assert "above show the changed network" in visitor.captions


def test_how_likely_the_answer_was_stands_beside_the_button_and_another_input_is_told_by_the_gate_that_keeps(
        visit: Visit) -> None:
    visitor, spec, ready = trained(visit, "letters"), RUNS["letters"], prepared(RUNS["letters"])
    visitor.put("change", "input").put("if_step", 3).put("if_letter", 1).click("apply")
    both = compare(spec.model, weights(visitor), visitor.seen.x, visitor.seen.interventions)
    truth = int(visitor.cell["real"][-1])
    odds = [softmax(trace.output)[-1, truth] for trace in (both.original, both.changed)]
    assert told(f"How likely: {ready.labels[truth]}", *(f"{share:.1%}" for share in odds)) in before_after(visitor)
    kept = [trace.layers[0].gates["f"].mean() for trace in (both.original, both.changed)]
    assert told("Forget gate f, mean of all units (mean over the time steps)",
                *(f"{value:.3f}" for value in kept)) in before_after(visitor)


@pytest.mark.parametrize("value", [1e300, -1e300, 7.0])
def test_a_gate_held_far_outside_is_shown_all_the_same(visit: Visit, value: float) -> None:
    visitor = trained(visit, "lstm").put("if_value", value).click("apply")
    assert visitor.errors == ""
    assert "nan" not in before_after(visitor)


def test_an_address_leads_to_exactly_what_was_seen(visit: Visit) -> None:
    visitor = trained(visit, "two layers").put("from_part", "train").put("at", 4).put("section", "units")
    link = visitor.cell["link"]
    assert link == {"run": visitor.run, "lang": "en", "section": "units", "from_part": "train", "at": "4"}
    assert visitor.cell["link_complete"]
    update = int(visitor.view.snapshots[1])
    other = visit("cell", **link, layer="2", unit="3", step="5", update=str(update))
    assert (other.run, other.widget("from_part").value, other.widget("at").value) == (visitor.run, "train", 4)
    np.testing.assert_array_equal(other.seen.x, visitor.seen.x)
    chosen = other.cell["select"]
    assert (chosen["layer"], chosen["unit"], chosen["step"], chosen["update"]) == (1, 2, 4, update)
    assert other.at.session_state["section"] == "units"
    assert not {"at", "from_part", "update", "step"} & set(other.at.query_params)
    assert not visitor.put("by_hand", True).cell["link_complete"]


@pytest.mark.parametrize("link", [{"from_part": "nonsense"}, {"at": "99999"}, {"at": "0"}, {"at": "-1"}, {"at": "x"},
                                  {"update": "9999999"}, {"update": "nan"}, {"from_part": "", "at": ""}])
def test_an_address_that_leads_nowhere_shows_the_page_all_the_same(visit: Visit, link: dict[str, str]) -> None:
    visitor = visit("cell", **link)
    assert visitor.errors == ""
    assert visitor.cell["updates"]


def test_the_change_in_error_is_told_in_real_units(visit: Visit) -> None:
    visitor, ready = trained(visit, "prices").put("if_gate", "o").put("if_value", 0.0), prepared(RUNS["prices"])
    assert not [label for label in visitor.numbers if "untouched" in label]
    visitor.click("apply")
    actual = ready.actual[int(ready.sample_ids["test"][-1]) + 1]
    silent = ready.unscale(weights(visitor)["head.bias"])[0]            # nothing comes out of the cell any more
    original = ready.unscale(cells.trace(RUNS["prices"].model, weights(visitor), visitor.seen.x).output[-1])[0]
    assert visitor.numbers["Mean absolute error, untouched"] == f"{abs(original - actual):.4g} points"
    assert visitor.numbers["Mean absolute error, changed"] == f"{abs(silent - actual):.4g} points"


def test_classes_are_compared_by_cross_entropy(visit: Visit) -> None:
    for name in ("digits", "numerals"):
        visitor = trained(visit, name).put("if_gate", "o").put("if_value", 0.5).click("apply")
        both = compare(RUNS[name].model, weights(visitor), visitor.seen.x, visitor.seen.interventions)
        known = [at for at, truth in enumerate(visitor.cell["real"]) if truth is not None]
        for which, odds in (("untouched", both.original_prediction), ("changed", both.changed_prediction)):
            p = [np.atleast_2d(odds)[at - len(visitor.seen.x), int(visitor.cell["real"][at])] for at in known]
            assert visitor.numbers[f"Cross entropy, {which}"] == f"{-np.log(p).mean():.4g} nats"


def test_the_start_sign_of_a_decoder_stays(visit: Visit) -> None:
    visitor = trained(visit, "numerals").put("change", "input").put("if_step", 3).click("apply")
    assert visitor.seen.interventions == ()
    assert any("does not fit" in text.value for text in visitor.at.markdown)
    visitor.put("if_step", 1)
    assert visitor.widget("if_letter").value > START
    assert visitor.click("apply").seen.interventions == (EditLetter(0, visitor.widget("if_letter").value),)


@pytest.mark.parametrize("change", [ChangeWeight("decoder.1.weight_ih_l0", (2, 3), 4.0), EditNumber(2, 7, 0.5),
                                    EditLetter(0, 4), ChangeWeight("layers.0.weight_ih_l0", (15, 2), 1.0)])
def test_what_was_changed_in_another_kind_of_network_is_left_out(visit: Visit, change: Intervention) -> None:
    visitor = trained(visit, "lstm")
    visitor.at.session_state["interventions"] = (change,)
    visitor.look()
    assert (visitor.errors, visitor.seen.interventions) == ("", ())
    assert visitor.click("remove0").at.session_state["interventions"] == ()


def test_where_no_further_change_is_taken_one_can_still_take_the_place_of_another(
        visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CHANGES", 1)
    visitor = trained(visit, "lstm").put("if_gate", "f").put("if_value", 0.5).click("apply")
    assert not visitor.widget("apply").disabled         # it would change the same gate
    visitor.put("if_value", 0.25).click("apply")
    assert [getattr(change, "value", None) for change in visitor.seen.interventions] == [0.25]
    assert visitor.put("if_gate", "o").widget("apply").disabled


def test_changes_that_do_not_fit_another_network_are_left_out_and_named(visit: Visit) -> None:
    visitor = trained(visit, "lstm").put("if_gate", "f").click("apply")
    other = visit(who=visitor.who, **to_query(RUNS["gru"])).click("train").rest()
    visitor.at.query_params["run"] = other.run
    visitor.look()
    assert visitor.errors == ""
    assert visitor.seen.interventions == ()
    assert any("does not fit" in text.value for text in visitor.at.markdown)


@pytest.mark.parametrize(("name", "lang"), [*((name, "en") for name in RUNS), ("reviews", "zh"), ("numerals", "zh")])
def test_every_section_shows_something(visit: Visit, name: str, lang: str) -> None:
    visitor = visit(lang=lang, **to_query(RUNS[name])).click("train").rest().open("cell")
    for section in ("what_if", "units", "weights", "training", "scratch"):
        visitor.put("section", section)
        assert visitor.errors == ""


@pytest.mark.parametrize("name", ["two layers", "numerals"])
def test_the_cell_written_by_hand_is_measured_beside_torchs(visit: Visit, name: str) -> None:
    visitor, spec = trained(visit, name).put("section", "scratch"), RUNS[name]
    shown = {label: read(value) for label, value in visitor.numbers.items() if " × 10⁻" in value or value == "0.0"}
    assert set(shown) == {"Largest difference in h", "Largest difference in c", "Read alone or among eight"}
    assert max(shown.values()) <= 1e-6
    assert "both are the same cell" in visitor.captions
    assert "hx = torch.cat([h, x], dim=1)" in visitor.at.code[0].value
    words = " ".join(text.value for text in visitor.at.markdown)
    found = difference(spec.model, weights(visitor), visitor.seen.x)
    assert f"moves h by up to **{powers(f'{found.forgetful_h:.3g}')}**" in words
    assert "σ(1) = 0.73" in words


def test_a_run_without_lstm_is_led_to_one(visit: Visit) -> None:
    visitor = trained(visit, "gru").put("section", "scratch")
    assert "This run has GRU cells" in visitor.hints
    assert not visitor.at.code


def test_of_two_changes_at_one_place_the_later_one_stands(visit: Visit) -> None:
    visitor = trained(visit, "lstm").put("if_gate", "f").put("if_value", 1.0).click("apply")
    visitor.put("if_gate", "i").click("apply").put("if_gate", "f").put("if_value", 0.0).click("apply")
    assert visitor.seen.interventions == (ClampGate(0, "i", 1.0), ClampGate(0, "f", 0.0))
    visitor.put("if_all", False).put("if_unit", 3).click("apply")           # another place
    assert visitor.seen.interventions[2:] == (ClampGate(0, "f", 0.0, unit=2),)


def test_the_page_opens_at_the_unit_that_keeps_longest(visit: Visit) -> None:
    visitor = visit("cell")
    chosen = visitor.cell["select"]
    trace = cells.trace(EXAMPLES["recall"].model, lab().snapshot(example("recall"), visitor.updates).weights,
                        visitor.seen.x).layers[0]
    kept = trace.gates["f"][chosen["step"]:, chosen["unit"]]        # from the first gate that keeps what was taken in
    assert 0 < chosen["step"] < 4                           # just after the letter has been read
    assert kept.min() > 0.9
    assert (left := np.prod(kept)) > 0.5
    said = "\n".join(text.value for text in visitor.at.markdown)
    steps = len(kept)
    assert f"**Unit {chosen['unit'] + 1} keeps longest:**" in said
    assert f"**{left:.0%} over {steps} steps**" in said
    changed = visitor.put("change", "gate").put("if_gate", "f").put("if_value", 0.0).click("apply")
    told = "So it is without your changes."
    assert told not in said
    assert any(text.value.endswith(told) for text in changed.at.markdown)
    assert visitor.put("from_part", "train").cell["select"]["turn"] == chosen["turn"]       # the person goes on alone


def test_an_address_leads_to_its_own_place(visit: Visit) -> None:
    chosen = visit("cell", unit="3", step="5").cell["select"]
    assert (chosen["unit"], chosen["step"]) == (2, 4)


def test_a_finding_that_is_clicked_opens_its_unit(visit: Visit) -> None:
    visitor = trained(visit, "lstm").put("section", "units")
    turn = visitor.cell["select"]["turn"]
    visitor.click("finding0")
    chosen = visitor.cell["select"]
    assert f"Unit {chosen['unit'] + 1} " in visitor.widget("finding0").label
    assert (chosen["layer"], chosen["turn"]) == (0, turn + 1)
    assert visitor.click("finding0").cell["select"]["turn"] == turn + 2


def test_weights_are_shown_as_they_are_and_as_they_have_changed(visit: Visit) -> None:
    visitor, spec = trained(visit, "lstm").put("section", "weights"), RUNS["lstm"]
    maps = visitor.figure("weights")["data"]
    assert [panel["name"] for panel in maps] == ["Forget gate f", "Input gate i", "Candidate g", "Output gate o"]
    assert maps[0]["x"] == ["x wave", "h 1", "h 2", "h 3", "b"]
    largest = max(np.abs(np.hstack([w.W, w.U, (w.b + w.b_h)[:, None]])).max()
                  for w in cells.gate_weights("lstm", weights(visitor), 0).values())
    assert maps[0]["zmax"] == pytest.approx(largest)
    visitor.put("weights_change", True).put("weights_moment", 0)
    assert visitor.figure("weights")["data"][0]["zmax"] == 1.0      # nothing has changed: the scale of zeros
    assert spec.model.cell == "lstm"


def test_the_choices_fit_again_when_another_run_is_opened(visit: Visit) -> None:
    visitor = trained(visit, "two layers").put("at", 9)
    other = visit(who=visitor.who, **to_query(RUNS["letters"])).click("train").rest()
    visitor.at.query_params["run"] = other.run
    visitor.look()
    assert visitor.errors == ""
    assert visitor.widget("at").value == 5
    assert visitor.at.query_params["run"] == other.run


def test_a_run_without_a_single_update_says_that_there_is_nothing_yet(visit: Visit) -> None:
    visitor = visit(**to_query(RUNS["lstm"])).click("train").rest().click("reset")
    assert visitor.view.update == 0
    assert visitor.errors == ""
    assert visitor.open("cell").cell["updates"] == []
    assert visitor.open("start").errors == ""
    visitor.open("train").click("step_once").rest()
    assert visitor.open("cell").cell["updates"] == [0, 1] or visitor.cell["updates"] == [0]


def test_the_first_moment_of_a_run_can_be_seen_while_it_trains(visit: Visit) -> None:
    visitor = visit(**LONG).click("train").wait(lambda view: len(view.snapshots) > 1).open("cell")
    assert visitor.errors == ""
    assert visitor.cell["updates"][0] == 0
    assert len(visitor.trace(0)) > 0


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_a_diverged_run_says_so_on_every_page(visit: Visit, cell: str, lang: str) -> None:
    visitor = visit(lang=lang, source="waves", length="120", steps="6", cell=cell, hidden="8", optimizer="sgd",
                    lr="10", clip_norm="0", noise="5", epochs="60", batch="16", input_dense="8").click("train").rest()
    assert visitor.view.outcome == "diverged"
    assert ("Diverged" in visitor.progress) == (lang == "en")
    for page in ("start", "train", "cell"):
        visitor.open(page)
        assert visitor.errors == ""
        assert not any("nan" in value for value in visitor.numbers.values())
    assert len(visitor.trace(visitor.view.update)) == len(visitor.trace(0))
    for section in ("units", "weights", "training"):
        visitor.put("section", section)


def test_the_example_is_called_finished_only_when_it_is(visit: Visit) -> None:
    assert "Example run: LSTM on “Recall after a gap”, not yours" in visit("cell").hints
    lab().command(example("recall"), EXAMPLE_OWNER, "reset")
    try:
        assert "Example run" not in visit("cell").hints
    finally:
        lab().command(example("recall"), EXAMPLE_OWNER, "resume")
        rested(example("recall"))
    assert "Example run: LSTM on “Recall after a gap”, not yours" in visit("cell").hints


def test_a_look_inside_leaves_the_settings_as_they_were(visit: Visit) -> None:
    visitor = trained(visit, "gru")
    assert visitor.open("train").widget("cell").value == "gru"
    assert visitor.view.spec == RUNS["gru"]
    assert "Changed since" not in visitor.hints
