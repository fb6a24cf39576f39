"""The bytes of events as they were first stored: they are read for ever, and written again as they stand."""

from __future__ import annotations

import json

import msgspec
import pytest

from domain.errors import IntegrityFailed
from domain.kinds import KINDS
from tests.golden.make import lines
from workflow.store.mapper import ActMapper

STORED = [pytest.param(line["topic"], line["state"].encode(), id=line["topic"]) for line in lines()]


@pytest.mark.parametrize(("topic", "state"), STORED)
def test_an_event_once_stored_is_read_and_written_as_the_same_bytes(topic, state):
    mapper = ActMapper()
    act = mapper.decode(topic, state)
    assert type(act) is KINDS[topic]
    assert mapper.encode(act) == state


@pytest.mark.parametrize(("topic", "state"), STORED)
def test_nothing_that_was_stored_is_lost_when_it_is_read(topic, state):
    said = json.loads(state)
    read = json.loads(msgspec.json.encode(ActMapper().decode(topic, state)))
    assert {name: read[name] for name in said} == said


@pytest.mark.parametrize(("topic", "kind"), KINDS.items())
def test_every_kind_is_there_with_every_field_and_with_the_least(topic, kind):
    stored = [msgspec.json.decode(line["state"]).keys() for line in lines() if line["topic"] == topic]
    required = {field.name for field in msgspec.structs.fields(kind) if field.required}
    assert set(kind.__struct_fields__) in stored
    assert required in stored


def test_one_decree_is_decoded_once_and_two_kinds_of_the_same_bytes_are_not_confused():
    mapper = ActMapper()
    state = b'{"step":"step","effective_on":"2025-10-23","procedure":"nasional@2025.1"}'
    verified, noted = mapper.decode("Verified.1", state), mapper.decode("MeetingNoted.1", state)
    assert (type(verified).__name__, type(noted).__name__) == ("Verified", "MeetingNoted")
    assert mapper.decode("MeetingNoted.1", state) is noted


def test_a_kind_that_this_version_does_not_know_is_told_as_such():
    with pytest.raises(IntegrityFailed, match=r"kind Erased\.1, which this version does not know"):
        ActMapper().decode("Erased.1", b"{}")


@pytest.mark.parametrize("state", [b"", b"{}", b"[1]", b'{"step":1}', b"\xff", b'{"step":"a","effective_on":"?"}'])
def test_damaged_bytes_are_told_without_being_quoted(state):
    with pytest.raises(IntegrityFailed) as told:
        ActMapper().decode("Verified.1", state)
    assert str(told.value) == "A stored event of the kind Verified.1 cannot be read."
