"""Predict, for one number in and a wave out: how near the drawn waves are, and one for a number the person chooses."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lstm_core import cells
from lstm_core.charts import predict_classes as charts
from lstm_core.data.amplitude import wave
from lstm_core.language import gettext as _
from lstm_core.metrics import Metrics, measure_each
from lstm_core.spec import Amplitude
from lstm_core.ui import predict_downloads
from lstm_core.ui.live import live_figure
from lstm_core.ui.predict import Asked, ahead, choose_part

HEIGHT = 420            # pixels of the chart
