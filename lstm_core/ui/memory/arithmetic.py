"""Memory, the arithmetic: the same factor again and again, as on the way of a gradient back through time."""

from __future__ import annotations

import math

import streamlit as st

from lstm_core.charts import memory as charts
from lstm_core.i18n import gettext as _
from lstm_core.ui.memory import keys
from lstm_core.ui.memory.measure import plainly
from lstm_core.ui.widgets.live_figure import live_figure

USEFUL = 1e-4           # of a gradient of 1 so little teaches nothing any more beside the steps that lie near


def show() -> None:
    """Let the person drag the factor and n, and say what becomes of a gradient of 1."""
    st.markdown(_("A recurrent network learns from the past by passing the gradient of its loss back, one time step "
                  "after another. At every step the gradient is multiplied by how strongly one state depends on the "
                  "state before. Take a single number for that: what is left after n steps is its n-th power."))
    st.session_state.setdefault(keys.FACTOR, 0.9)
    st.session_state.setdefault(keys.N, 100)
    left, right = st.columns(2)
    with left:
        factor = float(st.slider(_("Factor"), 0.5, 1.5, step=0.01, key=keys.FACTOR, persist_state="session"))
    with right:
        n = int(st.slider(_("n, time steps back"), 1, 200, key=keys.N, persist_state="session"))
    value = factor**n
    sentence = in_words(factor, n)
    live_figure(charts.powers(factor, n), key="memory_powers", height=380,
                alt=_("{factor:g} to the power of n for n up to {n}: in the end {value}.").format(
                    factor=factor, n=n, value=plainly(value)))
    st.markdown(sentence)
    st.markdown(_("In a network the factor is a matrix, the Jacobian of one state with respect to the state before. "
                  "What the loss of the last step T sends back to the earlier step t holds T - t of them:"))
    st.latex(r"\frac{\partial L}{\partial h_t} = \frac{\partial L}{\partial h_T}\,"
             r"\prod_{s=t+1}^{T} \frac{\partial h_s}{\partial h_{s-1}}")
    st.markdown(_("In the plain RNN each of them is the matrix of the recurrent weights, every row made smaller by the "
                  "slope of tanh, which is at most 1 and nearly 0 where a unit is saturated. Along the cell state "
                  "of an LSTM there is a way on which the factor is the forget gate alone, a number between 0 and 1 "
                  "for each unit that the network sets itself:"))
    along = _("LSTM, along")
    st.latex(r"\text{RNN: } \operatorname{diag}(1-h_s^2)\,U")
    st.latex(rf"\text{{{along} }} c\text{{: }} \operatorname{{diag}}(f_s)")
    st.markdown(_("The next section shows what these products come to in real networks."))


def in_words(factor: float, n: int) -> str:
    """Return what becomes of a gradient of 1 after n steps."""
    value = factor**n
    if factor == 1:
        return _("**1 to the power of {n} = 1**: the gradient arrives as it set out. A factor of exactly 1 at every "
                 "step was the idea of the first LSTM, before it had a forget gate.").format(n=n)
    result = _("**{factor:g} to the power of {n} = {value}**").format(factor=factor, n=n, value=plainly(value))
    tenth = math.ceil(math.log(10) / abs(math.log(factor)))
    if factor > 1:
        return _("{result}: a gradient of 1 has grown to that. It is ten times as large after {steps} steps, a "
                 "thousand times after {many}.").format(result=result, steps=tenth, many=_steps(factor, 1000))
    if value < USEFUL:
        return _("{result}: of a gradient of 1 nothing useful arrives. After {steps} steps less than a tenth remains, "
                 "after {many} less than a thousandth.").format(result=result, steps=tenth,
                                                                many=_steps(factor, 1000))
    return _("{result}: so much of a gradient of 1 arrives. After {steps} steps less than a tenth remains, after "
             "{many} less than a thousandth.").format(result=result, steps=tenth, many=_steps(factor, 1000))


def _steps(factor: float, times: float) -> int:
    return math.ceil(math.log(times) / abs(math.log(factor)))
