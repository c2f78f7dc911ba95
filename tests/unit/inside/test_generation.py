"""Writing on: step by step the network says what it says of the whole text at once, and draws as it is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from lstm_core import cells
from lstm_core.errors import Refusal
from lstm_core.inside import generation
from lstm_core.learning.network import Network
from lstm_core.records import Weights
from lstm_core.spec import Layer, ModelSpec
from lstm_core.spec.io import START, IOShape

K, END = 6, 1
TEXT = np.array([2, 0, 5, 3, 3, 1])
NONE = np.empty(0, dtype=np.int64)
MODELS = {
    "rnn": ModelSpec(cell="rnn", layers=(Layer(5),)),
    "gru, embedded": ModelSpec(cell="gru", layers=(Layer(4), Layer(3, 0.3)), encoding="embedding", embedding=3),
    "lstm, every step": ModelSpec(layers=(Layer(4),), output="every", input_dense=2, relu_head=3),
}


def weights_of(model: ModelSpec, *, source: int = 0, seed: int = 1) -> Weights:
    """Return random weights, larger than those of an untrained network, so that it has opinions."""
    torch.manual_seed(seed)
    network = Network(model, IOShape(n_symbols=K, n_classes=K, encoder_steps=source))
    return {name: 2 * torch.randn(values.shape).numpy() for name, values in network.memory.parameters.items()}


def whole(model: ModelSpec, weights: Weights, text: np.ndarray) -> np.ndarray:
    """Return the probabilities after a text that is read in one go."""
    scores = cells.predict(replace(model, output="last"), weights, text[np.newaxis])[0]
    return np.exp(scores) / np.exp(scores).sum()


@pytest.mark.parametrize("name", MODELS)
def test_reading_step_by_step_gives_what_reading_the_whole_text_gives(name: str) -> None:
    model, weights = MODELS[name], weights_of(MODELS[name])
    for length in range(1, len(TEXT) + 1):
        np.testing.assert_allclose(generation.next_letter(model, weights, TEXT[:length]),
                                   whole(model, weights, TEXT[:length]), rtol=1e-10)
    for context in (NONE, TEXT[:1], TEXT):
        after = generation.after_each(model, weights, context)
        for letter in range(K):
            np.testing.assert_allclose(after[letter], whole(model, weights, np.append(context, letter)), rtol=1e-10)


@pytest.mark.parametrize("window", [0, 1, 3])
@pytest.mark.parametrize("name", MODELS)
def test_what_is_written_is_the_likeliest_letter_after_all_that_is_read(name: str, window: int) -> None:
    model, weights = MODELS[name], weights_of(MODELS[name])
    written = generation.write(model, weights, TEXT, 12, temperature=0, seed=0, window=window)
    text = TEXT
    for letter, probability in zip(written.letters, written.probabilities, strict=True):
        expected = whole(model, weights, text[-window:])
        assert letter == expected.argmax()
        assert probability == pytest.approx(expected[letter])
        text = np.append(text, letter)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_letters_are_drawn_by_their_probabilities_at_the_temperature(temperature: float) -> None:
    model = MODELS["rnn"]
    weights = {name: 0 * values for name, values in weights_of(model).items()}
    weights["head.bias"] = bias = np.array([2.0, 1.0, 0.0, -1.0, 0.5, -9.0])
    written = generation.write(model, weights, TEXT, 4000, temperature=temperature, seed=1)
    expected = np.exp(bias / temperature) / np.exp(bias / temperature).sum()
    shares = np.bincount(written.letters, minlength=K) / 4000
    assert np.abs(shares - expected).max() < 0.025          # three standard deviations of a share of a half
    np.testing.assert_allclose(written.probabilities, cells.softmax(bias)[written.letters])


def test_the_seed_decides_the_text() -> None:
    model, weights = MODELS["rnn"], {name: values / 4 for name, values in weights_of(MODELS["rnn"]).items()}
    texts = [generation.write(model, weights, TEXT, 50, temperature=1.5, seed=seed).letters for seed in (7, 7, 8)]
    assert texts[0].tolist() == texts[1].tolist() != texts[2].tolist()


@pytest.mark.parametrize("cycle", [True, False])
@pytest.mark.parametrize("context", [(), (0,), (1, 0), (0, 2)])
def test_followers_are_counted_wherever_the_text_has_them(context: tuple[int, ...], cycle: bool) -> None:
    text = [0, 1, 0, 2, 1, 0, 2, 2, 0]
    longer = text + text if cycle else text
    counts = np.zeros((3, 3), dtype=int)
    for start in range(len(text) if cycle else len(text) - len(context) - 1):
        if tuple(longer[start:start + len(context)]) == context:
            counts[longer[start + len(context)], longer[start + len(context) + 1]] += 1
    found = generation.next_symbol_counts(np.array(text), np.array(context, dtype=np.int64), 3, cycle=cycle)
    np.testing.assert_array_equal(found, counts)
    assert found.sum() > 0


def test_the_mean_over_windows_is_that_of_the_windows_ending_with_the_letter() -> None:
    windows = np.array([[0, 1, 2], [3, 3, 2], [1, 1, 4]])
    for name, model in MODELS.items():
        weights = weights_of(model)
        means = generation.mean_after(model, weights, windows)
        np.testing.assert_allclose(
            means[2], (whole(model, weights, windows[0]) + whole(model, weights, windows[1])) / 2, err_msg=name)
        np.testing.assert_allclose(means[4], whole(model, weights, windows[2]))
        assert np.isnan(means[[0, 1, 3, 5]]).all()


def test_probability_on_wrong_letters_is_measured_against_the_text() -> None:
    counts = np.array([[0, 3, 1], [2, 0, 0], [0, 0, 0]])
    right = np.array([[0, 0.75, 0.25], [1, 0, 0], [0.2, 0.4, 0.4]])
    assert generation.misplaced(right, counts) == 0
    assert generation.misplaced(right[:, ::-1], counts) == pytest.approx((0.25 + 1) / 2)
    assert generation.misplaced(np.array([0.5, 0.5, 0]), counts) == pytest.approx((0.5 + 0.5) / 2)
    assert generation.misplaced(np.where([[1], [0], [1]], right, np.nan), counts) == 0
    assert np.isnan(generation.misplaced(right, np.zeros((3, 3), dtype=int)))


# -- encoder and decoder -----------------------------------------------------------------------------------

SAYS = replace(MODELS["gru, embedded"], output="every")
QUESTIONS = np.array([[2, 3, 4], [5, 5, 2], [3, 2, 2], [4, 4, 4]])


def predicted(weights: Weights, question: np.ndarray, read: np.ndarray) -> np.ndarray:
    """Return the probabilities at each step of a decoder that is given what it reads."""
    assert read[0] == START
    scores = cells.predict(SAYS, weights, np.concatenate([question, read])[np.newaxis])[0]
    return cells.softmax(scores)


def test_a_decoder_reads_what_it_said_until_it_says_the_end() -> None:
    weights = weights_of(SAYS, source=3, seed=30)       # with which the answers end at different steps, or never
    answer = generation.answer(SAYS, weights, QUESTIONS, END)
    alone = generation.answers(SAYS, weights, QUESTIONS, END)
    assert sorted({len(said) for said in alone}) == [3, 11, 12, generation.LONGEST_ANSWER]
    for row, (question, said) in enumerate(zip(QUESTIONS, alone, strict=True)):
        steps = len(said)
        assert END not in said[:-1]
        assert said[-1] == END or steps == generation.LONGEST_ANSWER
        assert answer.said[row, :steps].tolist() == list(said)
        assert set(answer.said[row, steps:].tolist()) <= {END}
        assert answer.read[row, 1:steps].tolist() == list(said[:-1])
        expected = predicted(weights, question, np.array([START, *said[:-1]]))
        np.testing.assert_allclose(answer.probabilities[row, :steps], expected, rtol=1e-9)
        assert expected.argmax(axis=1).tolist() == list(said)


def test_a_forced_decoder_reads_what_is_right() -> None:
    weights, truth = weights_of(SAYS, source=3), np.array([[4, 2, END], [5, 3, END]])
    answer = generation.answer(SAYS, weights, QUESTIONS[:2], END, truth)
    for row in range(2):
        assert answer.read[row].tolist() == [START, *truth[row, :-1]]
        np.testing.assert_allclose(answer.probabilities[row], predicted(weights, QUESTIONS[row], answer.read[row]),
                                   rtol=1e-9)
        assert answer.said[row].tolist() == answer.probabilities[row].argmax(axis=1).tolist()


def test_many_questions_are_answered_as_each_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = weights_of(SAYS, source=3)
    together = generation.answers(SAYS, weights, QUESTIONS, END)
    monkeypatch.setattr(generation, "TOGETHER", 3)
    assert generation.answers(SAYS, weights, QUESTIONS, END) == together
    assert together == [generation.answers(SAYS, weights, QUESTIONS[row:row + 1], END)[0] for row in range(4)]


def test_an_answer_without_end_is_broken_off() -> None:
    weights = weights_of(SAYS, source=3)
    weights["head.bias"][END] = -99
    (said,) = generation.answers(SAYS, weights, QUESTIONS[:1], END)
    assert len(said) == generation.LONGEST_ANSWER
    assert END not in said


# -- what cannot be read -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "why"), [(NONE, "at least one time step"), (np.array([0, K]), f"0 to {K - 1}"),
                                           (np.array([-1]), f"0 to {K - 1}")])
def test_a_text_that_cannot_be_read_is_refused(text: np.ndarray, why: str) -> None:
    model, weights = MODELS["rnn"], weights_of(MODELS["rnn"])
    with pytest.raises(Refusal, match=why):
        generation.next_letter(model, weights, text)
    with pytest.raises(Refusal, match=why):
        generation.write(model, weights, text, 5, temperature=1, seed=0)


def test_a_diverged_network_writes_nothing() -> None:
    model = MODELS["rnn"]
    weights = {name: np.full_like(values, np.nan) for name, values in weights_of(model).items()}
    with pytest.raises(Refusal, match="diverged"):
        generation.write(model, weights, TEXT, 5, temperature=1, seed=0)
    assert np.isnan(generation.next_letter(model, weights, TEXT)).all()


def test_only_a_decoder_answers() -> None:
    with pytest.raises(Refusal, match="no decoder"):
        generation.answer(SAYS, weights_of(SAYS), QUESTIONS, END)
