"""Charts as pure functions: numbers in, a plotly figure out. No page, no theme, no state.

Real is solid, predicted dashed; one colour per gate, series and part everywhere (``palette``). Text, grid and
background are left to the theme of whoever shows the figure. Arrays leave as float32 and int32.
"""

from lstm_core.charts.forecast import letter_probabilities, prediction, visible
from lstm_core.charts.gates import gate_spread, heading, weight_maps
from lstm_core.charts.loss import loss_curve
from lstm_core.charts.series import windows

__all__ = ["gate_spread", "heading", "letter_probabilities", "loss_curve", "prediction", "visible", "weight_maps",
           "windows"]
