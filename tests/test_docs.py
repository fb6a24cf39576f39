"""The documents say what is true: every command in them is run, every link leads somewhere, one version is told."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from click.testing import CliRunner

import cli
from tests import databases
from workflow.demo.people import people
from workflow.demo.workbooks import write_fields_csv, write_units_csv, write_workers_xlsx

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
LOCKS = sorted(ROOT.glob("requirements*.txt"))
HANDBOOK = ("docs/clerk.md", "docs/auditor.md", "docs/operator.md")
"""In this order: each page goes on from the one before."""
OWN_REGISTER = ("docs/contract.md", "docs/procedures.md", "docs/together.md")
"""Each begins with a register of its own."""
ON_A_SERVER = "docs/server.md"

_BLOCK = re.compile(r"^```(?P<kind>[a-z]+)(?: (?P<more>[\w.@ -]+))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:)([^)#]*)(#[^)]+)?\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


class Block(NamedTuple):
    """Commands of a page, where they stand, and the lines they are said to print; `…` stands for any text.

    on: the day on which they are given, if the page says so. files: shown before them, to be there by name.
    """

    place: str
    commands: str
    on: str
    files: dict[str, str]
    expected: list[str]


def blocks(page: str) -> list[Block]:
    found: list[Block] = []
    files: dict[str, str] = {}
    text = (ROOT / page).read_text(encoding="utf-8")
    for match in _BLOCK.finditer(text):
        runnable, _, on = (match["more"] or "").partition(" on ")
        if match["kind"] == "sh" and runnable == "runnable":
            line = text.count("\n", 0, match.start()) + 1
            found.append(Block(f"{page}:{line}", match["body"], on, files, []))
            files = {}
        elif match["kind"] in ("csv", "toml") and match["more"]:
            files[match["more"]] = match["body"]
        elif match["kind"] == "text" and found:
            found[-1].expected.extend(match["body"].splitlines())
    return found


class Shell:
    """A folder with a shell in which `lantik` is this checkout.

    A plain `lantik` line is run in this process, because starting Python for each would take most of the time,
    and on the day that the page says; lines that need a real shell get one, and record nothing.
    """

    def __init__(self, folder: Path, environment: pytest.MonkeyPatch) -> None:
        self.folder = folder
        commands = folder / ".commands"
        commands.mkdir(parents=True)
        _command(commands / "lantik", f'exec "{sys.executable}" "{ROOT / "cli.py"}" "$@"')
        if not any(Path(place, "sqlite3").exists() for place in os.environ["PATH"].split(":")):
            _command(commands / "sqlite3", f'exec "{sys.executable}" "{commands / "sqlite3.py"}" "$@"')
            (commands / "sqlite3.py").write_text(_SQLITE3, encoding="utf-8")
        self.environment = environment
        for name in [name for name in os.environ if name.startswith(("LANTIK", "LC_", "LANG"))]:
            environment.delenv(name)
        environment.setenv("LANGUAGE", "en")
        environment.setenv("COLUMNS", "100")
        environment.setenv("PATH", f"{commands}:{os.environ['PATH']}")
        environment.chdir(folder)
        self.now: datetime | None = None
        self.stands_for: dict[str, str] = {}
        """Values that take the place of those that a page exports."""

    def follow(self, page: str) -> None:
        """Run a page from top to bottom; it must do what it says."""
        for block in blocks(page):
            printed = ""
            for name, body in block.files.items():
                (self.folder / name).write_text(body, encoding="utf-8")
            if block.on:
                self.now = datetime.fromisoformat(block.on).replace(hour=2, tzinfo=UTC)
            for line in block.commands.splitlines():
                code, told, beside = self._run(line)
                assert code == 0, f"{block.place}: {line}\n{told}\n{beside}"
                printed += told + beside
            for line in block.expected:
                pattern = ".*".join(map(re.escape, line.split("…")))
                assert re.search(f"^{pattern}$", printed, re.MULTILINE), f"{block.place}: {line}\n{printed}"

    def _run(self, line: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error of one line."""
        words = shlex.split(os.path.expandvars(line))
        if words[0] == "export":
            for name, value in (word.split("=", 1) for word in words[1:]):
                self.environment.setenv(name, self.stands_for.get(name, os.path.expandvars(value)))
            return 0, "", ""
        if words[0] == "lantik" and not {"|", "||", ">", "&&"} & set(words):
            ran = CliRunner().invoke(cli.lantik, words[1:], catch_exceptions=False, obj=self._desk())
            return ran.exit_code, ran.stdout, ran.stderr
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line], text=True, capture_output=True, check=False, timeout=120
        )
        return done.returncode, done.stdout, done.stderr

    def _desk(self) -> cli.Desk:
        """The desk at which one line is given; the clock goes on a minute with each."""
        if self.now is None:
            return cli.Desk()
        now = self.now = self.now + timedelta(minutes=1)
        return cli.Desk(clock=lambda: now)


# where the sqlite3 shell is not installed: the three things that the operator's page does with it
_SQLITE3 = """
import re, sqlite3, sys
database, statement = sys.argv[1:]
with sqlite3.connect(database) as connection:
    if copy := re.fullmatch(r"\\.backup '(.*)'", statement):
        connection.backup(sqlite3.connect(copy[1]))
    else:
        for row in connection.execute(statement):
            print(*row, sep="|")
"""


