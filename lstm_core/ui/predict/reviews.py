"""Predict, for shop reviews: how the network's mind changes word by word, and which words it keeps."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lstm_core.charts import classes as charts
from lstm_core.data.sources.reviews import UNKNOWN, symbols, tokenize
from lstm_core.i18n import gettext as _
from lstm_core.i18n import listing
from lstm_core.records import LayerTrace
from lstm_core.spec import Reviews
from lstm_core.ui.shared.query import PredictQuery, read
from lstm_core.ui.widgets.cell_text import CELL_TEXT
from lstm_core.ui.widgets.labels import class_label
from lstm_core.ui.widgets.live_figure import live_figure
from lstm_core.ui.widgets.text import escape_markdown

LONGEST = 60            # words of a review that somebody types
BEGIN = {"en": "The coffee was cold, but the breakfast was delicious.", "zh": "咖啡是凉的，但是早餐非常好吃。"}
BEGIN_ORDER = {"en": "People call this film boring. I find it so exciting!",
               "zh": "别人都觉得电影无聊，我觉得有趣得很！"}
CONTENT = 1             # the class "content"


def example(asked: PredictQuery, end: int, _real: int) -> None:
    """Show how the network reads one review of the data."""
    _shown(asked, asked.data.marks(end), asked.data.sample(end), key="words")


def own(asked: PredictQuery) -> None:
    """Let the person type a review, and show what the network makes of it."""
    st.subheader(_("Type your own review"), anchor=False)
    st.fragment(_typed, key="own_review")(asked)


def _typed(asked: PredictQuery) -> None:
    assert isinstance(asked.spec.data, Reviews)
    language, corpus = asked.spec.data.language, asked.spec.data.corpus
    begin = (BEGIN if corpus in ("plain", "first") else BEGIN_ORDER)[language]
    text = st.text_area(_("Your review"), begin, max_chars=600, key=f"review_{language}_{corpus}", height=80,
                        help=_("Punctuation is dropped. The network reads at most {count} words.").format(
                            count=LONGEST))
    words = tokenize(text, language, corpus)[:LONGEST]
    if not words:
        st.info(_("Type at least one word."))
        return
    ids = symbols(words, asked.data.alphabet)
    strange = list(dict.fromkeys(word for word, number in zip(words, ids, strict=True) if number == UNKNOWN))
    if strange:
        st.caption(_("Words the network does not know, all read as the same sign: {words}.").format(
            words=listing(map(escape_markdown, strange))))
    x = np.array(ids, dtype=np.int64)
    last = float(read(asked, x)[1][-1, CONTENT])
    st.markdown(_("The network takes the writer for **{mood}**, with a probability of {share:.0%}.").format(
        mood=class_label(asked.data.labels[CONTENT if last >= 0.5 else 1 - CONTENT]), share=max(last, 1 - last)))
    _shown(asked, words, x, key="own_words")


def _shown(asked: PredictQuery, words: list[str], x: np.ndarray, key: str) -> None:
    """Show a review word by word."""
    trace, probabilities = read(asked, x)
    layer, cell = trace.layers[0], asked.spec.model.cell_type
    gates = {gate: layer.gates[gate].mean(axis=1) for gate in cell.summary}
    kept = kept_words(layer, cell.carry_gate) if cell.unbounded else None
    figure = charts.words_read(words, probabilities[:, CONTENT], gates, kept,
                               label=_("probability of content"))
    live_figure(figure, key=key, height=int(figure.layout.height),
                alt=_("For each of the {count} words the probability that the writer is content, and the mean of the "
                      "gates.").format(count=len(words)))
    st.caption(_(CELL_TEXT[asked.spec.model.cell].reading))


def kept_words(layer: LayerTrace, forget: str | None = "f") -> np.ndarray:
    """Return for each step its share of what is in an LSTM's cells at the end, (T,), sum 1.

    With c(0) = 0 the last cell state is the sum over t of i(t) g(t) times all later forget gates; a step's share is the
    mean size of its term. A cell without a forget gate keeps all of it.
    """
    written = layer.gates["i"] * layer.gates["g"]
    f = layer.gates[forget] if forget else np.ones_like(written)
    later = np.ones_like(f)
    later[:-1] = np.cumprod(f[:0:-1], axis=0)[::-1]         # the product of f(t+1) .. f(T)
    sizes = np.abs(written * later).sum(axis=1)
    shares: np.ndarray = sizes / max(float(sizes.sum()), 1e-12)
    return shares
