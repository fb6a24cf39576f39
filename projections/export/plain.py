"""Values as programs read them: what JSON has, stable names, English sentences."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any
from uuid import UUID

import msgspec

from domain.text import Text

_AS_THEY_ARE = frozenset({str, int, float, bool, NoneType, date, Decimal, UUID})
_encoder = msgspec.json.Encoder()


def plain(value: Any) -> Any:  # noqa: PLR0911  one for each kind of value
    """The value as JSON can hold it; structs and named tuples give all their fields, set or not."""
    if type(value) in _AS_THEY_ARE:
        return value
    match value:
        case datetime():
            return value.isoformat()
        case Enum():
            return plain(value.value)
        case Text() | str():
            return str(value)
        case msgspec.Struct():
            return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case AbstractSet():
            return sorted((plain(item) for item in value), key=str)
        case tuple() if (fields := getattr(value, "_fields", None)) is not None:
            return {name: plain(item) for name, item in zip(fields, value, strict=True)}
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            return value


def compact_json(value: Any) -> str:
    """One line of JSON without spaces; other scripts stay readable."""
    return _encoder.encode(plain(value)).decode()