def _command(file: Path, line: str) -> None:
    file.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
    file.chmod(0o755)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path / "office", monkeypatch)


@pytest.fixture
def lists(shell: Shell) -> None:
    """The lists of twelve workers that the pages begin with."""
    workers = list(people(12))
    write_units_csv(shell.folder / "units.csv")
    write_workers_xlsx(shell.folder / "workers.xlsx", workers)
    write_fields_csv(shell.folder / "ni.csv", workers, ni=lambda person: person.ni)
    write_fields_csv(shell.folder / "sk.csv", workers, wage=lambda person: str(person.wage_sk))


@pytest.mark.usefixtures("lists")
def test_the_handbook_does_what_it_says(shell: Shell) -> None:
    for page in HANDBOOK:
        shell.follow(page)


@pytest.mark.usefixtures("lists")
@pytest.mark.parametrize("page", OWN_REGISTER)
def test_a_page_with_a_register_of_its_own_does_what_it_says(shell: Shell, page: str) -> None:
    shell.follow(page)


@pytest.mark.usefixtures("lists")
@pytest.mark.postgresql
def test_the_page_of_the_server_does_what_it_says_on_one(shell: Shell, database: str, tmp_path: Path) -> None:
    shell.stands_for["SERVER"] = str(databases.fresh(database, tmp_path))
    databases.edit(shell.stands_for["SERVER"], "CREATE ROLE reader LOGIN")
    try:
        shell.follow(ON_A_SERVER)
    finally:
        databases.edit(shell.stands_for["SERVER"], "DROP OWNED BY reader; DROP ROLE reader")


def test_every_page_with_commands_is_followed() -> None:
    with_commands = {str(page.relative_to(ROOT)) for page in PAGES if blocks(str(page.relative_to(ROOT)))}
    assert with_commands == {"README.md", *HANDBOOK, *OWN_REGISTER, ON_A_SERVER}


def test_every_command_is_run_on_some_page() -> None:
    run = {
        " ".join(word for word in shlex.split(line) if not word.startswith("-"))
        for page in PAGES
        for block in blocks(str(page.relative_to(ROOT)))
        for line in block.commands.splitlines()
        if line.startswith("lantik ")
    }
    assert [
        command for command in sorted(_commands(cli.lantik)) if not any(f" {command}" in line for line in run)
    ] == []


def _commands(group: click.Group, before: str = "") -> Iterator[str]:
    """The names of all commands, those of a group after it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield before + name


def test_every_file_that_is_named_is_there() -> None:
    named = re.compile(r"`((?:domain|workflow|projections|tests|benchmarks|docs)/[\w./-]*)`")
    for page in PAGES:
        for name in named.findall(page.read_text(encoding="utf-8")):
            assert (ROOT / name).exists(), f"{page.name}: {name}"


def test_what_is_quoted_of_a_procedure_stands_in_one() -> None:
    files = [file.read_text(encoding="utf-8") for file in (ROOT / "workflow" / "procedures").glob("*.toml")]
    for page in PAGES:
        for match in _BLOCK.finditer(page.read_text(encoding="utf-8")):
            if match["kind"] == "toml" and not match["more"]:
                assert any(match["body"] in file for file in files), match["body"]


def test_the_readme_goes_on_from_the_demo(shell: Shell) -> None:
    made = CliRunner().invoke(cli.lantik, ["demo"], catch_exceptions=False, obj=cli.Desk())
    assert made.exit_code == 0, made.output
    shell.follow("README.md")


def test_no_line_hides_whether_it_failed() -> None:
    for page in PAGES:
        assert not re.search(r"\|\| *(true|:)$", page.read_text(encoding="utf-8"), re.MULTILINE), page.name


def test_only_make_is_shown_without_being_run() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in PAGES:
        for match in _BLOCK.finditer(page.read_text(encoding="utf-8")):
            if match["kind"] == "sh" and not match["more"]:
                shown = {line.split("#")[0].strip() for line in match["body"].splitlines()}
                assert shown <= {f"make {target}" for target in targets}, page.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    for link, anchor in _LINK.findall(page.read_text(encoding="utf-8")):
        target = page.parent / link if link else page
        assert target.exists(), link
        if anchor:
            assert anchor[1:] in map(_anchor, _HEADING.findall(target.read_text(encoding="utf-8"))), anchor


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")


def test_one_version_is_told_everywhere() -> None:
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest
    assert (cli.__version__, newest[1]) == (stated, stated)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_hashes_every_package_and_names_no_place(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    pinned = re.findall(r"^\S+==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^\w", text, re.MULTILINE)) > 0
    assert not re.search(r"://|@ |--(index|extra-index|find-links|trusted)|/(tmp|home|opt)/", text)


def test_the_locks_agree() -> None:
    pins: dict[str, set[str]] = {}
    for lock in LOCKS:
        for name, version in re.findall(r"^(\S+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE):
            pins.setdefault(name, set()).add(version)
    assert {name: versions for name, versions in pins.items() if len(versions) > 1} == {}
