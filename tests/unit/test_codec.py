"""The codec: bit-exact both ways, and nothing but its own bytes is read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from lstm_core.codec import pack, unpack
from lstm_core.errors import Refusal

anything = st.sampled_from([np.float32, np.float64, np.int64, np.uint8]).flatmap(
    lambda kind: arrays(kind, array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)))
facts = st.dictionaries(st.text(), st.one_of(st.integers(), st.floats(allow_nan=False), st.text(), st.none()))


@given(st.dictionaries(st.text(max_size=20), anything, max_size=4), facts)
def test_what_is_packed_comes_back_bit_by_bit(named: dict[str, np.ndarray], said: dict[str, object]) -> None:
    back, told = unpack(pack(named, said))
    assert told == said
    assert back.keys() == named.keys()
    for name, array in named.items():
        assert back[name].dtype == array.dtype
        assert back[name].shape == array.shape
        assert back[name].tobytes() == array.tobytes()


@given(st.binary(max_size=200))
def test_foreign_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(Refusal):
        unpack(data)
