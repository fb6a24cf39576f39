"""Personal values outside the log: canonical blocks, and the commitment that an event holds over one.

A block is the personal values that one event states. The event holds SHA-256(salt + block), so that a
person can be forgotten by deleting block and salt while every proof over the events still holds.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import msgspec

Values = dict[str, Any]
"""Personal values by name: nik, ni, name, birth_date, sex, education, note, extra."""

_encoder = msgspec.json.Encoder(order="sorted")


def seal(values: Values) -> bytes:
    """The canonical block: JSON, keys sorted, empty values left out, dates as ISO."""
    return _encoder.encode({key: value for key, value in values.items() if value not in (None, {}, "")})


def unseal(block: bytes) -> Values:
    """The values of a block; birth_date is a date again."""
    values: Values = msgspec.json.decode(block)
    if "birth_date" in values:
        values["birth_date"] = date.fromisoformat(values["birth_date"])
    return values


def commit(salt: bytes, block: bytes) -> str:
    """The commitment that the event holds: hex SHA-256 over salt and block."""
    return hashlib.sha256(salt + block).hexdigest()
