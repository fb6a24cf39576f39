"""A procedure file from anywhere: refused quickly and clearly, and nothing in it steers a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from domain.errors import Misused
from tests.workflow.procedures import SMALL, region, told, write
from workflow.procedure_lines import lines_of
from workflow.rulebook import Rulebook

ESCAPE = "\x1b[31m"
HOSTILE = {
    "deeply nested lists": "x = " + "[" * 20_000,
    "deeply nested tables": "x = " + "{ a = " * 900 + "1" + " }" * 900,
    "a key of many parts": "a." * 400_000 + "a = 1",
    "a heading of many parts": "[" + "a." * 400_000 + "a]",
    "keys of many parts": "\n".join(f"k{number}." + "a." * 30 + "a = 1" for number in range(14_000)),
    "a hundred thousand steps": "\n".join(f"[steps.s{number}]" for number in range(60_000)),
    "a table of very many keys": "[parameters]\n" + "\n".join(f"a{number} = 1" for number in range(80_000)),
    "a very long list": "x = [" + "1," * 400_000 + "]",
    "a number of 5,000 digits": "x = " + "1" * 5_000,
    "a number of 5,000 hexadecimal digits": "x = 0x" + "f" * 5_000,
    "a number beyond all dates": 'x = [{ within = 9999999999999999, after = "register" }]',
    "a very long key": "a" * 400_000 + " = 1",
    "a very long text": 'x = "' + "a" * 400_000 + '"',
    "a key twice": "[stages.listed]\n[stages.listed]",
    "an escape in a key": '[steps."\\u001b[31m"]',
    "an escape in a name": 'extends = "\\u001b[31mx@1"',
    "an escape as it is": f'x = "{ESCAPE}"',
    "text that is turned round": 'x = "\\u202e"',
    "no text at all": "\x00" * 1_000,
    "quotes that never end": 'x = """' + '"' * 2 + "a" * 100_000,
    "backslashes": 'x = "' + "\\\\" * 100_000,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_hostile_content_is_refused_with_a_line_and_in_few_words(tmp_path, content):
    said = told(write(tmp_path, content))
    assert "small@1.toml, line " in said
    assert len(said) < 20_000
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_tables_within_tables_are_refused_long_before_they_exhaust_the_stack(tmp_path):
    assert "nested deeper than 12" in told(write(tmp_path, "x = " + "{ a = " * 30 + "1" + " }" * 30))


def test_of_very_many_faults_the_first_are_told_and_the_others_counted(tmp_path):
    steps = "".join(f'[steps.s{number}]\nfrom = ["x{number}"]\nto = "y{number}"\n' for number in range(400))
    said = told(write(tmp_path, SMALL + steps)).splitlines()
    assert len(said) == 52
    assert said[-1] == "And there are more."


def test_names_that_are_nearly_alike_do_not_take_for_ever(tmp_path, monkeypatch):
    """Looking for the nearest name compares each with each, so only some are compared."""
    stages = "".join(f"[stages.{'a' * 36}{number}]\n" for number in range(2_000))
    steps = "".join(f'[steps.s{number}]\nto = "{"a" * 35}b{number}"\n' for number in range(2_000))
    compared: list[str] = []
    monkeypatch.setattr("difflib.get_close_matches", lambda _word, known, _most: compared.extend(known) or [])
    assert "And there are more." in told(write(tmp_path, SMALL + stages + steps))
    assert len(compared) <= 51 * 300


@pytest.mark.parametrize("extends", ["../small@1", "/etc/passwd", "small@1.toml", "small@1/../small@1", "small@1\\n"])
def test_extends_names_a_procedure_and_never_a_path(tmp_path, extends):
    write(tmp_path, SMALL)
    path = write(tmp_path, region("", extends=extends), "region@2")
    assert "extends" in told(path) or "cannot be shown" in told(path)


def test_a_name_with_escapes_is_shown_without_them(tmp_path):
    said = told(write(tmp_path, "x", f"{ESCAPE}evil@1"))
    assert "?[31mevil@1.toml, line 1" in said


def test_a_folder_a_device_and_a_link_to_one_are_refused(tmp_path):
    (tmp_path / "link@1.toml").symlink_to("/dev/zero")
    (tmp_path / "folder@1.toml").mkdir()
    for path in (Path("/dev/zero"), tmp_path / "link@1.toml", tmp_path / "folder@1.toml"):
        with pytest.raises(Misused, match="is no plain file"):
            Rulebook(tmp_path).read(path)


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe@1.toml")
    code = "import sys, pathlib, workflow.rulebook as it; it.Rulebook().read(pathlib.Path(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "pipe@1.toml")], capture_output=True, timeout=60, check=False
    )
    assert b"is no plain file" in done.stderr


def test_a_link_to_a_plain_file_is_read(tmp_path):
    path = write(tmp_path, SMALL, "other")
    (tmp_path / "small@1.toml").symlink_to(path)
    assert Rulebook(tmp_path).read(tmp_path / "small@1.toml").reference == "small@1"


@pytest.mark.parametrize("written", ['x = "a"\n', "# " + "'" * 50 + "\n", "x = [1,\n", '"" = { a = "\\"" }\n'])
def test_the_reader_of_lines_looks_at_each_sign_a_few_times_only(written):
    """Not in seconds, which depend on the machine, but in what it makes: as many places as the file has, no more."""
    once, many = lines_of(written.replace("[1,", "[1]")), lines_of(written.replace("[1,", "[1]") * 2_000)
    assert once.keys() == many.keys()
    assert many == once
