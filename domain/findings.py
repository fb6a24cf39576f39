"""What a check found: a code for programs, a sentence, the rule behind it and the way out."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from domain.text import Text, text


class Severity(StrEnum):
    """ERROR refuses; QUESTION keeps back until a named person decides; WARNING is recorded and told."""

    ERROR = "error"
    QUESTION = "question"
    WARNING = "warning"


class Finding(NamedTuple):
    """code: stable, kebab-case. rule: the legal basis, or the page of ours that says so.

    Never holds a NIK, a NI or a name: findings reach terminals, files and logs.
    column: the heading of a file's column, where the finding is about one.
    """

    code: str
    message: Text
    remedy: Text = text("")
    rule: str = ""
    severity: Severity = Severity.ERROR
    column: str | None = None

    @property
    def refuses(self) -> bool:
        return self.severity is not Severity.WARNING


def refusing(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that stand in the way, in the order given."""
    return [finding for finding in findings if finding.refuses]
