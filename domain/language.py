"""Sentences in the reader's language, from the catalogs in `domain/locale`; English where one is missing."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from pathlib import Path
from string import Formatter
from typing import Any

from domain.text import Text

LANGUAGES = ("en", "id")
CATALOGS = Path(__file__).parent / "locale"


def sayer(language: str) -> Callable[[Text], str]:
    """What fills in a sentence in `language`; sentences inside its values are said in it too."""
    catalog = gettext.translation("lantik", CATALOGS, [language], fallback=True)
    numbers = _Numbers(catalog.gettext(","))

    def say(sentence: Text) -> str:
        template = catalog.gettext(sentence.template) if sentence.template else ""
        return numbers.vformat(template, (), {name: _said(value) for name, value in sentence.values.items()})

    def _said(value: Any) -> Any:
        if isinstance(value, Text):
            return say(value)
        if isinstance(value, tuple) and value and all(isinstance(part, Text) for part in value):
            return "\n".join(map(say, value))
        return value

    return say


class _Numbers(Formatter):
    """Holes with a format, such as `{count:,}`, with the language's own sign between thousands."""

    def __init__(self, thousands: str) -> None:
        self._exchanged = {} if thousands == "," else str.maketrans(",.", f"{thousands},")

    def format_field(self, value: Any, format_spec: str) -> str:
        said: str = super().format_field(value, format_spec)
        is_number = bool(format_spec) and isinstance(value, int | float)
        return said.translate(self._exchanged) if is_number else said
