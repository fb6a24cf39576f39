"""Sentences for people, kept apart from their values so that they can be translated.

`Text` is a template and the values that go into it. `str(text)` is English, for programs and logs;
the command line looks the template up in the reader's catalog and fills it in there.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Text(NamedTuple):
    """A sentence: its English template in `str.format` style, and the values by name."""

    template: str
    values: dict[str, Any] = {}  # noqa: RUF012  NamedTuple default, never changed

    def __str__(self) -> str:
        return self.template.format(**self.values)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def text(template: str, /, **values: object) -> Text:
    """A translatable sentence; `make catalogs` finds the templates by this name."""
    return Text(template, values)
