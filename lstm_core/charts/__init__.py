"""Charts as pure functions: numbers in, a plotly figure out. No page, no theme, no state.

Real is solid, predicted dashed; one colour per gate, series and part everywhere (``palette``). Text, grid and
background are left to the theme of whoever shows the figure. Arrays leave as float32 and int32.
"""

from plotly.graph_objects import Figure

from lstm_core.charts.classes import class_bars, confusion, scan, wave, words_read
from lstm_core.charts.examples import drawn_answer, marked_numbers, rows_read
from lstm_core.charts.forecast import answers, class_probabilities, prediction, visible
from lstm_core.charts.gates import gate_spread, heading, weight_maps
from lstm_core.charts.letters import (
           answer_steps,
           letter_distances,
           letter_map,
           next_letter,
           transitions,
           written_letters,
)
from lstm_core.charts.loss import loss_curve, losses_beside
from lstm_core.charts.predict import compared, free_running, likeness
from lstm_core.charts.series import Window, windows

__all__ = [
           "Figure",
           "Window",
           "answer_steps",
           "answers",
           "class_bars",
           "class_probabilities",
           "compared",
           "confusion",
           "drawn_answer",
           "free_running",
           "gate_spread",
           "heading",
           "letter_distances",
           "letter_map",
           "likeness",
           "loss_curve",
           "losses_beside",
           "marked_numbers",
           "next_letter",
           "prediction",
           "rows_read",
           "scan",
           "transitions",
           "visible",
           "wave",
           "weight_maps",
           "windows",
           "words_read",
           "written_letters",
]
