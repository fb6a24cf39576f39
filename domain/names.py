"""Whether two lists mean the same name: offices write titles, capitals and spaces as they please."""

from __future__ import annotations

import re

_BEFORE = re.compile(r"(?:prof|dr|drs|dra|drg|drh|ir|h|hj|kh|apt|ns)\.", re.IGNORECASE)
"""Titles before a name, which end in a full stop: without one `H` or `Ir` may be part of the name."""

_BEHIND = re.compile(r"(?:(?:A|S|D|M|Sp)\.(?:[A-Z][A-Za-z]{0,5}\.?)+)", re.IGNORECASE)
"""Degrees behind a name that follow no comma: `S.Pd`, `A.Md.Keb.`, `M.Si`."""

_APART = re.compile(r"[\W_]+")


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name, titles, case, spacing and punctuation left out of account.

    Source: import check 7.
    """
    return _bare(one) == _bare(other)


def _bare(name: str) -> str:
    """What is left of a name: what follows a comma is a degree."""
    words = name.partition(",")[0].split()
    while len(words) > 1 and _BEFORE.fullmatch(words[0]):
        del words[0]
    while len(words) > 1 and _BEHIND.fullmatch(words[-1]):
        del words[-1]
    return "".join(_APART.split(" ".join(words).casefold()))
