"""How the intervals follow the log: what a command changed is closed at its moment and opened anew.

Only pieces that differ are touched; a piece that says the same before and after stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa

from domain.dialect import dialect_of
from domain.log import ALWAYS, Change, Recorded, Tail
from domain.pieces import FOREVER, Piece, Pieces, pieces
from domain.standing import Entry
from domain.timeline import Timeline
from projections.standings import encoded, keep
from projections.tables import Tables


class Moves(NamedTuple):
    """What becomes of one table, in the order of its statements.

    closed: (known_to, number, valid_from). cut: (known_to, number) of last pieces that are no longer believed;
    shortened: (known_from, valid_to, number, known_to, valid_to), as much of them as still is.
    opened: rows in the order of the table's columns.
    """

    closed: list[tuple[int, ...]]
    cut: list[tuple[int, ...]]
    shortened: list[tuple[int, ...]]
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
    """Take over what one command did; a few statements for each table that changed, however many cases."""
    moves = [Moves([], [], [], []) for _ in tables.families]
    standing: list[tuple[int, bytes]] = []
    for change in changes:
        if change.tail is not None:
            _follow_tail(moves, moment, change, change.tail)
        else:
            _follow_whole(moves, moment, change)
        standing.append((change.case, encoded(change.standing)))
    for table, of_table in zip(tables.families, moves, strict=True):
        _apply(connection, table, of_table)
    keep(connection, tables.standing, standing)


def _follow_tail(moves: list[Moves], moment: int, change: Change, tail: Tail) -> None:
    case, day = change.case, tail.day
    facts = ((tail.stage, change.standing.stage_facts()), (tail.post, change.standing.post_facts()))
    for of_table, (before, after) in zip(moves, facts, strict=False):
        if before != after:
            of_table.cut.append((moment, case))
            of_table.shortened.append((moment, day, case, moment, day))
            of_table.opened.append((case, moment, day, FOREVER, ALWAYS, *after))


def _follow_whole(moves: list[Moves], moment: int, change: Change) -> None:
    before, after = pieces(change.before), pieces(change.after)
    families = len(moves) if change.states_person else len(moves) - 1
    for family in range(families):
        closed, opened = compare(before[family], after[family])
        moves[family].closed.extend((moment, change.case, piece.start) for piece in closed)
        moves[family].opened.extend(
            (change.case, moment, piece.start, piece.end, ALWAYS, *piece.facts) for piece in opened
        )


def _apply(connection: sa.Connection, table: sa.Table, moves: Moves) -> None:
    name, dialect = table.name, dialect_of(connection)
    facts = ", ".join(column.name for column in table.columns[5:])
    close = f"UPDATE {name} SET known_to = {{0}}{{from_rows}} WHERE number = {{1}} AND known_to = {ALWAYS}"  # noqa: S608  our own names
    dialect.each(connection, f"{close} AND valid_from = {{2}}", ("bigint", "bigint", "integer"), moves.closed)
    dialect.each(connection, f"{close} AND valid_to = {FOREVER}", ("bigint", "bigint"), moves.cut)
    dialect.each(  # a piece that began on the same day is not shortened: nothing of it is left
        connection,
        f"INSERT INTO {name} SELECT number, {{0}}, valid_from, {{1}}, {ALWAYS}, {facts} FROM {name}{{and_rows}} "  # noqa: S608
        f"WHERE number = {{2}} AND known_to = {{3}} AND valid_to = {FOREVER} AND valid_from < {{4}}",
        ("bigint", "integer", "bigint", "bigint", "integer"),
        moves.shortened,
    )
    dialect.insert(connection, table, moves.opened)


def replay(stream: list[Recorded]) -> list[list[tuple[Any, ...]]]:
    """All rows that a case has in each table, from its stream: what following it command by command gives."""
    rows: list[list[tuple[Any, ...]]] = [[], [], [], []]
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
                rows[family].append((case, since, piece.start, piece.end, moment, *piece.facts))
            believed[family].update(dict.fromkeys(opened, moment))
        held = now
    for family in range(3):
        rows[family].extend(
            (case, since, piece.start, piece.end, ALWAYS, *piece.facts) for piece, since in believed[family].items()
        )
    rows[3].append((case, encoded(Timeline(entries).last)))
    return rows
