"""A decree that is mended for thousands costs as many statements as for a few."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.engine import CLERK, Engine, codes, workers
from workflow.amend import Amendment, Target, amend
from workflow.targets import of_last_command

DAY = date(2025, 8, 20)


def statements(folder: Path, cases: int, seq: int, cascade: bool, **change: Any) -> list[int]:
    """How many statements mending event `seq` of so many cases takes, and undoing that."""
    engine = Engine(folder / f"{cases}.db")
    few = [msgspec.structs.replace(one, in_bkn_database=True, pppk_2024=True, wage=None) for one in workers(cases)]
    engine.imports(few)
    engine.brings(range(1, cases + 1), "verify", "propose", "approve", "announce", "propose-ni", "assign-ni")
    mended = amends(engine, [Target(number, seq) for number in range(1, cases + 1)], cascade, **change)
    undone = amends(engine, of_last_command(engine.register, CLERK)[2], cascade=False)
    engine.close()
    return [mended, undone]


def amends(engine: Engine, targets: list[Target], cascade: bool, **change: Any) -> int:
    before = engine.statements
    outcome = amend(engine.register, Amendment("mend", targets, "keliru", cascade=cascade, **change), CLERK)
    assert outcome.command is not None, codes(outcome)
    return engine.statements - before


@pytest.mark.parametrize(
    ("seq", "cascade", "change"),
    [
        pytest.param(7, False, {"on": DAY}, id="a date"),
        pytest.param(1, False, {"fields": {"position": "Pengemudi"}}, id="a field"),
        pytest.param(7, False, {}, id="a NI taken back"),
        pytest.param(2, True, {}, id="a cascade"),
        pytest.param(1, False, {}, id="a registration taken back"),
    ],
)
def test_mending_forty_takes_as_many_statements_as_mending_four(
    tmp_path: Path, seq: int, cascade: bool, change: dict[str, Any]
) -> None:
    assert statements(tmp_path, 40, seq, cascade, **change) == statements(tmp_path, 4, seq, cascade, **change)
