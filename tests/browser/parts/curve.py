"""The box in which a curve is drawn, with a button beside it that commits to the curve."""

import math

import streamlit as st

from lstm_core.ui.shared.curve_box import CurveFrame, curve_box

FRAMES = {
    "loss": CurveFrame("Update", "Training loss (squared error)", "1", "100", low=0.0, high=1.0),
    "log": CurveFrame("Time steps back", "Size of the gradient", "0", "100", low=1e-8, high=1.0, log=True, form=".1e"),
    "wave": CurveFrame("Time", "Value", "now", "20 steps on", low=-1.0, high=1.0, form=".2f",
                       given=tuple(math.sin(step / 4) for step in range(-20, 0))),
}


def _truth(frame: CurveFrame) -> tuple[float, ...]:
    shares = [point / (frame.points - 1) for point in range(frame.points)]
    if frame.log:
        return tuple(10 ** (-6 * share) for share in shares)
    if frame.given:
        return tuple(math.sin(5 * share) for share in shares)
    return tuple(0.05 + 0.8 * math.exp(-5 * share) for share in shares)


def show(name: str) -> None:
    """Show a box; what the button was pressed with stands below it, then the page locks the box."""
    frame, committed = FRAMES[name], st.session_state.get("committed")
    with st.container(width=int(st.query_params.get("width", 700))):
        drawn = curve_box("curve", frame, committed or (None,) * frame.points, locked=committed is not None,
                          truth=_truth(frame) if committed else None)
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.html(f"<p id='told'>{[] if drawn is None else list(drawn)}</p><p id='runs'>{st.session_state['runs']}</p>")
    if st.button("Commit") and drawn is not None:
        st.session_state["committed"] = drawn
        st.rerun()
    st.button("Again")
