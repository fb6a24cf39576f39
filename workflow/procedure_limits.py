"""How much a procedure file may hold, and of what: a file from anywhere is refused quickly, or it is harmless to judge.

The limits are many times what a real procedure needs, and small enough that every later check takes no time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from domain.text import Text, text
from workflow.procedure_lines import Path

MOST_BYTES = 1_000_000
MOST_DOTS = 40
"""On one line: a key of many parts costs `tomllib` the square of their number."""
MOST_DEPTH = 12
MOST_PARTS = 20_000
LONGEST_KEY = 100
LONGEST_TEXT = 2_000
GREATEST = 10**15

_HARMFUL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What would move the cursor of a terminal, colour it, or turn the text round."""


def harmless(words: str) -> str:
    """A name from outside, as it may stand in a message."""
    return _HARMFUL.sub("?", words)[:LONGEST_KEY]


def overlong_lines(written: str) -> Iterator[tuple[int, Text]]:
    """Lines that are not to be parsed, with their numbers."""
    for number, line in enumerate(written.split("\n"), 1):
        if line.count(".") > MOST_DOTS and not line.lstrip().startswith("#"):
            yield number, text("the line has more than {most} dots", most=MOST_DOTS)


def excess(tables: dict[str, Any]) -> tuple[Path, Text] | None:
    """The first thing that is too much in what was parsed, or that no message could show; None if nothing is."""
    waiting: list[tuple[Path, Any]] = [((), tables)]
    parts = 0
    while waiting:
        path, value = waiting.pop()
        if len(path) > MOST_DEPTH:
            return (), text("tables and lists are nested deeper than {most}", most=MOST_DEPTH)
        if isinstance(value, dict | list):
            parts += len(value)
            if parts > MOST_PARTS:
                return (), text("the file has more than {most} keys and items", most=MOST_PARTS)
            items = value.items() if isinstance(value, dict) else enumerate(value)
            waiting += [((*path, str(key)), item) for key, item in items]
        if path and (fault := _fault(path[-1], value)) is not None:
            return path, fault
    return None


def _fault(key: str, value: Any) -> Text | None:
    if len(key) > LONGEST_KEY or _HARMFUL.search(key):
        return text("a key is longer than {most} characters, or has some that cannot be shown", most=LONGEST_KEY)
    if isinstance(value, str) and (len(value) > LONGEST_TEXT or _HARMFUL.search(value.replace("\n", ""))):
        return text("a text is longer than {most} characters, or has some that cannot be shown", most=LONGEST_TEXT)
    if isinstance(value, int) and abs(value) > GREATEST:
        return text("a number is too great")
    return None
