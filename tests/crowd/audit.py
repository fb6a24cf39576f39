"""What must hold of a register whatever happened to it: nothing twice, nothing half, no gap, views as rebuilt."""

from __future__ import annotations

import json
from itertools import pairwise
from uuid import UUID

from domain.person import commit
from tests.databases import Place
from tests.engine import Engine
from tests.workflow.writers import real_clock


def recorded_in(place: Place) -> dict[UUID, int]:
    """How many events each command recorded; the register is sound."""
    engine = Engine(place, seed=77, clock=real_clock)
    _in_order(engine)
    _whole(engine)
    kept, rebuilt = engine.rebuilt()
    assert (kept.rows, kept.fingerprint) == (rebuilt.rows, rebuilt.fingerprint)
    counted = engine.rows(
        "SELECT c.id, count(e.position) FROM command c LEFT JOIN event e ON e.command_id = c.id GROUP BY 1"
    )
    engine.close()
    return {UUID(bytes=command): events for command, events in counted}


def _in_order(engine: Engine) -> None:
    """Positions and versions without gaps; one moment for each command, rising with position."""
    positions = [position for (position,) in engine.rows("SELECT position FROM event ORDER BY position")]
    assert positions == list(range(1, len(positions) + 1))
    gaps = engine.rows(
        "SELECT originator_id FROM event GROUP BY originator_id"
        " HAVING max(originator_version) <> count(*) OR min(originator_version) <> 1"
    )
    assert gaps == []
    joined = "SELECT c.recorded_at, c.id FROM event e JOIN command c ON c.id = e.command_id ORDER BY e.position"
    stamps = engine.rows(joined)
    assert all(one == next_one or one[0] < next_one[0] for one, next_one in pairwise(stamps))


def _whole(engine: Engine) -> None:
    """Every command has its events, every event its command and its block, every case its number, claim and row."""
    assert engine.rows("SELECT count(*) FROM event WHERE command_id IS NULL") == [(0,)]
    assert engine.rows("SELECT count(*) FROM command WHERE id NOT IN (SELECT command_id FROM event)") == [(0,)]
    opened = engine.rows("SELECT count(*) FROM event WHERE topic = 'Registered.1'")
    assert engine.rows("SELECT max(number) FROM docket") == opened, "case numbers have no gap"
    for table in ("docket", "imported", "claim WHERE kind = 'nik'"):
        assert engine.rows(f"SELECT count(*) FROM {table}") == opened, table
    blocks = {
        row[:2]: commit(*row[2:])
        for row in engine.rows("SELECT originator_id, originator_version, salt, block FROM personal")
    }
    events = engine.rows("SELECT originator_id, originator_version, state FROM event")
    stated = {row[:2]: commitment for row in events if (commitment := json.loads(row[2]).get("commitment"))}
    assert blocks == stated
