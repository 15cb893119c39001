"""What tests share: the command line as a process, and one build of the demo for all of them."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from tests.compiled import CompiledProject

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
AS_OF = "2024-12-31"


def samkjop(*arguments: str | Path, timeout: float = 600) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user would; return what it printed and its status."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("samkjop")), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        cwd=ROOT,
    )


def only_once(
    folder: Path, command: list[str | Path], first: Callable[[Path], None] | None = None
) -> Path:
    """Run what comes `first` and a command that fills `folder`, once for all test processes."""

    def filled() -> str:
        if first is not None:
            first(folder)
        result = samkjop(*command)
        assert result.returncode in (0, 3), result.stdout + result.stderr
        return result.stdout

    return filled_once(folder, filled)


def filled_once(folder: Path, fill: Callable[[], str]) -> Path:
    """Let one of all test processes fill the folder; what `fill` returns is kept beside it."""
    done = folder.with_suffix(".done")
    with folder.with_suffix(".lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not done.exists():
            done.write_text(fill())
    return folder


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all worker processes of this test session share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def demo_home(shared_folder: Path) -> Path:
    """The home of the small demo, published: built once and only read."""
    folder = shared_folder / "demo"
    return only_once(folder, ["demo", "--home", folder])


@pytest.fixture(scope="session")
def compiled_project(shared_folder: Path) -> CompiledProject:
    """The dbt project as SQL, compiled once: builds a small lake in seconds."""
    folder = shared_folder / "compiled"

    def compiled() -> str:
        CompiledProject.make(folder)
        return ""

    return CompiledProject(filled_once(folder, compiled))


@pytest.fixture
def demo(demo_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The demo's published tables, read-only."""
    path = demo_home / "published" / "current" / "internal" / "samkjop.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Files that others published; tests of them are skipped where the folder is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("../shared/data finnes ikke på denne maskinen")
    return SHARED_DATA
