"""A stream read in one go: the state is never reset, and what is said of it is that of the trace."""

import numpy as np

from lstm_core.cells import trace
from lstm_core.inside.endless_stream import read_stream
from tests.unit.cells.networks import make


def test_a_stream_is_read_as_one_sequence() -> None:
    case = make("lstm97", (3, 4), steps=50, outputs=1, output="every", scale=4.0)
    targets = np.linspace(-1, 1, 50)
    found = read_stream(case.model, case.weights, case.x[0], targets)
    traced = trace(case.model, case.weights, case.x[0])
    c = traced.layers[-1].c
    assert c is not None
    np.testing.assert_allclose(found.size, np.abs(c).mean(axis=1))
    np.testing.assert_allclose(found.error, np.abs(traced.output[:, 0] - targets))
    np.testing.assert_array_equal(found.saturated, (np.abs(c) > np.arctanh(0.99)).mean(axis=1))
    assert found.saturated[-1] > 0
    assert found.saturated[0] < found.saturated[-1]
