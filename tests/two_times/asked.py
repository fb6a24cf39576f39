"""What the tests of the commands ask again and again."""

from __future__ import annotations

from typing import Any

from tests.office import Office

ONE, TWO = "36.73-000001", "36.73-000002"
LETTER = ("--document", "surat-usulan 800/2 2025-08-20", "--document", "sptjm-ppk 800/3 2025-08-20")


def stage(office: Office, on: str, *words: object, case: str = ONE) -> str | None:
    rows = [row for row in office.json("roster", "--as-of", on, *words) if row["case"] == case]
    return rows[0]["stage"] if rows else None


def events(office: Office, case: str = ONE) -> list[dict[str, Any]]:
    return office.json("history", case)
