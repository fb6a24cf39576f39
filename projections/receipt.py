"""Receipts: what was asked, for which times, and a digest over the answer, so that it can be asked again.

The digest is the SHA-256 of the answer as JSON lines: what `--format jsonl` writes. A receipt fixes both times,
so the same question gives the same bytes whatever is recorded later. Blocks of rows have digests of their own, so
that a difference can be found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from domain.errors import IntegrityFailed, Misused
from domain.files import replaced
from domain.text import Text, text
from projections.export.as_json import line
from projections.export.shape import Column

BLOCK = 100

_QUESTIONS = ("roster", "count", "diff", "history", "due")
"""Commands that may be asked again: a file from outside must not make a command of another kind run."""

_WRITING = ("--receipt", "--output", "-o")


class Receipt(msgspec.Struct, frozen=True):
    """question: the words of the command that asks again. position: of the log when it was asked.

    digest: hex SHA-256 over all lines; blocks: over each hundred of them.
    """

    question: tuple[str, ...]
    as_of: date
    known_at: str
    position: int
    rows: int
    digest: str
    blocks: tuple[str, ...]

    def said(self) -> Text:
        """The receipt as a table ends with it."""
        if self.as_of == date.max:
            return text(
                "Receipt: known at {known_at}, position {position}, {rows} rows, sha256 {digest}",
                known_at=self.known_at,
                position=self.position,
                rows=self.rows,
                digest=self.digest,
            )
        return text(
            "Receipt: as of {as_of}, known at {known_at}, position {position}, {rows} rows, sha256 {digest}",
            as_of=self.as_of,
            known_at=self.known_at,
            position=self.position,
            rows=self.rows,
            digest=self.digest,
        )


class Tally:
    """Counts and digests the rows of an answer while they pass."""

    def __init__(self) -> None:
        self.rows = 0
        self.blocks: list[str] = []
        self._all, self._block = hashlib.sha256(), hashlib.sha256()

    def over(self, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """The same rows, counted."""
        for row in rows:
            self.add((line(columns, row) + "\n").encode())
            yield row

    def add(self, encoded: bytes) -> None:
        """Count one line."""
        self._all.update(encoded)
        self._block.update(encoded)
        self.rows += 1
        if self.rows % BLOCK == 0:
            self.blocks.append(self._block.hexdigest())
            self._block = hashlib.sha256()

    def receipt(self, question: Sequence[str], as_of: date, known_at: str, position: int) -> Receipt:
        """The receipt over what has passed."""
        blocks = [*self.blocks, self._block.hexdigest()] if self.rows % BLOCK else self.blocks
        return Receipt(tuple(question), as_of, known_at, position, self.rows, self._all.hexdigest(), tuple(blocks))


def write(receipt: Receipt, path: Path) -> None:
    """Write a receipt as JSON."""
    with replaced(path) as draft:
        draft.write_bytes(msgspec.json.format(msgspec.json.encode(receipt), indent=1) + b"\n")


def read(path: Path) -> Receipt:
    """The receipt in a file. Raises Misused if it is none, or asks for anything but an answer."""
    unreadable = Misused(text("{file} is no receipt that can be read.", file=path.name))
    try:
        receipt = msgspec.json.decode(path.read_bytes(), type=Receipt)
    except (OSError, msgspec.MsgspecError):
        raise unreadable from None
    if not receipt.question or receipt.question[0] not in _QUESTIONS:
        raise unreadable
    if any(word.startswith(_WRITING) for word in receipt.question):
        raise unreadable
    return receipt


def verify(receipt: Receipt, answered: Path) -> None:
    """Compare an answer, as JSON lines, with its receipt. Raises IntegrityFailed saying which rows differ."""
    tally = Tally()
    with answered.open("rb") as lines:
        for encoded in lines:
            tally.add(encoded)
    again = tally.receipt(receipt.question, receipt.as_of, receipt.known_at, receipt.position)
    if again.digest == receipt.digest:
        return
    differing = [at for at, (old, new) in enumerate(zip(receipt.blocks, again.blocks, strict=False)) if old != new]
    first = differing[0] if differing else min(len(receipt.blocks), len(again.blocks))
    raise IntegrityFailed(
        text(
            "The answer differs: {now} rows where there were {then}, first in the rows {first} to {last}.",
            now=again.rows,
            then=receipt.rows,
            first=first * BLOCK + 1,
            last=min((first + 1) * BLOCK, max(receipt.rows, again.rows)),
        )
    )
