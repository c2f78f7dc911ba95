"""Examples: what the network reads, what it is asked for, and how they are split."""

import numpy as np
import pytest

from lstm_core import data
from lstm_core.data.sources.numerals import END
from lstm_core.errors import Refusal
from lstm_core.spec import SPLITS, Amplitude, DataSpec, Digits, Numerals, Reviews
from lstm_core.spec.io import IGNORED, START

ALL = [Digits(), Reviews(), Reviews(language="zh", corpus="plain"), Numerals(), Numerals(language="zh", largest=2000),
       Amplitude()]


def made(spec: DataSpec) -> data.Examples:
    found = data.dataset(spec, spec.output or "last")
    assert isinstance(found, data.Examples)
    return found


@pytest.mark.parametrize("spec", ALL, ids=lambda spec: f"{spec.source} {getattr(spec, 'language', '')}")
def test_every_example_belongs_to_one_part_and_the_seed_decides_which(spec: DataSpec) -> None:
    found = made(spec)
    numbers = np.concatenate([found.sample_ids[split] for split in SPLITS])
    assert sorted(numbers) == list(range(len(found.inputs)))
    assert len(found.sample_ids["test"]) == round(len(numbers) * spec.test)
    again = type(spec)(**{**spec.__dict__, "split_seed": 1})
    assert not np.array_equal(made(again).sample_ids["test"], found.sample_ids["test"])
    assert np.array_equal(made(spec).sample_ids["test"], found.sample_ids["test"])


@pytest.mark.parametrize("spec", ALL, ids=lambda spec: f"{spec.source} {getattr(spec, 'language', '')}")
def test_what_is_drawn_belongs_to_its_examples(spec: DataSpec) -> None:
    found = made(spec)
    shown = found.targets_of("validation")
    y = found.y(shown.sample_ids).reshape(len(shown.sample_ids), -1)
    actual = y if found.classes else found.unscale(y)
    assert np.array_equal(actual[shown.window, shown.step], shown.actual)
    assert (shown.actual != IGNORED).all()
    assert len(shown.actual) == found.scored_mask("validation").sum()
    assert len(found.shown("validation").actual) <= 200


def test_a_review_ends_where_its_words_end() -> None:
    found = made(Reviews())
    end = int(found.sample_ids["train"][0])
    length = found.lengths(np.array([end]))
    assert length is not None
    words = found.marks(end)
    assert len(words) == length[0] == len(found.sample(end))
    assert set(found.x(np.array([end]))[0, length[0]:]) <= {0}
    assert set(found.labels) == {"negative", "positive"}


def test_a_decoder_hears_the_truth_one_step_late() -> None:
    found = made(Numerals())
    for number in (7, 342):
        x, y = found.x(np.array([number]))[0], found.y(np.array([number]))[0]
        figures, heard = x[:found.encoder_steps], x[found.encoder_steps:]
        answer = y[y != IGNORED]
        assert "".join(found.alphabet[symbol] for symbol in figures).strip() == str(number)
        assert heard[0] == START
        assert answer[-1] == END
        assert np.array_equal(heard[1:len(answer)], answer[:-1])
    assert [found.alphabet[symbol] for symbol in answer[:-1]] == ["three", "hundred", "forty", "two"]


def test_a_wave_is_asked_for_by_its_height_alone() -> None:
    found = made(Amplitude())
    x, y = found.x(np.arange(5)), found.y(np.arange(5))
    assert not x[:, 1:].any()
    np.testing.assert_allclose(np.abs(y).max(axis=1), np.abs(x[:, 0, 0]), rtol=0.02)


def test_the_naive_answer_is_the_most_frequent_one_of_the_training_part() -> None:
    found = made(Digits())
    most = np.bincount(found.y(found.sample_ids["train"])).argmax()
    assert found.naive_error("test") == np.mean(found.y(found.sample_ids["test"]) == most)
    waves = made(Amplitude())
    mean = waves.y(waves.sample_ids["train"]).mean(axis=0)
    assert waves.naive_error("test") == pytest.approx(np.abs(waves.y(waves.sample_ids["test"]) - mean).mean(), rel=1e-5)


def test_an_example_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refusal, match="examples 0 to 1796; received 3 to 1797"):
        made(Digits()).x(np.array([3, 1797]))
