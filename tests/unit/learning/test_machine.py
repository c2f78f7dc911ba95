"""Which kind of machine trains, told by the libraries that have chosen their instructions."""

import os
import subprocess
import sys

import numpy as np
import pytest
import torch

import lstm_core
from lstm_core.learning import machine
from lstm_core.learning.training import advance
from lstm_core.records import Budget
from lstm_core.spec import RunSpec


def test_every_slice_says_what_has_trained_it() -> None:
    this = advance(RunSpec(), None, Budget(updates=1)).machine
    assert this == machine.this()
    assert this is not None
    assert torch.backends.cpu.get_cpu_capability() in this.processor.split()
    assert (this.torch, this.numpy, this.version) == (torch.__version__, np.__version__, lstm_core.__version__)


@pytest.mark.skipif("AVX" not in torch.backends.cpu.get_cpu_capability(), reason="the processor has no such choice")
def test_a_process_told_to_use_fewer_instructions_is_another_kind() -> None:
    """The server keeps what its workers use, not what the processor could do."""
    told = subprocess.run(
        [sys.executable, "-c", "from lstm_core.learning import machine; print(machine.this().processor)"],
        env=os.environ | {"ATEN_CPU_CAPABILITY": "default", "OPENBLAS_CORETYPE": "Nehalem"}, capture_output=True,
        text=True, check=True).stdout.split()
    assert "DEFAULT" in told
    assert "Nehalem" in told
    assert " ".join(told) != machine.this().processor
