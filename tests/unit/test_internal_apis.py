"""What is used of others though no release promises to keep it: docs/internal-apis.md has all of it."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from starlette.routing import Route
from streamlit import config
from streamlit.file_util import get_static_dir
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.web.server.starlette import starlette_routes

from lstm_core.data.sources import bundled_prices, digits
from lstm_core.ui.base import session_owner, static_files

ROOT = Path(__file__).parents[2]
FILES = sorted([ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "lstm_core").rglob("*.py")])
PROMISED = {"streamlit.errors", "streamlit.delta_generator"}    # inner modules that are documented
INNER = ("streamlit", "loky", "yfinance", "curl_cffi")          # packages whose other inner modules are theirs alone
PACKAGES = (*INNER, "torch", "plotly", "numpy", "pandas")
STRINGS = re.compile(r"/_stcore/\w+/|^package_data$|^__self__$|^streamlit\.[\w.]+$")


class Use(NamedTuple):
    what: str
    where: str
    test: str


def listed() -> list[Use]:
    rows = re.findall(r"^\| [\w-]+ \| `(.+?)` \| `(.+?)` \| .+? \| `(.+?)` \|$",
                      (ROOT / "docs/internal-apis.md").read_text(encoding="utf-8"), re.MULTILINE)
    return [Use(*row) for row in rows]


def found(path: Path) -> set[str]:
    """Return what a file uses of others that is not theirs to promise: their inner modules and private names."""
    uses = set[str]()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.asname or alias.name: alias.name for node in ast.walk(tree) if isinstance(node, ast.Import)
             for alias in node.names if alias.name.split(".")[0] in PACKAGES}
    for node in ast.walk(tree):
        modules = ([alias.name for alias in node.names] if isinstance(node, ast.Import) else
                   [f"{node.module}.{alias.name}" if node.module == "streamlit" else str(node.module)
                    for alias in node.names] if isinstance(node, ast.ImportFrom) and not node.level else [])
        for module in modules:
            package, *inner = module.split(".")
            if package in INNER and inner and (use := f"{package}.{inner[0]}") not in PROMISED:
                uses.add(use)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
            use = f"{names[node.value.id]}.{node.attr}"
            if use == "torch.ops" or (node.attr.startswith("_") and not node.attr.startswith("__")):
                uses.add(use)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and (inside := STRINGS.search(node.value)):
            uses.add(inside[0])
    return uses


def test_the_list_is_read() -> None:
    assert len(listed()) == (ROOT / "docs/internal-apis.md").read_text(encoding="utf-8").count("\n| ") - 1 > 10


@pytest.mark.parametrize("use", listed(), ids=lambda use: use.what)
def test_what_is_listed_is_used_and_has_a_test(use: Use) -> None:
    source = (ROOT / use.where).read_text(encoding="utf-8")
    assert use.what in source or re.search(rf"from {re.escape(use.what.rpartition('.')[0])} import .*"
                                           rf"\b{use.what.rpartition('.')[2]}\b", source)
    file, _, name = use.test.partition("::")
    assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")


def test_what_is_used_is_listed() -> None:
    known = [(use.what, use.where) for use in listed()]
    used = [(what, path.relative_to(ROOT).as_posix()) for path in FILES for what in found(path)]
    lacking = [f"{file}: {what}" for what, file in used
               if not any(file == place and what in name for name, place in known)]
    assert not lacking, "to be added to docs/internal-apis.md: " + "; ".join(lacking)


def test_an_unlisted_use_would_be_found(tmp_path: Path) -> None:
    source = ("import torch\nimport streamlit as st\nfrom streamlit.runtime import get_instance\n"
              "from streamlit import config\nimport loky.backend\nfrom streamlit.errors import StreamlitAPIException\n"
              "torch._VF.lstm()\ntorch.ops.aten.x()\nst._main\nopen('/_stcore/media/x')\ntorch.__version__\n")
    path = tmp_path / "x.py"
    path.write_text(source, encoding="utf-8")
    assert found(path) == {"streamlit.runtime", "streamlit.config", "loky.backend", "torch._VF", "torch.ops",
                           "streamlit._main", "/_stcore/media/"}


# -- what no other test would notice -----------------------------------------------------------------------


def test_an_upload_has_its_path() -> None:
    paths = {route.path for route in starlette_routes.create_upload_routes(*[None] * 3) if isinstance(route, Route)}
    assert any(session_owner.UPLOAD.search(re.sub(r"\{.*?\}", "x", path)) for path in paths), paths


def test_a_script_knows_its_fragments() -> None:
    assert "fragment_ids_this_run" in ScriptRunContext.__dataclass_fields__


def test_a_script_knows_when_somebody_went_back() -> None:
    assert "is_history_navigation" in ScriptRunContext.__dataclass_fields__


def test_a_script_knows_its_page() -> None:
    assert "page_script_hash" in dir(ScriptRunContext)


def test_streamlits_settings_are_known() -> None:
    assert config.get_option("runner.postScriptGC") in (True, False)


def test_streamlits_script_can_be_told_where_its_server_is() -> None:
    scripts = [script.read_text(encoding="utf-8") for script in Path(get_static_dir()).glob("static/js/index.*.js")]
    assert any("window.__streamlit" in script and "BACKEND_BASE_URL" in script for script in scripts)


def test_files_of_packages_are_where_they_are_read() -> None:
    assert b"plotly" in static_files._sources()["plotly.min.js"].read_bytes()[:500]
    assert all(len(bundled_prices._read.__wrapped__(market)[0]) > 5_000 for market in bundled_prices.NAMES)
    assert len(digits.digits.__wrapped__()[0]) == 1_797
