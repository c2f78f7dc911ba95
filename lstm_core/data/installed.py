"""Finds packages that only some data need, without importing them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from lstm_core.errors import Refusal


def folder(module: str, package: str) -> Path:
    """Return the folder of an installed package, given the name it is imported by and the name it is installed by.

    Raises:
        Refusal: it is not installed.
    """
    found = find_spec(module)
    if found is None or found.origin is None:
        raise Refusal("This needs the package {package}, which is not installed. Install it with: "
                      "pip install {package}", package=package)
    return Path(found.origin).parent
