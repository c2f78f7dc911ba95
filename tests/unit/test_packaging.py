"""What ``pip install`` brings: the library without the lab, the files it reads, and versions that agree everywhere."""

from __future__ import annotations

import ast
import importlib
import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import tomllib
import venv
from contextlib import suppress
from importlib.metadata import Distribution, distribution
from pathlib import Path
from urllib.request import urlopen
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import lstm_core

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LAB_ONLY = ("streamlit", "sqlalchemy", "loky", "plotly", "pandas", "yfinance", "sklearn", "arch")


def wanted(*extras: str) -> dict[str, Requirement]:
    """Return what the project asks for by name, with some of its extras."""
    lines = [*PROJECT["project"]["dependencies"],
             *(line for extra in extras for line in PROJECT["project"]["optional-dependencies"][extra])]
    found = [Requirement(line) for line in lines]
    return {canonicalize_name(each.name): each for each in found if each.name != PROJECT["project"]["name"]}


def named(file: str) -> dict[str, Requirement]:
    """Return what a requirements file names, without its references to other files."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]
    return {canonicalize_name(each.name): each for each in found}


def version(name: str) -> str:
    """Return the one version with which a package is tested."""
    (only,) = named("constraints.txt")[name].specifier
    assert only.operator == "==", f"{name}{only} is no pin"
    return only.version


def test_the_requirements_name_what_the_project_asks_for() -> None:
    asked, named_there = wanted("data", "lab"), named("requirements.txt")
    assert asked.keys() == named_there.keys()
    for name, line in named_there.items():
        assert version(name) in asked[name].specifier, f"{asked[name]} does not allow {version(name)}"
        assert str(line.marker) == str(asked[name].marker)
        assert name == "torch" or not line.specifier        # versions stand in constraints.txt


def test_every_way_of_installing_reads_the_pins() -> None:
    for file, above in (("requirements.txt", "-c constraints.txt"), ("requirements-dev.txt", "-r requirements.txt"),
                        ("benchmarks/requirements.txt", "-r ../requirements.txt")):
        assert above in (ROOT / file).read_text(encoding="utf-8").splitlines()
    rules = re.findall(r"^\S+/\.run: .*requirements\.txt.*$", (ROOT / "Makefile").read_text(encoding="utf-8"),
                       re.MULTILINE)
    assert len(rules) == 2
    assert all("constraints.txt" in rule for rule in rules)


def all_needed() -> dict[str, str]:
    """Return name and version of all that the lab and its tests need, directly or not, as it is installed here."""
    found: dict[str, str] = {}
    seen = set[tuple[str, str]]()
    asked = [(line, "") for line in (*wanted("data", "lab").values(), *named("requirements-dev.txt").values())]
    while asked:
        each, extra = asked.pop()
        if each.marker is not None and not each.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(each.name)
        found[name] = distribution(name).version.partition("+")[0]     # which build of a version is not pinned
        for part in {"", *each.extras} - {part for known, part in seen if known == name}:
            seen.add((name, part))
            asked += [(Requirement(line), part) for line in distribution(name).requires or ()]
    return found


def test_every_package_is_pinned_and_none_that_nobody_needs() -> None:
    pinned = {name: version(name) for name, line in named("constraints.txt").items()
              if line.marker is None or line.marker.evaluate()}
    assert pinned == all_needed()


def test_the_pins_name_no_source_and_no_build() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert not re.search(r"https?:|[@+]|--|sha256", text)


def test_the_lab_brings_what_the_data_need() -> None:
    assert "gatescope[data]" in PROJECT["project"]["optional-dependencies"]["lab"]


def test_torch_is_the_same_everywhere() -> None:
    assert str(wanted()["torch"]) == str(named("requirements.txt")["torch"]) == str(named("constraints.txt")["torch"])


def test_the_tests_install_what_builds_the_wheel() -> None:
    for line in PROJECT["build-system"]["requires"]:
        needed = Requirement(line)
        assert canonicalize_name(needed.name) in named("requirements-dev.txt")
        assert version(canonicalize_name(needed.name)) in needed.specifier


def test_editors_and_mypy_see_the_names_that_are_there() -> None:
    tree = ast.parse(Path(lstm_core.__file__).read_text(encoding="utf-8"))
    (seen,) = (node for node in tree.body if isinstance(node, ast.If))
    named = {alias.name: node.module for node in seen.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert sorted(named) == lstm_core.__all__ == sorted(lstm_core.__all__)
    assert set(named) < set(dir(lstm_core))
    for name, module in named.items():
        assert getattr(lstm_core, name) is getattr(importlib.import_module(str(module)), name)
    with pytest.raises(AttributeError, match="no attribute 'tarin'"):
        lstm_core.tarin  # noqa: B018


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel that pip builds from the source tree, without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index",
        "--disable-pip-version-check", "--wheel-dir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment that has the wheel and what it needs to run, and nothing else.

    What it needs is linked from the environment of these tests, because copying torch would take long.
    """
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=False, symlinks=True)
    site = Path(sysconfig.get_path("purelib", "venv", vars={"base": str(folder)}))
    for found in needed([Requirement(line) for line in wheel_requirements(wheel)]):
        for top in {file.parts[0] for file in found.files or () if file.parts[0] not in ("..", "__pycache__")}:
            if not (site / top).exists():
                (site / top).symlink_to(Path(str(found.locate_file(top))))
    inside = Path(sysconfig.get_path("scripts", "venv", vars={"base": str(folder)})) / Path(sys.executable).name
    run(sys.executable, "-m", "pip", "--python", inside, "install", "--quiet", "--no-index",
        "--disable-pip-version-check", wheel)          # without --no-deps: pip finds what is linked, or complains
    return inside


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """Run a command that has to succeed, far from this source tree's modules, and return what it prints."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=clean, timeout=120, check=False,
                          capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def wheel_requirements(wheel: Path) -> list[str]:
    """Return what the wheel says it needs."""
    with ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        text = archive.read(name).decode("utf-8")
    return re.findall(r"^Requires-Dist: (.+)$", text, re.MULTILINE)


def needed(requirements: list[Requirement]) -> list[Distribution]:
    """Return the installed packages that meet the requirements, and those that these need in turn."""
    found: dict[str, Distribution] = {}
    while requirements:
        each = requirements.pop()
        name = canonicalize_name(each.name)
        if name not in found and (each.marker is None or each.marker.evaluate({"extra": ""})):
            found[name] = distribution(name)
            requirements += [Requirement(line) for line in found[name].requires or ()]
    return list(found.values())


def test_the_wheel_carries_every_file_of_the_package_and_the_lab(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        carried = {name for name in archive.namelist() if ".dist-info/" not in name}
    tracked = run("git", "ls-files", "--cached", "--others", "--exclude-standard",
                  "lstm_core", "app.py", "pages", ".streamlit/config.toml").split()
    app = "lstm_core/ui/app/"
    assert carried == {name if name.startswith("lstm_core/") else app + name for name in tracked}


def test_the_wheel_carries_the_licence(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        files = {name.rpartition("/")[2]: archive.read(name).decode() for name in archive.namelist()
                 if ".dist-info/" in name}
    assert files["LICENSE"] == (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert files["NOTICE"] == (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert "License-Expression: Apache-2.0" in files["METADATA"]
    assert f"Version: {lstm_core.__version__}" in files["METADATA"]


def test_the_example_of_the_readme_runs_without_the_lab(python: Path, tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)
    (example,) = (block for block in blocks if re.search(r"^from lstm_core import .*\btrain\b", block, re.MULTILINE))
    (tmp_path / "example.py").write_text(example, encoding="utf-8")
    last = run(python, "example.py", cwd=tmp_path).splitlines()
    assert last[-2].endswith(" 1.0"), last        # every letter right
    assert last[-1] == "(4, 16)"


def test_the_library_is_there_without_the_lab(python: Path, tmp_path: Path) -> None:
    code = ("import importlib.util, lstm_core; from lstm_core import *\n"
            f"assert not [name for name in {LAB_ONLY} if importlib.util.find_spec(name)]\n"
            "assert lstm_core.from_json(to_json(RunSpec())) == RunSpec()\n"
            "from lstm_core.i18n import LOCALES; assert LOCALES.joinpath('zh.po').exists()\n"
            "assert len(data.dataset(Reviews(), 'last').sample_ids['train'])\n"
            "print(lstm_core.__file__)")
    assert str(python.parents[1]) in run(python, "-c", code, cwd=tmp_path)


def test_the_command_says_what_the_lab_needs(python: Path, tmp_path: Path) -> None:
    done = subprocess.run([python.parent / "gatescope"], cwd=tmp_path, timeout=60, check=False, capture_output=True,
                          text=True)
    assert done.returncode == 1
    assert "pip install 'gatescope[lab]'" in done.stderr


def test_the_lab_starts_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    with ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "lstm_core.ui", "--server.port", str(port), "--server.address", "127.0.0.1",
               "--server.headless", "true"]         # what stands here comes before what is installed
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as server:
        try:
            script = eventually(server, f"http://127.0.0.1:{port}/gatescope/any/cell/view.js")
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=30)
    assert script == (tmp_path / "lstm_core/ui/static/cell/view.js").read_bytes()
    assert (tmp_path / ".gatescope" / "lab.db").exists()


def eventually(server: subprocess.Popen[bytes], address: str) -> bytes:
    """Return what a server that is starting answers."""
    for _ in range(300):
        assert server.poll() is None, server.communicate()[1].decode()
        with suppress(OSError), urlopen(address, timeout=5) as answer:
            return bytes(answer.read())
        time.sleep(0.1)
    raise TimeoutError(address)


def test_no_message_is_sent_as_a_reference_to_one_that_a_browser_may_have_forgotten():
    options = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert options["global"]["minCachedMessageSize"] > 1e6 * options["server"]["maxMessageSize"]
