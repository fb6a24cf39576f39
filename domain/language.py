"""Sentences in the reader's language, from the catalogs in `domain/locale`; English where one is missing."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from pathlib import Path
from typing import Any

from domain.text import Text

LANGUAGES = ("en", "id")
CATALOGS = Path(__file__).parent / "locale"


def sayer(language: str) -> Callable[[Text], str]:
    """What fills in a sentence in `language`; sentences inside its values are said in it too."""
    catalog = gettext.translation("lantik", CATALOGS, [language], fallback=True)

    def say(sentence: Text) -> str:
        template = catalog.gettext(sentence.template) if sentence.template else ""
        return template.format(**{name: _said(value) for name, value in sentence.values.items()})

    def _said(value: Any) -> Any:
        return say(value) if isinstance(value, Text) else value

    return say
