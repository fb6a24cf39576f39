"""Which agency's register a URL means, where one PostgreSQL database holds those of several: a schema for each.

The code travels in the URL, as `?agency=36.73`, so that whoever opens a register by its URL opens the right one. A file
holds one register only; there the code must be the register's own.
"""

from __future__ import annotations

import re

import sqlalchemy as sa

from domain.errors import Misused
from domain.text import text

CODE = re.compile(r"[0-9]{2}(\.[0-9]{2})?")
"""A region: a province, or a city or regency of it."""

SCHEMA_NAME = r"^agency_[0-9]{2}(_[0-9]{2})?$"
"""What the schemas of agencies are called."""

_KEY = "agency"
_IN_URL = re.compile(rf"[?&]{_KEY}=([^&]*)")


def check_code(code: str) -> str:
    """A region code as it is. Raises Misused for anything else."""
    if not CODE.fullmatch(code):
        raise Misused(text("{code} is no region code; give one such as 36.73.", code=code))
    return code


def with_agency(url: str, code: str) -> str:
    """The URL of the agency's register in a database. Raises Misused if the code is none, or the URL names another."""
    named = _IN_URL.findall(url)
    if named and named != [code]:
        raise Misused(text("--agency and the URL of the database name two agencies; give one of them."))
    return url if named else f"{url}{'&' if '?' in url else '?'}{_KEY}={check_code(code)}"


def agency_of(url: sa.URL) -> str | None:
    """The code of the agency that the URL names. Raises Misused if it is no code."""
    named = url.query.get(_KEY)
    if named is None:
        return None
    return check_code(named if isinstance(named, str) else ", ".join(named))


def without_agency(url: sa.URL) -> sa.URL:
    """The URL as the driver takes it."""
    return url.difference_update_query([_KEY])


def schema_of(code: str) -> str:
    """`agency_36_73`."""
    return "agency_" + code.replace(".", "_")


def must_agree(asked: str | None, code: str) -> None:
    """Raises Misused if another agency was asked for than the one whose register it is."""
    if asked not in (None, code):
        raise Misused(
            text(
                "This is the register of the agency {code}, and {asked} was asked for; see lantik agencies.",
                code=code,
                asked=asked,
            )
        )
