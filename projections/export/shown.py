"""Values as people read them in a table: short, translated, harmless to a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.findings import Finding
from domain.text import Text, text
from projections.export.plain import plain

NOTHING = "–"

# control characters and those that turn the direction of writing could rewrite what stands beside them
_SPACES = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
_HARMFUL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Shown:
    """Turns values into words in the reader's language."""

    def __init__(self, translate: Callable[[Text], str]) -> None:
        self.translate = translate
        self.thousands = translate(text(","))  # what stands between thousands: a point in Indonesian
        self.yes, self.no = translate(text("yes")), translate(text("no"))

    def __call__(self, value: Any) -> str:
        """The value in one line; None and what is empty as a dash."""
        return harmless(self._words(value)) or NOTHING

    def _words(self, value: Any) -> str:  # noqa: PLR0911  one for each kind of value
        match value:
            case None:
                return NOTHING
            case str():
                return str(value)
            case bool():
                return self.yes if value else self.no
            case int() | Decimal():
                return f"{value:,}".translate(
                    {ord(","): self.thousands, ord("."): "," if self.thousands == "." else "."}
                )
            case datetime():
                return value.isoformat(" ", "seconds")
            case Text():
                return self.translate(value)
            case Finding():
                return self.translate(value.message)
            case list() | tuple() | set() | frozenset() if not hasattr(value, "_fields"):
                items = value if isinstance(value, list | tuple) else sorted(value, key=str)
                return "; ".join(self._words(item) for item in items)
            case Mapping():
                return self._fields(value)
            case _:
                simple = plain(value)
                return self._fields(simple) if isinstance(simple, dict) else str(simple)

    def _fields(self, value: Mapping[str, Any]) -> str:
        if "kind" in value and "number" in value:
            return _document(value)
        return ", ".join(f"{name} {self._words(item)}" for name, item in value.items() if item not in (None, ""))


def _document(value: Mapping[str, Any]) -> str:
    """`sk 821.2/17/2025 (2025-10-01)`; the date is left out where there is none."""
    dated = value.get("dated") or value.get("date")
    return f"{value['kind']} {value['number']}" + (f" ({dated})" if dated else "")


def harmless(words: str) -> str:
    """The words in one line, without what would move the cursor, colour the screen or turn the text round."""
    return _HARMFUL.sub("\ufffd", _SPACES.sub(" ", words))
