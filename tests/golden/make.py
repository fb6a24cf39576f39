"""Writes two lines for each shape of an event that has none yet; lines that are there are never changed.

Run as `python -m tests.golden.make` after a new kind or a new field.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from domain.access import Role
from domain.document import Document
from domain.events import Act, Fact
from domain.kinds import KINDS

GOLDEN = Path(__file__).parent / "events.jsonl"
_DAY = date(2025, 10, 23)
_PAPER = Document("sk", "800/1/BKPSDM/2025", _DAY, "Wali Kota", "ab" * 32)
_ENVELOPE: dict[str, Any] = {
    "step": "step", "effective_on": _DAY, "procedure": "kota-serang@2025.1", "stage": "active",
    "employment": "formation", "ends": True, "documents": (_PAPER, Document("spmt", "1")), "reason": "other",
    "commitment": "cd" * 32, "replaces": 4, "claimed_on": date(2025, 10, 24),
}  # fmt: skip
_LAYER: dict[str, Any] = {
    "effective_on": _DAY, "documents": (_PAPER,), "commitment": "cd" * 32, "target": 5, "number": 2,
    "on": date(2025, 12, 12), "fields": {"wage": 1500000}, "papers": (_PAPER,),
}  # fmt: skip
_NESTED: dict[str, Any] = {
    "off": {date(2026, 3, 23): "Cuti bersama"}, "worked": (date(2026, 3, 24),), "numbers": (7, 8),
    "selection": {"stage": ("proposed",)}, "role": Role.CLERK, "roles": (Role.VERIFIER, Role.APPROVER),
    "units": ("Dinas Contoh",), "codes": ("other-unit",), "corrected": ("name",),
}  # fmt: skip
_BY_TYPE = {"Role": Role.CLERK, "int": 7, "str": "Teks é", "UUID": UUID(int=3), "bool": True, "date": _DAY}


def sample(kind: type[Fact]) -> Fact:
    """An event of a kind with every field set to something other than its default."""
    given = (_ENVELOPE if issubclass(kind, Act) else _LAYER) | _NESTED
    fields = msgspec.structs.fields(kind)
    return kind(**{one.name: given[one.name] if one.name in given else _BY_TYPE[_plain(one.type)] for one in fields})


def _plain(stated: Any) -> str:
    parts = [part for part in getattr(stated, "__args__", (stated,)) if part is not type(None)]
    return str(parts[0].__name__)


def lines() -> list[dict[str, str]]:
    return [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()] if GOLDEN.exists() else []


def main() -> None:
    there = {(line["topic"], line["state"]) for line in lines()}
    with GOLDEN.open("a", encoding="utf-8") as file:
        for topic, kind in KINDS.items():
            for act in (sample(kind), _least(kind)):
                state = msgspec.json.encode(act).decode()
                if (topic, state) not in there:
                    file.write(json.dumps({"topic": topic, "state": state}, ensure_ascii=False) + "\n")


def _least(kind: type[Fact]) -> Fact:
    """An event that says only what it must."""
    given = {"step": "step", "effective_on": _DAY, "procedure": "nasional@2025.1"} | _NESTED
    fields = [field for field in msgspec.structs.fields(kind) if field.required]
    return kind(**{one.name: given[one.name] if one.name in given else _BY_TYPE[_plain(one.type)] for one in fields})


if __name__ == "__main__":
    main()
