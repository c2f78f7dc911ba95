"""Challenges: what this browser's runs have reached, measured on the networks they ended with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.challenges import CHALLENGES
from lstm_core.evaluation.metrics import Score
from lstm_core.running import jobs
from lstm_core.spec import RunSpec
from lstm_core.spec.serialization import from_query
from lstm_core.ui.base.server import lab
from lstm_core.ui.challenges import attempts
from lstm_core.ui.widgets import session
from tests.app.conftest import Visit
from tests.app.visitor import LONG, SHELL, Visitor, rested

SGD, LETTERS = CHALLENGES["sgd"], CHALLENGES["letters"]
COUNT = len(CHALLENGES)


def trained(spec: RunSpec, who: str) -> str:
    """Train a run for a browser and return its id."""
    return rested(lab().start(spec, who)).id


def opened(visit: Visit, who: str, name: str) -> Visitor:
    return visit("challenges", who=who).click(f"open_{name}")


def score(run: str, split: str = "test") -> Score:
    view = lab().view(run)
    return lab().ask(jobs.score, view.spec, lab().snapshot(run, session.final_update(view)).weights, split)


def badges(visitor: Visitor) -> list[str]:
    texts = [text.value for text in visitor.at.markdown]
    return [state for state in ("Solved", "Tried", "Not tried yet") for text in texts if f" {state}]" in text or (
        f"[{state}]" in text)]


def text(visitor: Visitor) -> str:
    return "\n".join([*(element.value for element in (*visitor.at.markdown, *visitor.at.success)), visitor.captions,
                      visitor.errors, visitor.hints])


def links(visitor: Visitor) -> str:
    return "\n".join(link.proto.query_string for link in visitor.at.get("page_link"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_with_nothing_tried_every_challenge_waits(visit: Visit, lang: str) -> None:
    page = visit("challenges", lang=lang)
    assert page.errors == ""
    assert all(page.offers(f"open_{name}") for name in CHALLENGES)
    if lang == "en":
        assert page.progress == f"0 of {COUNT} solved"
        assert badges(page) == ["Not tried yet"] * COUNT
        assert all(f"**{challenge.title}**" in text(page) for challenge in CHALLENGES.values())
    for name in CHALLENGES:
        assert page.click(f"open_{name}").errors == ""
        assert page.at.query_params["challenge"] == name
        page.click("all_challenges")
    assert "challenge" not in page.at.query_params


def test_a_run_that_solves_one_is_found_and_shown_with_its_number(visit: Visit) -> None:
    run = trained(SGD.solution, "ada")
    page = opened(visit, "ada", "sgd")
    assert page.progress == f"1 of {COUNT} solved"
    reached = score(run)
    assert f"**Solved** with skill {reached.over_persistence:.4g} against persistence; 1,233 weights" in text(page)
    assert reached.baseline_over_persistence > 0.999
    assert "without a network: skill 1 against persistence (Seasonal)." in text(page)
    assert SGD.learned in text(page)
    assert text(page).count(":green[") == 6
    assert run in links(page)
    page.click("all_challenges")
    assert badges(page) == ["Solved", *["Not tried yet"] * (COUNT - 1)]


def test_the_best_of_several_counts(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [trained(SGD.solution.change(seed=seed, epochs=epochs), "bess") for seed, epochs in ((1, 10), (2, 8))]
    best = max(runs, key=lambda run: score(run).over_persistence)
    monkeypatch.setattr(attempts, "PATIENCE", 0.0)            # one is measured for each picture
    page = opened(visit, "bess", "sgd")
    assert f"**Solved** with skill {score(best).over_persistence:.4g} against persistence;" in text(page)
    assert best in links(page)
    assert "still to be looked at" not in page.captions


def test_a_near_miss_is_told_with_its_number(visit: Visit) -> None:
    run = trained(LETTERS.solution.change(epochs=1), "cora")
    right = f"{100 * score(run, 'train').value:.4g}%"
    assert right != "100%"
    page = opened(visit, "cora", "letters")
    assert page.progress == f"0 of {COUNT} solved"
    assert f"Of the training part {right} is right; at least 100% is needed." in page.errors
    assert f"Your best: **{right} right**, asked for is 100% right; 33 weights and biases." in text(page)
    assert "The best forecast without a network: 20% right (Always the same)." in text(page)


def test_a_run_with_another_sequence_is_explained(visit: Visit) -> None:
    trained(LETTERS.solution.change(text="abcdef"), "dora")
    page = visit("challenges", who="dora")
    assert badges(page) == ["Not tried yet"] * COUNT
    page.click("open_letters")
    assert "Of its sequence, Letters is abcdef and must be abcde." in page.errors
    assert text(page).count(":red[") == 1
    assert text(page).count(":gray[:material") == 4


def test_a_broken_rule_is_told_and_nothing_is_measured(visit: Visit) -> None:
    trained(LETTERS.start.change(epochs=2), "emma")
    page = opened(visit, "emma", "letters")
    assert "It has 201 weights and biases; at most 40 are allowed." in page.errors
    assert "Of the training part" not in page.errors


def test_what_others_have_solved_does_not_count(visit: Visit) -> None:
    trained(LETTERS.solution, "faye")
    assert visit("challenges", who="gina").progress == f"0 of {COUNT} solved"


def test_the_start_settings_are_put_on_the_page_train(visit: Visit) -> None:
    page = opened(visit, "hana", "cosine").click("open_start")
    assert from_query(page.at.query_params) == CHALLENGES["cosine"].start
    assert page.widget("steps").value == 1
    assert page.errors == ""


def test_a_run_in_training_is_waited_for(visit: Visit) -> None:
    train = visit("train", **LONG).click("train")
    page = train.open("challenges")
    assert "A run is being trained: Waves" in page.hints
    lab().command(train.view.id, train.who, "stop")
    rested(train.view.id)
    assert "being trained" not in page.look().hints


def test_a_line_for_other_pages_names_what_a_run_solves(tmp_path: Path) -> None:
    run, other = trained(LETTERS.solution, "ines"), trained(LETTERS.solution.change(epochs=1), "ines")
    shutil.copy(SHELL.parent / "challenges.py", tmp_path)
    (tmp_path / "line.py").write_text(
        "import streamlit as st\nfrom lstm_core.ui.challenges import page\nfrom lstm_core.ui.base.server import lab\n"
        "page.solved_line(lab().view(st.session_state['run']))\n", encoding="utf-8")
    (tmp_path / "shell.py").write_text(
        "import streamlit as st\nst.navigation([st.Page('line.py', default=True), st.Page('challenges.py')]).run()\n",
        encoding="utf-8")
    solved = ":material/emoji_events: This run solves the challenge **Five letters, forty numbers**: 100% right."
    begun = f":material/flag: **{LETTERS.title}** · {LETTERS.task}"
    for looked_at, who, source, told in ((run, "ines", "letters", [solved]), (other, "ines", "letters", [begun]),
                                         (other, "ines", "waves", []), (run, "june", "waves", [])):
        page = AppTest.from_file(str(tmp_path / "shell.py"), default_timeout=20)
        page.session_state["owner"], page.session_state["run"], page.session_state["lang"] = who, looked_at, "en"
        page.session_state["challenge"], page.session_state["source"] = "letters", source
        page.run()
        assert not page.exception
        assert [line.value for line in page.markdown] == told
