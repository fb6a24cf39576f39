"""What a command imports: `--version` and `--help` next to nothing, and no command more than it needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = {"sqlalchemy", "eventsourcing", "rich", "openpyxl", "xlsxwriter", "transitions", "msgspec", "babel", "stdnum"}
DATABASE = {"sqlalchemy", "eventsourcing", "sqlite3"}


def imported(folder: Path, *words: str) -> set[str]:
    """The top-level names of what a fresh process imported to do a command."""
    started = [sys.executable, "-X", "importtime", str(ROOT / "cli.py"), *words]
    done = subprocess.run(started, capture_output=True, text=True, check=True, cwd=folder)
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


@pytest.mark.parametrize(
    "words",
    [("--version",), ("--help",), ("--lang", "id", "--help"), ("advance", "--help"), ("procedure", "--help")],
)
def test_help_and_version_import_none_of_the_libraries(tmp_path: Path, words: tuple[str, ...]) -> None:
    names = imported(tmp_path, *words)
    assert "click" in names
    assert not names & HEAVY
    assert not names & {"workflow", "projections"}


@pytest.mark.parametrize(
    "words", [("procedure", "list"), ("procedure", "show", "kota-serang"), ("procedure", "list", "--format", "json")]
)
def test_to_look_at_procedures_no_database_is_imported(tmp_path: Path, words: tuple[str, ...]) -> None:
    names = imported(tmp_path, *words)
    assert "msgspec" in names
    assert not names & DATABASE
    assert list(tmp_path.iterdir()) == []


def test_for_programs_no_table_is_drawn(tmp_path: Path) -> None:
    assert "rich" not in imported(tmp_path, "procedure", "list", "--format", "json")
