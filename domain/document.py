"""The papers that acts rest on."""

from __future__ import annotations

from datetime import date

import msgspec


class Document(msgspec.Struct, frozen=True, omit_defaults=True):
    """A decree, letter, minute or certificate: kind as in the procedure (`sk`, `pertek`), number, date.

    sha256: hex digest of the file, where there is one; the file itself is never in the register.
    """

    kind: str
    number: str
    dated: date | None = None
    issuer: str | None = None
    sha256: str | None = None
