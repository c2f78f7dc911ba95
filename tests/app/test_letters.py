"""Letters: what the page names, writes and counts is what the network of that moment gives."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import numpy as np
import pytest

from lstm_core import cells, data
from lstm_core.data import Dataset
from lstm_core.data.sources.numerals import END, words
from lstm_core.inside import generation
from lstm_core.records import Weights
from lstm_core.spec import Layer, Letters, ModelSpec, Numerals, RunSpec, TrainSpec, parameters
from lstm_core.spec.io import IGNORED
from lstm_core.spec.serialization import to_query
from lstm_core.ui.base import server
from lstm_core.ui.base.examples import example
from tests.app.conftest import Visit
from tests.app.visitor import LONG, Visitor, rested

SHORT = TrainSpec(epochs=30, batch=8, lr=0.01)
CYCLE = RunSpec(data=Letters(steps=1), model=ModelSpec(cell="rnn", layers=(Layer(3),)), train=SHORT)
EMBEDDED = CYCLE.change(text="abcdefg", steps=3, encoding="embedding", embedding=3)
TEXT = RunSpec(data=Letters(text="to be *or* not [to] be\n" * 8, cycle=False, steps=5),
               model=ModelSpec(cell="gru", layers=(Layer(8),), encoding="embedding", embedding=5, output="every"),
               train=TrainSpec(epochs=4, batch=8, lr=0.01))
NUMERALS = RunSpec(data=Numerals(largest=99), model=ModelSpec(cell="gru", layers=(Layer(24),), output="every"),
                   train=TrainSpec(epochs=12, batch=8, lr=0.01))


def trained(visit: Visit, spec: RunSpec) -> Visitor:
    return visit(**to_query(spec)).click("train").rest().open("letters")


def prepared(spec: RunSpec) -> Dataset:
    return data.dataset(spec.data, spec.model.output)


def weights(visitor: Visitor) -> Weights:
    """Return the network at the moment that is chosen on the page."""
    return server.lab().snapshot(visitor.run, visitor.widget("moment").value).weights


def numbered(spec: RunSpec, text: str) -> np.ndarray:
    return np.array([prepared(spec).alphabet.index(letter) for letter in text])


def said(visitor: Visitor) -> str:
    return "\n".join(markdown.value for markdown in visitor.at.markdown)


def page_text(visitor: Visitor) -> str:
    """Return what was written, without the marks around each letter."""
    shaded = next(split.proto.body for split in visitor.at.get("html") if "border-bottom" in split.proto.body)
    return re.sub(r"<[^>]*>", "", shaded)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_with_nothing_trained_a_finished_example_answers_at_once(visit: Visit, lang: str) -> None:
    rested(example("letters"))
    visitor = visit("letters", lang=lang)
    assert visitor.errors == ""
    assert visitor.widget("typed").value == "abc"
    assert "**d**" in said(visitor)
    assert "run" not in visitor.at.query_params
    links = [link.proto.query_string for link in visitor.at.get("page_link")]
    assert sum("preset=s" in link and f"lang={lang}" in link for link in links) == 5
    for section in ("write", "transitions", "places", "beside"):
        assert visitor.put("about", section).errors == ""


def test_a_run_without_letters_stays_in_the_address_while_the_example_is_shown(visit: Visit) -> None:
    rested(example("letters"))
    visitor = visit(**LONG).click("train").open("letters")
    assert "Example run: LSTM on “Letters”, not yours" in visitor.hints
    assert "**d**" in said(visitor)
    assert visitor.view.spec.data.source == "waves"


@pytest.mark.parametrize("spec", [CYCLE, EMBEDDED, TEXT], ids=["one-hot", "embedded", "text"])
def test_the_next_letter_is_that_of_the_network_at_the_chosen_moment(visit: Visit, spec: RunSpec) -> None:
    visitor = trained(visit, spec)
    assert isinstance(spec.data, Letters)
    alphabet = prepared(spec).alphabet
    for update in (0, visitor.view.update):
        visitor.put("moment", update)
        for text in (alphabet[-1], "".join(alphabet[-3:]), "".join(alphabet[-2:] * 4)):
            visitor.put("typed", text)
            scores = cells.trace(spec.model, weights(visitor), numbered(spec, text)).output[-1]
            probabilities = np.exp(scores) / np.exp(scores).sum()
            sentence = next(line for line in said(visitor).splitlines() if line.startswith("After **"))
            assert f"{probabilities.max():.1%}" in sentence
            assert f"names **{alphabet[probabilities.argmax()]}**" in sentence.replace("\\", "").replace("␣", " ")
            practised = len(text) == spec.data.steps or (spec is TEXT and len(text) < spec.data.steps)
            assert ("has length" in visitor.captions) != practised


def test_the_truth_beside_the_letter_is_that_of_the_text(visit: Visit) -> None:
    visitor = trained(visit, TEXT).put("typed", "be ")
    assert "In the text be␣ is followed by \\* 100%." in said(visitor)
    assert "In the text t is followed by o 67%, ␣ 33%." in said(visitor.put("typed", "t"))
    assert "never occurs with a letter after it" in said(visitor.put("typed", "ttt"))
    assert [trace["name"] for trace in visitor.figure("next")["data"]] == ["Network"]
    assert "naive, always the most frequent letter" in visitor.captions


def test_letters_that_are_not_known_are_named_and_what_was_typed_stays(visit: Visit) -> None:
    visitor = trained(visit, CYCLE).put("typed", "abx*")
    assert "knows the letters a b c d e; it has never seen x \\*." in visitor.errors
    assert visitor.widget("typed").value == "abx*"
    assert "type some that it knows" in visitor.hints
    visitor.put("typed", "")
    assert "at least one letter" in visitor.errors
    visitor.click("typed_again")
    assert (visitor.errors, visitor.widget("typed").value) == ("", "a")


def test_letters_that_cannot_be_typed_have_signs(visit: Visit) -> None:
    visitor = trained(visit, TEXT).put("typed", "be↵")
    assert visitor.errors == ""
    assert "**be↵**" in said(visitor)


def test_what_is_written_comes_from_the_network_and_the_seed(visit: Visit) -> None:
    visitor = trained(visit, TEXT).put("typed", "to b").put("write_length", 60)
    texts = []
    for memory, temperature, seed in [("window", 0.0, 3), ("window", 1.0, 3), ("carried", 1.0, 3), ("carried", 1.0, 4),
                                      ("carried", 1.0, 3)]:
        visitor.put("memory", memory).put("temperature", temperature)
        if temperature:
            visitor.put("write_seed", seed)
        assert visitor.widget("write_seed").disabled == (temperature == 0)
        written = generation.write(TEXT.model, weights(visitor), numbered(TEXT, "to b"), 60, temperature=temperature,
                                   seed=seed, window=5 if memory == "window" else 0)
        text = "".join(prepared(TEXT).alphabet[letter] for letter in written.letters)
        assert page_text(visitor) == f"to b{text}"
        assert f"from {written.probabilities.min():.1%} to {written.probabilities.max():.1%}" in visitor.widget(
            "written").proto.bytes.decode(errors="ignore")
        texts.append(text)
        whole = "to b" + text
        right = sum(whole[at - 3:at + 1] in TEXT.data.text for at in range(4, 64))  # type: ignore[attr-defined]
        assert f"{right} of 60 letters follow" in visitor.captions
    assert texts[2] == texts[4]
    assert len(set(texts)) == 4
    assert "began from a zero state" in visitor.captions


def test_a_carried_state_is_all_there_is_where_it_was_trained(visit: Visit) -> None:
    visitor = trained(visit, TEXT.change(shuffle=False, stateful="parallel"))
    assert "as it is here" in visitor.captions
    with pytest.raises(KeyError):
        visitor.widget("memory")


def test_the_table_that_is_learned_stands_beside_that_of_the_text(visit: Visit) -> None:
    visitor = trained(visit, EMBEDDED).put("about", "transitions")
    ready, counts = prepared(EMBEDDED), np.roll(np.eye(7, dtype=int), 1, axis=1)
    kinds: dict[str, Callable[[Weights], Any]] = {
        "text": lambda now: generation.mean_after(EMBEDDED.model, now, ready.x(ready.sample_ids["train"])),
        "alone": lambda now: generation.after_each(EMBEDDED.model, now, np.empty(0, dtype=np.int64)),
    }
    for kind, learned in kinds.items():
        visitor.put("table_of", kind)
        wrong = generation.misplaced(learned(weights(visitor)), counts)
        assert f"{wrong:.1%} of the probability lies on the wrong letters" in visitor.captions
        assert f"{6 / 7:.1%}" in visitor.captions                      # naive: a seventh for each letter
    visitor.put("typed", "bca").put("table_of", "typed")
    assert "never occurs with two letters after it" in visitor.captions
    visitor.put("typed", "abc")
    after = generation.after_each(EMBEDDED.model, weights(visitor), numbered(EMBEDDED, "bc"))
    assert f"{1 - after[3, 4]:.1%} of the probability lies" in visitor.captions


def test_the_map_has_as_many_dimensions_as_asked_for(visit: Visit) -> None:
    visitor = trained(visit, EMBEDDED).put("about", "places")
    assert {trace["type"] for trace in visitor.figure("map3")["data"]} == {"scatter3d"}
    visitor.put("map_in", "2")
    assert {trace["type"] for trace in visitor.figure("map2")["data"]} == {"scatter"}
    table = weights(visitor)["embedding.weight"].astype(float)
    spread = np.linalg.eigvalsh(np.cov(table.T))[::-1]
    assert f"which hold {spread[:2].sum() / spread.sum():.0%} of the variance" in visitor.captions
    visitor.put("moment", 0)
    assert visitor.errors == ""


def test_one_hot_letters_are_all_equally_far_apart(visit: Visit) -> None:
    visitor = trained(visit, CYCLE).put("about", "places")
    assert "each of the 5 letters has an axis of its own" in said(visitor)
    assert "from 1.41 to 1.41" in visitor.widget("apart").proto.bytes.decode(errors="ignore")


def test_one_hot_and_embedding_are_trained_side_by_side(visit: Visit) -> None:
    visitor = trained(visit, CYCLE).put("about", "beside").put("beside_width", 4).click("encodings_train")
    found = {facts.spec.model.encoding: facts for facts in server.lab().recent(visitor.who, 2)}
    specs = {"one-hot": CYCLE, "embedding": CYCLE.change(encoding="embedding", embedding=4)}
    assert {encoding: facts.spec for encoding, facts in found.items()} == specs
    views = {encoding: rested(facts.id) for encoding, facts in found.items()}
    visitor.look()
    for encoding, name in (("one-hot", "One-hot"), ("embedding", "Embedding of width 4")):
        row = next(line for line in said(visitor).splitlines() if line.startswith(f"| {name} |"))
        learned = sum(parameters.parameters(specs[encoding].model, prepared(CYCLE).io_shape).values())
        errors, epochs = views[encoding].evaluations["score"], views[encoding].evaluations["epoch"]
        right = f"{epochs[errors == 1][0]:g}" if (errors == 1).any() else "never"
        assert row == f"| {name} | {learned} | {right} | {errors[-1]:.1%} | {views[encoding].losses[-1]:.4g} |"


def test_a_run_that_has_recorded_nothing_says_so_and_shows_the_way(visit: Visit) -> None:
    visitor = visit(**to_query(CYCLE)).click("train").rest().click("reset").open("letters")
    assert visitor.errors == ""
    assert "Nothing is recorded of this run" in visitor.hints
    assert any("preset=s4a" in link.proto.query_string for link in visitor.at.get("page_link"))


def test_a_run_whose_moments_are_lost_says_so_and_shows_the_way(visit: Visit) -> None:
    visitor = trained(visit, CYCLE)
    with closing(sqlite3.connect(os.environ["GATESCOPE_DATABASE"].removeprefix("sqlite:///"))) as stored, stored:
        stored.execute("delete from snapshots where run = ?", (visitor.run,))
    visitor.look()
    assert "no snapshot at or before update" in visitor.errors
    assert any("preset=s4a" in link.proto.query_string for link in visitor.at.get("page_link"))


def test_a_run_that_trains_is_shown_as_it_is_now(visit: Visit) -> None:
    visitor = visit(**to_query(CYCLE.change(epochs=5000))).click("train").wait(lambda view: len(view.snapshots) > 1)
    visitor.open("letters")
    assert visitor.errors == ""
    assert "the newest moment is shown" in visitor.captions
    with pytest.raises(KeyError):
        visitor.widget("moment")


def test_a_diverged_run_says_so(visit: Visit) -> None:
    spec = CYCLE.change(encoding="embedding", layers=(Layer(32),), relu_head=512, optimizer="sgd", lr=10.0,
                        clip_norm=0.0)
    visitor = trained(visit, spec.change(epochs=100))
    assert visitor.view.outcome == "diverged"
    for section in ("write", "transitions", "places", "beside"):
        visitor.put("about", section)
        assert visitor.errors.count("diverged") == 1
    assert visitor.put("moment", 0).errors == ""


# -- numbers in words --------------------------------------------------------------------------------------


def test_a_number_is_said_as_the_decoder_says_it(visit: Visit) -> None:
    visitor, ready = trained(visit, NUMERALS), prepared(NUMERALS)
    for number in (7, 40, 83):
        visitor.put("number", f"{number}")
        question = ready.x(np.array([number]))[:, :ready.encoder_steps]
        assert "".join(ready.alphabet[sign] for sign in question[0]) == f"{number:2}"
        (answer,) = generation.answers(NUMERALS.model, weights(visitor), question, END)
        told = " ".join(ready.alphabet[sign] for sign in answer if sign != END) + ("" if END in answer else " …")
        right = " ".join(words(number, "en"))
        alert, = (*visitor.at.success, *visitor.at.error)
        assert alert.value.startswith(f"{number} → **{told}**. ")
        assert ("That is right" in alert.value) == (told == right)
        assert told == right or f"Right would be: {right}." in alert.value
        assert {visitor.figure(key)["data"][0]["type"] for key in ("free", "forced")} == {"heatmap"}


def test_the_numbers_said_right_are_counted_from_the_first_word_to_the_end_sign(visit: Visit) -> None:
    visitor, ready = trained(visit, NUMERALS), prepared(NUMERALS)
    for update in (0, visitor.view.update):
        visitor.put("moment", update)
        for split, name in (("test", "Test part"), ("validation", "Validation part")):
            sample_ids = ready.sample_ids[split]
            told = generation.answers(NUMERALS.model, weights(visitor), ready.x(sample_ids)[:, :ready.encoder_steps],
                                      END)
            right = [said == tuple(y[y != IGNORED]) for said, y in zip(told, ready.y(sample_ids), strict=True)]
            assert visitor.numbers[name] == f"{np.mean(right):.1%}"
            deltas = [metric.delta for metric in visitor.at.metric if metric.label == name]
            assert deltas == [f"{sum(right)} of {len(sample_ids)} right"]
            for end, fine in zip(sample_ids, right, strict=True):
                listed = f"\n| {end} | " in said(visitor)
                assert listed != fine


@pytest.mark.parametrize("typed", ["100", "-1", "1.5", "seven", "", "999999999999"])
def test_a_number_that_was_not_learned_is_refused(visit: Visit, numerals: tuple[str, str], typed: str) -> None:
    run, who = numerals
    visitor = visit("letters", who=who, run=run).put("number", typed)
    assert f"from 0 to 99, written in digits; received {typed!r}." in visitor.errors
    assert visitor.widget("number").value == typed
    assert visitor.click("number_again").at.warning.len == 0


@pytest.fixture(scope="module")
def numerals() -> tuple[str, str]:
    """A finished run on numbers, and whose it is."""
    visitor = Visitor("train", "ada", "fast", to_query(NUMERALS))
    visitor.click("train").rest()
    return visitor.run, visitor.who


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_numbers_are_said_in_both_languages(visit: Visit, numerals: tuple[str, str], lang: str) -> None:
    run, who = numerals
    visitor = visit("letters", who=who, run=run, lang=lang)
    assert visitor.view.spec.data.source == "numerals"
    assert not visitor.at.warning
