"""What a command imports: `--version` and `--help` next to nothing, and no command more than it needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.office import Office

ROOT = Path(__file__).parent.parent
LIBRARIES = {"eventsourcing", "rich", "openpyxl", "xlsxwriter", "transitions", "msgspec", "babel", "stdnum"}
HEAVY = LIBRARIES | {"sqlalchemy", "alembic", "psycopg"}
DATABASE = {"sqlalchemy", "eventsourcing", "sqlite3", "alembic", "psycopg"}


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


@pytest.mark.parametrize(
    "words",
    [
        ("roster", "--format", "json"),
        ("unit", "list", "--format", "json"),
        ("views", "status", "--format", "json"),
        ("views", "rebuild"),
        ("advance", "verify", "--all", "--on", "2025-08-18", "--document", "sptjm-opd 800/1 2025-08-15", "--dry-run"),
    ],
)
@pytest.mark.sqlite
def test_only_what_makes_tables_imports_what_makes_tables(twenty: Office, words: tuple[str, ...]) -> None:
    names = imported(twenty.folder, *words)
    assert "sqlalchemy" in names
    assert not names & {"alembic", "mako", "psycopg"}


def test_the_two_commands_that_make_tables_import_what_makes_tables(tmp_path: Path) -> None:
    made = imported(tmp_path, "init", "--agency", "A", "--code", "36.73", "--procedure", "nasional")
    assert "alembic" in made & imported(tmp_path, "upgrade")
    assert "psycopg" not in made
