"""What other processes do to a register at the same time; each is spawned and waits for all to be ready."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from random import Random
from typing import Any

import msgspec

from cli import Desk
from domain.errors import LantikError
from domain.outcome import Outcome
from tests.databases import Place
from tests.engine import Engine, workers

SPAWN = multiprocessing.get_context("forkserver")
SPAWN.set_forkserver_preload([__name__])  # what each needs is imported once
PATIENCE = 60.0


def real_clock() -> datetime:
    """The clock that the product itself reads: processes of one computer share it."""
    return Desk().clock()


def together(
    work: Callable[..., Any], path: Place, arguments: Sequence[tuple[Any, ...]], patience: float = PATIENCE
) -> list[Any]:
    """Run one call for each arguments in a process of its own, all at once; what each came to, in that order."""
    ready, results = SPAWN.Barrier(len(arguments)), SPAWN.Queue()
    processes = [
        SPAWN.Process(target=_run, args=(work, path, at, given, ready, results), daemon=True)
        for at, given in enumerate(arguments)
    ]
    with ExitStack() as stack:
        for process in processes:
            process.start()
            stack.callback(process.join, PATIENCE)
        came = dict(results.get(timeout=patience) for _ in processes)
    return [came[at] for at in range(len(arguments))]


def _run(work: Callable[..., Any], path: Place, at: int, given: tuple[Any, ...], ready: Any, results: Any) -> None:
    waits = Desk(patience=PATIENCE).waits  # a busy computer may be slow to let somebody in
    engine = Engine(path, seed=1000 + at, clock=real_clock, patience=waits)
    came: Any = None  # of a process that fails, whose traceback is on standard error
    try:
        engine.rows("SELECT 1")  # the connection is there before the race starts
        ready.wait(PATIENCE)
        came = work(engine, *given)
    except LantikError as error:
        came = type(error).__name__
    finally:
        engine.close()
        results.put((at, came))


def told(outcome: Outcome) -> tuple[list[str], list[str]]:
    """Verdicts and codes of an outcome: plain values that travel between processes."""
    return [row.verdict.value for row in outcome.rows], [f.code for row in outcome.rows for f in row.findings]


def swear_in(engine: Engine, number: int, on: date) -> tuple[list[str], list[str]]:
    return told(engine.takes("swear-in", [number], on))


def import_one(engine: Engine, position: str, on: date) -> tuple[list[str], list[str]]:
    return told(engine.imports([msgspec.structs.replace(workers(1)[0], position=position)], on))


def minutes(engine: Engine, numbers: Sequence[int], times: int, seed: int) -> int:
    """Many small commands, one after the other; how many were recorded."""
    chance = Random(seed)
    done = 0
    for _ in range(times):
        day = date(2025, 9, chance.randint(1, 28))
        done += engine.takes("minute", [chance.choice(numbers)], day).command is not None
    return done


def rebuilds(engine: Engine, times: int) -> list[bool]:
    """Rebuild again and again; whether what was kept was the same each time."""
    same = []
    for _ in range(times):
        kept, rebuilt = engine.rebuilt()
        same.append(kept.fingerprint == rebuilt.fingerprint)
    return same


def reads(engine: Engine, times: int, day: date) -> list[int]:
    """How many rows a roster had, again and again; at least as often as asked, while a rebuild goes on."""
    return [len(engine.roster(day)) for _ in range(times)]


def hold_the_lock(path: Place, held: Any, release: Any) -> None:
    """Another user's long command."""
    engine = Engine(path, seed=5, clock=real_clock)
    with engine.register.datastore.write():
        held.set()
        release.wait(PATIENCE)
    engine.close()


def one_of(engine: Engine, what: str) -> object:
    """A rebuild, a writer or a reader, by name."""
    if what == "rebuilds":
        return rebuilds(engine, 8)
    if what == "minutes":
        return minutes(engine, [2, 3, 4], 40, 7)
    return reads(engine, 60, date(2026, 1, 1))
