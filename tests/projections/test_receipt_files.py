"""Receipts come from outside: what is none is refused, and none makes anything but a question run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from domain.errors import Misused
from projections.receipt import Receipt, read, write


def kept(folder: Path, *question: str) -> Path:
    path = folder / "receipt.json"
    write(Receipt(question, date(2025, 10, 23), "2026-01-15T00:00:00+07:00", 108, 0, "", ()), path)
    return path


def test_a_receipt_is_read_as_it_was_written(tmp_path: Path) -> None:
    question = ("roster", "--unit", "Dinas Kesehatan", "--as-of", "2025-10-23")
    assert read(kept(tmp_path, *question)).question == question


@pytest.mark.parametrize(
    "question",
    [
        ("advance", "swear-in", "--all", "--on", "2025-10-23", "--yes"),
        ("rescind", "36.73-000001", "1", "--reason", "x"),
        ("rosters",),
        (),
        ("roster", "--receipt", "other.json"),
        ("roster", "--receipt=other.json"),
        ("count", "-oother.csv"),
    ],
)
def test_a_file_that_asks_for_anything_but_an_answer_is_refused(tmp_path: Path, question: tuple[str, ...]) -> None:
    with pytest.raises(Misused, match=r"receipt\.json is no receipt that can be read"):
        read(kept(tmp_path, *question))


@pytest.mark.parametrize("content", [b"", b"[]", b'{"question": ["roster"]}', b"\xff\xfe", b"nik,ni\n"])
def test_what_is_no_receipt_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(Misused, match=r"list\.csv is no receipt"):
        read(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misused, match="is no receipt"):
        read(tmp_path / "missing.json")
