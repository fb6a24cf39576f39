"""Hand an answer to its reader: in one of five formats, to the terminal or to a file that is whole or not there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from domain.errors import Misused
from domain.files import replaced
from domain.text import Text, text
from projections.export.as_csv import write_csv
from projections.export.as_json import write_json, write_jsonl
from projections.export.shape import Answer, Column

__all__ = ["FORMATS", "Answer", "Column", "write"]

FORMATS = ("table", "csv", "json", "jsonl", "xlsx")
_PLAIN_WIDTH = 100
_FOR_PROGRAMS = {"csv": write_csv, "json": write_json, "jsonl": write_jsonl}


def write(
    answer: Answer,
    format: str,  # noqa: A002  the name of the option
    target: Path | None,
    stdout: TextIO,
    *,
    translate: Callable[[Text], str],
    width: int | None = None,
    colour: bool = False,
) -> None:
    """Write the answer to `target`, or to `stdout` without one.

    width: columns of a table, by default the terminal's, else 100. colour: on `stdout` only.
    Raises Misused for an unknown format and for a workbook without a file, EnvironmentFailed where
    the file cannot be written. A broken pipe is left to the caller.
    """
    if format not in FORMATS:
        raise Misused(text("Unknown format {format}. Formats: {formats}.", format=format, formats=", ".join(FORMATS)))
    if target is None:
        _print(answer, format, stdout, translate, width or _width_of(stdout), colour=colour)
        stdout.flush()
        return
    with replaced(target) as draft:
        if format == "xlsx":
            from projections.export.as_xlsx import write_xlsx  # noqa: PLC0415  slow to load, seldom wanted

            write_xlsx(answer, draft, translate)
            return
        with draft.open("w", encoding="utf-8", newline="") as file:
            _print(answer, format, file, translate, width or _PLAIN_WIDTH, colour=False)


def _print(
    answer: Answer,
    form: str,
    out: TextIO,
    translate: Callable[[Text], str],
    width: int,
    *,
    colour: bool,
) -> None:
    if form == "xlsx":
        raise Misused(text("A workbook cannot be printed. Give -o FILE."))
    if form == "table":
        from projections.export.as_table import write_table  # noqa: PLC0415  rich is slow to load

        write_table(answer, out, translate=translate, width=width, colour=colour)
    else:
        _FOR_PROGRAMS[form](answer, out)


def _width_of(stdout: TextIO) -> int:
    return shutil.get_terminal_size((_PLAIN_WIDTH, 24)).columns if stdout.isatty() else _PLAIN_WIDTH
