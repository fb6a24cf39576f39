"""What must hold of the whole tree: layers, no clock below the entry point, and events that stay what they are."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from domain import events, service
from domain.access import RoleGranted, RoleRevoked
from domain.document import Document
from domain.draft import PERSONAL_FIELDS
from domain.events import Act, Fact
from domain.inbox import Proposed, Queued, Settled
from domain.kinds import KINDS, TOPICS
from domain.layers import Corrected, Layer, Merged, Migrated, Rescinded
from domain.office import CohortDefined, HolidaysDecreed, ProcedureAdopted, RosterShared
from domain.standing import Standing
from workflow.judging import PERSONAL
from workflow.rulebook import Rulebook

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for layer in ("domain", "workflow", "projections") for path in (ROOT / layer).rglob("*.py"))
CLOCKS = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"),
    ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"),
}  # fmt: skip
LAYERS: set[type] = {Corrected, Rescinded, Merged, Migrated}
DECISIONS: set[type] = {
    *(ProcedureAdopted, HolidaysDecreed, CohortDefined, RosterShared),
    *(RoleGranted, RoleRevoked, Proposed, Queued, Settled),
}
CHANCE = {("os", "urandom"), ("uuid", "uuid1"), ("uuid", "uuid4"), ("random", "random"), ("secrets", "token_bytes")}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def calls(path: Path) -> Iterator[tuple[str, str]]:
    """(owner, name) of every attribute in a file, and (module, name) of what it imports from modules."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute):
            owner = node.value
            yield owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", ""), node.attr
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield (node.module or "").rpartition(".")[2], alias.name


def test_the_layers_know_each_other_only_downwards():
    script = Path(sys.executable).with_name("lint-imports")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [script, "--no-cache"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 kept, 0 broken" in done.stdout


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_no_clock_is_read_and_no_chance_taken_below_the_entry_point(path):
    assert not (CLOCKS | CHANCE) & set(calls(path))


def test_the_search_for_clocks_finds_one_where_there_is_one():
    assert ("datetime", "now") in set(calls(ROOT / "cli.py"))
    assert ("os", "urandom") in set(calls(ROOT / "cli.py"))


@pytest.mark.parametrize("path", [*SOURCES, ROOT / "cli.py"], ids=named)
def test_every_module_says_what_it_is_for(path):
    said = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert said
    assert said[0].isupper() or said[0] in "`("


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_a_file_has_one_subject_and_a_function_does_one_thing(path):
    source = path.read_text("utf-8")
    assert len(source.splitlines()) < 300
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40, node.name


@pytest.mark.parametrize("path", [*SOURCES, ROOT / "cli.py"], ids=named)
def test_no_error_is_caught_without_a_name(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else ""
            reraises = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
            assert caught not in ("", "Exception") or reraises, node.lineno
            assert caught != "BaseException" or reraises, node.lineno


def kinds() -> set[type[Act]]:
    found: set[type[Act]] = set()
    waiting = [Act]
    while waiting:
        below = waiting.pop().__subclasses__()
        found |= set(below)
        waiting += below
    return {kind for kind in found if kind.__module__ in (events.__name__, service.__name__)}


def test_every_kind_of_event_has_a_topic_and_is_told_by_a_step():
    assert set(KINDS.values()) == kinds() | LAYERS | DECISIONS == TOPICS.keys()
    procedures = [Rulebook().load(name) for name in Rulebook().names()]
    told = {f"{step.event}.1" for procedure in procedures for step in procedure.steps.values()}
    assert told == KINDS.keys() - {TOPICS[kind] for kind in LAYERS | DECISIONS}


def test_topics_are_the_name_and_the_version_of_a_shape():
    assert all(topic == f"{kind.__name__}.1" for topic, kind in KINDS.items())


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
def test_no_event_has_room_for_a_personal_value_and_each_says_what_it_is(kind):
    personal = (set(PERSONAL) | PERSONAL_FIELDS | {"address", "birth_place", "phone", "email"}) - {"extra"}
    said = set(kind.__struct_fields__) - ({"name"} if kind is CohortDefined else set())  # of the group
    assert not personal & said
    envelope = Layer if kind in LAYERS else Fact if kind in DECISIONS else Act
    assert set(envelope.__struct_fields__) <= set(kind.__struct_fields__)
    assert kind.__doc__
    assert kind.__struct_config__.frozen


@pytest.mark.parametrize("shape", [*KINDS.values(), Document], ids=lambda shape: shape.__name__)
def test_no_event_takes_a_field_without_a_type(shape):
    for field in msgspec.structs.fields(shape):
        # a correction has the fields of whatever kind it lies over; they are read as that kind's
        assert "Any" not in str(field.type) or (shape, field.name) == (Corrected, "fields")


def test_what_is_kept_of_a_standing_has_no_room_for_a_person_but_the_values_that_are_left_out():
    assert not (set(PERSONAL) | PERSONAL_FIELDS) & set(Standing.__struct_fields__)
