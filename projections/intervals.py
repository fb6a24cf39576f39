"""How the intervals follow the log: what a command changed is closed at its moment and opened anew.

Only pieces that differ are touched; a piece that says the same before and after stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa

from domain.log import ALWAYS, Change, Recorded
from domain.timeline import Entry, Piece, Pieces, Timeline, pieces
from projections.tables import Tables


class Moves(NamedTuple):
    """Rows to close, as (known_to, number, valid_from), and rows to open, in the order of the table's columns."""

    closed: list[tuple[int, int, int]]
    opened: list[tuple[Any, ...]]


def compare(before: list[Piece], after: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """The pieces that are no longer believed, and those that are new."""
    same = 0
    for old, new in zip(before, after, strict=False):
        if old != new:
            break
        same += 1
    if same == len(before) == len(after):
        return [], []
    kept = set(before[same:]) & set(after[same:])
    return [one for one in before[same:] if one not in kept], [one for one in after[same:] if one not in kept]


def follow(connection: sa.Connection, tables: Tables, moment: int, changes: Iterable[Change]) -> None:
    """Take over what one command did; two statements for each table that changed."""
    moves = [Moves([], []) for _ in tables.all]
    for change in changes:
        before, after = pieces(change.before), pieces(change.after)
        families = len(moves) if change.states_person else len(moves) - 1
        for family in range(families):
            closed, opened = compare(before[family], after[family])
            moves[family].closed.extend((moment, change.case, piece.start) for piece in closed)
            moves[family].opened.extend(
                (change.case, ALWAYS, piece.start, piece.end, moment, *piece.facts) for piece in opened
            )
    for table, of_table in zip(tables.all, moves, strict=True):
        if of_table.closed:
            connection.exec_driver_sql(
                f"UPDATE {table.name} SET known_to = ? WHERE number = ? AND known_to = {ALWAYS} AND valid_from = ?",  # noqa: S608
                of_table.closed,
            )
        insert(connection, table, of_table.opened)


def insert(connection: sa.Connection, table: sa.Table, rows: list[tuple[Any, ...]]) -> None:
    """Insert rows in the order of the table's columns, in one statement."""
    if rows:
        marks = ", ".join("?" * len(table.columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} VALUES ({marks})", rows)  # noqa: S608


def replay(stream: list[Recorded]) -> list[list[tuple[Any, ...]]]:
    """All rows that a case has in each table, from its stream: what following it command by command gives."""
    rows: list[list[tuple[Any, ...]]] = [[], [], []]
    believed: list[dict[Piece, int]] = [{}, {}, {}]
    entries: list[Entry] = []
    held = Pieces([], [], [])
    case = stream[0].case
    for at, recorded in enumerate(stream):
        entries.append(recorded.entry)
        moment = recorded.command.recorded_at
        if at + 1 < len(stream) and stream[at + 1].command.recorded_at == moment:
            continue  # a command is believed whole
        now = pieces(Timeline(entries).entries)
        for family in range(3):
            closed, opened = compare(held[family], now[family])
            for piece in closed:
                since = believed[family].pop(piece)
                rows[family].append((case, moment, piece.start, piece.end, since, *piece.facts))
            believed[family].update(dict.fromkeys(opened, moment))
        held = now
    for family in range(3):
        rows[family].extend(
            (case, ALWAYS, piece.start, piece.end, since, *piece.facts) for piece, since in believed[family].items()
        )
    return rows
