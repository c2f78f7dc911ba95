"""Let it write: the network goes on by itself, each of its letters read as the next one."""

from __future__ import annotations

import html
from functools import lru_cache
from itertools import cycle, islice

import streamlit as st

from lstm_core import charts
from lstm_core.charts.palette import PREDICTED, faded
from lstm_core.i18n import gettext as _
from lstm_core.inside import generation
from lstm_core.spec import Letters, RunSpec
from lstm_core.ui.base.server import lab
from lstm_core.ui.letters import keys
from lstm_core.ui.letters.moment import LettersQuery, Moment, live, numbered
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.live_figure import live_figure

LENGTHS = (1, 200)          # letters that may be written
TEMPERATURES = (0.0, 2.0)
JUDGED = 3                  # letters before each one by which it is looked up in the text


def show(asked: LettersQuery, letters: Letters, *, carried: bool) -> None:
    """Let the person choose how the network writes on, and show what it has written.

    Args:
        asked: run, moment and the letters it begins after.
        letters: what the network learned.
        carried: whether the state was carried from window to window in training.
    """
    if not len(asked.text):
        st.info(_("It goes on after the letters above: type some that it knows."))
        return
    for key, value in {keys.WRITE_LENGTH: 40, keys.TEMPERATURE: 0.0, keys.WRITE_SEED: 0,
                       keys.MEMORY: "carried" if carried else "window"}.items():
        if st.session_state.get(key) is None:
            st.session_state[key] = value
    columns = st.columns([2, 3, 2, 5], gap="medium")
    with columns[0]:
        length = int(st.number_input(_("Letters to write"), *LENGTHS, key=keys.WRITE_LENGTH, persist_state="session"))
    with columns[1]:
        temperature = float(st.slider(
            _("Temperature"), *TEMPERATURES, step=0.1, key=keys.TEMPERATURE, persist_state="session",
            help=_("Divides the scores before a letter is drawn: 0 always takes the likeliest letter, 1 draws by the "
                   "network's own probabilities, above 1 rare letters come more often.")))
    with columns[2]:
        seed = int(st.number_input(_("Seed of the draws"), 0, 2**31 - 1, key=keys.WRITE_SEED, persist_state="session",
                                   disabled=temperature == 0,
                                   help=_("The same seed, the same text. At temperature 0 nothing is drawn.")))
    with columns[3]:
        names = {"carried": _("State carried on"), "window": _("Last {steps} only").format(steps=letters.steps)}
        memory = "carried" if carried else st.segmented_control(
            _("What it reads before each letter"), list(names), key=keys.MEMORY, required=True, persist_state="session",
            format_func=lambda name: names[name],
            help=_("All letters so far, by the state it carries from letter to letter; or only as many as a window had "
                   "in training, from a zero state."))
    window = letters.steps if memory == "window" else 0
    live(lambda moment: _written(moment, length, temperature, seed, window), asked, "write_live", speaks=False)
    if not carried:
        st.caption(_("In training every window began from a zero state and had the length {steps}. A state that is "
                     "carried on for longer is one the network has never practised: it may lose its way, even if it "
                     "names the letters of its windows right.").format(steps=letters.steps))
    else:
        st.caption(_("In training the state was carried from window to window, as it is here."))


def _written(moment: Moment, length: int, temperature: float, seed: int, window: int) -> None:
    start = moment.word(moment.text)
    letters, probabilities = _by(moment.view.id, moment.view.spec, moment.update, start, length, temperature, seed,
                                 window)
    text = "".join(letters)
    with st.container(key="written_text"):
        st.html(_shaded(start, letters, probabilities))
    figure = charts.written_letters(probabilities, letters)
    live_figure(figure, key="written", height=190,
                alt=_("Written: {text}. The letters had probabilities from {low:.1%} to {high:.1%}.").format(
                    text=text, low=min(probabilities), high=max(probabilities)))
    known, before = moment.letters, min(moment.letters.steps, JUDGED)
    st.caption(_("{right} of {count} letters follow as they do somewhere in the text, judged by the {before} before "
                 "them.").format(right=_as_in_the_text(known, start, text, before), count=length, before=before))


@lru_cache(maxsize=64)
def _by(run: str, spec: RunSpec, update: int, start: str, length: int, temperature: float, seed: int,
        window: int) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Return the letters that a network writes, and how likely it held each."""
    data = session.prepared(spec.data, spec.model.output)
    found = generation.write(spec.model, lab().snapshot(run, update).weights, numbered(start, data), length,
                             temperature=temperature, seed=seed, window=window)
    return tuple(data.alphabet[letter] for letter in found.letters), tuple(found.probabilities.tolist())


def _shaded(start: str, letters: tuple[str, ...], probabilities: tuple[float, ...]) -> str:
    """Return the text as HTML: each written letter on a line that is the stronger the likelier it was."""
    written = "".join(
        f'<span title="{share:.1%}" style="border-bottom:0.25rem solid {faded(PREDICTED, round(share, 3))}">'
        f"{html.escape(letter)}</span>" for letter, share in zip(letters, probabilities, strict=True))
    return (f'<p style="font-family:monospace;font-size:1.2rem;line-height:2.1;white-space:pre-wrap;'
            f'overflow-wrap:anywhere;margin:0">{html.escape(start)}<strong>{written}</strong></p>')


def _as_in_the_text(letters: Letters, start: str, text: str, before: int) -> int:
    """Count the written letters that follow the letters before them as they do somewhere in the text."""
    source = letters.text
    if letters.cycle:
        source = "".join(islice(cycle(source), len(source) + before))
    whole = start + text
    return sum(whole[max(0, at - before):at + 1] in source for at in range(len(start), len(whole)))
