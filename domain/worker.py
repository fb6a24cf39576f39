"""One row of an import: what an office says about one worker, before it is judged against the register."""

from __future__ import annotations

from datetime import date

import msgspec


class Worker(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of the design's import. unit: as the office wrote it; the units register resolves it.

    sex: L or P. category: R1 to R5, Non-R. formation: pppk-pw or pppk. wage: rupiah a month.
    extra: unknown columns by heading, kept with the person's block.
    """

    nik: str
    name: str
    unit: str
    position: str | None = None
    education: str | None = None
    birth_date: date | None = None
    sex: str | None = None
    category: str | None = None
    in_bkn_database: bool | None = None
    cpns_2024: bool | None = None
    pppk_2024: bool | None = None
    first_contract: date | None = None
    wage: int | None = None
    formation: str | None = None
    note: str | None = None
    extra: dict[str, str] = {}
