"""Workers taken along their career by commands, each step filled in from what `steps` tells of it alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.office import Office
from workflow.demo.people import Person

HIRED = (
    ("verify", "2025-08-18"), ("propose", "2025-08-20"), ("approve", "2025-09-04"), ("announce", "2025-09-05"),
    ("propose-ni", "2025-09-11"), ("assign-ni", "2025-09-30"), ("appoint", "2025-10-20"),
    ("swear-in", "2025-10-23"), ("start-duty", "2025-10-24"),
)  # fmt: skip
CONTRACT = {"contract_start": "2025-10-23", "contract_end": "2026-10-22"}


def words_for(office: Office, step: str, on: str, source: Path | None = None, **fields: str) -> list[str]:
    """The options of a step: its required papers of the day, its required fields by example, its first reason.

    source: a file that gives each worker's own NI or wage.
    """
    row: dict[str, Any] = next(row for row in office.json("steps") if row["step"] == step)
    listed = () if source is None else ("ni", "wage")
    needed = {one["name"]: one["example"] for one in row["fields"] if one["required"] and one["name"] not in listed}
    needed |= fields
    words = ["--on", on]
    for paper in row["documents"]:
        if paper["required"]:
            words += ["--document", f"{paper['kind']} {step}/{paper['kind']}/1 {on}"]
    words += [word for name, value in needed.items() for word in ("--set", f"{name}={value}")]
    return words + (["--reason", row["reasons"][0]["code"]] if row["reason_required"] else [])


def take(office: Office, step: str, on: str, *whom: str, at: str | None = None, **fields: str) -> None:
    """Record one step on its day, for the cases named or else for all."""
    office.ok("advance", step, *(whom or ("--all", "--yes")), *words_for(office, step, on, **fields), at=at or on)


def hire(office: Office, people: Sequence[Person], until: str = "start-duty") -> None:
    """Register people on 2025-08-07 and take all of them to a step of `HIRED`, each on its day."""
    office.ok("import", office.workers(people), "--on", "2025-08-07")
    for step, on in HIRED:
        if step == "assign-ni":
            _take_listed(office, step, on, office.fields(people, "ni.csv", ni=lambda person: person.ni))
        elif step == "appoint":
            _take_listed(office, step, on, office.fields(people, "wage.csv", wage=lambda person: str(person.wage_sk)))
        else:
            take(office, step, on, **(CONTRACT if step == "start-duty" else {}))
        if step == until:
            return


def _take_listed(office: Office, step: str, on: str, listed: Path) -> None:
    office.ok("advance", step, "--from", listed, *words_for(office, step, on, listed), at=on)
