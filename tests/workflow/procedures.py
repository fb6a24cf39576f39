"""A small procedure to plant faults in, and what is told of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import Misused
from workflow.rulebook import Rulebook

SMALL = """\
name = "small"
version = "1"
title = { en = "Small", id = "Kecil" }

[stages.listed]
label = { en = "listed", id = "terdata" }
employment = "non-asn"

[stages.gone]
label = { en = "gone", id = "pergi" }
employment = "none"
ended = true

[steps.register]
label = { en = "register", id = "daftarkan" }
from = []
to = "listed"
event = "Registered"
authority = "OPD"
role = "clerk"
legal_basis = "UU 20/2023"

[steps.leave]
label = { en = "leave", id = "tinggalkan" }
from = ["@open"]
to = "gone"
event = "Withdrawn"
authority = "PPK"
role = "clerk"
legal_basis = "UU 20/2023"
guards = ["eligible"]
reason_required = true
reasons = [
  { code = "own-request", label = { en = "own request", id = "permintaan sendiri" } },
  { code = "other", label = { en = "other", id = "lain" } },
]

[parameters.minimum_wage]
basis = "synthetic"
values = [{ since = 2025-01-01, value = 100 }, { since = 2026-01-01, value = 200 }]
"""


def write(folder: Path, written: str, name: str = "small@1") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(written, "utf-8")
    return path


def line_of(written: str, words: str) -> int:
    return written[: written.index(words)].count("\n") + 1


def told(path: Path) -> str:
    with pytest.raises(Misused) as refused:
        Rulebook(path.parent).read(path)
    return str(refused.value)


def region(body: str, version: str = "2", extends: str = "small@1") -> str:
    head = f'name = "region"\nversion = "{version}"\nextends = "{extends}"\ntitle = {{ en = "R", id = "W" }}\n'
    return head + body
