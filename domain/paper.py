"""Documents as a clerk types them: `sk 800/123/BKPSDM/2025 2025-10-20;issuer=Wali Kota;file=sk.pdf`."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from domain.dates import parse_date
from domain.document import Document
from domain.errors import Misused
from domain.files import reason_of
from domain.text import text

_FORM = text('Write it as "KIND NUMBER DATE", such as "sk 800/123/BKPSDM/2025 2025-10-20".')


def parse_document(typed: str) -> Document | str:
    """The document, or the bare number of one that the register is to know. Raises Misused."""
    main, *options = [part.strip() for part in typed.split(";")]
    words = main.split()
    if len(words) == 1 and not options:
        return words[0]
    dated, number = _date_at_end(words[1:])
    if dated is None or not number:
        raise Misused(text("A document cannot be read. {form}", form=_FORM))
    stated = dict(_option(option) for option in options if option)
    file = stated.pop("file", None)
    return Document(words[0], number, dated, stated.pop("issuer", None), file_digest(Path(file)) if file else None)


def file_digest(file: Path) -> str:
    """The SHA-256 of a scan. Raises Misused if it cannot be read."""
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise Misused(
            text("The file {file} cannot be read: {reason}.", file=file.name, reason=reason_of(error))
        ) from error


def _option(option: str) -> tuple[str, str]:
    name, _, value = option.partition("=")
    if name.strip() not in ("issuer", "file") or not value.strip():
        raise Misused(text("{option} is no part of a document; its parts are issuer= and file=.", option=name))
    return name.strip(), value.strip()


def _date_at_end(words: list[str]) -> tuple[date | None, str]:
    """A date of one word (2025-10-20, 20/10/2025) or three (20 Oktober 2025), and what is before it."""
    for length in (1, 3):
        try:
            return parse_date(" ".join(words[-length:])), " ".join(words[:-length])
        except ValueError:
            continue
    return None, ""
