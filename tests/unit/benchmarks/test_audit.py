"""The audit: a few of its networks are trained, and a wrong word makes it fail."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.audit import __main__ as audit
from benchmarks.audit import cases, verdicts
from benchmarks.audit.rows import Row

SEED = 5


@pytest.mark.parametrize("nature", ["noise", "logistic", "by_heart", "broken", "shut", "late", "digits"])
def test_of_each_nature_the_truth_is_told(nature: str) -> None:
    make = next(each.make for each in cases.NATURES if each.name == nature)
    row = verdicts.row(make(np.random.default_rng(SEED)))
    assert row.wrong == ()


def test_every_seed_has_other_cases_and_the_same_seed_the_same() -> None:
    one, same, other = (list(cases.cases(seed)) for seed in (1, 1, 2))
    assert [case.spec for case in one] == [case.spec for case in same]
    assert not {case.spec for case in one} & {case.spec for case in other}
    counted = [case.nature for case in one]
    assert (counted.count("white noise"), counted.count("real returns"), counted.count("logistic map")) == (40, 20, 6)


def test_what_must_be_said_and_what_must_not() -> None:
    case = cases.logistic(np.random.default_rng(0))
    assert case.wrong(["beats", "learning"]) == []
    assert case.wrong(["ties", "lagged"]) == ["says 'lagged'", "does not say 'beats'"]
    assert cases.noise(np.random.default_rng(0)).wrong(["beats"]) == ["says 'beats'"]


@pytest.mark.parametrize(("wrong", "code"), [((), 0), (("says 'beats'",), 1)])
def test_a_wrong_word_ends_the_audit_with_one(wrong: tuple[str, ...], code: int, monkeypatch: pytest.MonkeyPatch,
                                              capsys: pytest.CaptureFixture[str]) -> None:
    rows = [Row("white noise", "the mean is the best there is", "beats", wrong)]
    monkeypatch.setattr(audit, "PARTS", {"verdicts": lambda _seed, _share: iter(rows)})
    assert audit.main(["--seed", "3"]) == code
    told = capsys.readouterr().out
    assert "white noise    beats 1 of 1" in told
    assert ("WRONG: says 'beats'" in told) == bool(wrong)
