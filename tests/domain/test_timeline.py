"""The timeline: acts in the order (effective_on, place), the standing of each day, and the pieces between."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given as for_all
from hypothesis import strategies as some

from domain.document import Document
from domain.events import Act, MeetingNoted, Registered, SubmittedToKemenpanRb, Verified
from domain.pieces import FOREVER, pieces
from domain.standing import Entry
from domain.timeline import Timeline
from tests.scenario import FIRST, PERSON

PROCEDURE = "kota-serang@2025.2"


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def registered(seq: int, on: int, unit: str = "DLH") -> Entry:
    act = Registered(
        step="register", effective_on=day(on), procedure=PROCEDURE, stage="registered", employment="non-asn",
        number=1, person=PERSON, unit=unit,
    )  # fmt: skip
    return Entry(seq, act, {"nik": "3673010101900001", "name": "Nama Buatan"})


def act(seq: int, on: int, stage: str | None, kind: type[Act] = Verified, number: str | None = None) -> Entry:
    papers = (Document("sk", number),) if number else ()
    return Entry(
        seq,
        kind(step=stage or "minute", effective_on=day(on), procedure=PROCEDURE, stage=stage, employment="non-asn",
             documents=papers),
    )  # fmt: skip


def seqs(timeline: Timeline) -> list[int]:
    return [entry.seq for entry in timeline.entries]


def test_acts_stand_in_the_order_of_their_days_and_not_of_their_recording():
    assert seqs(Timeline([registered(1, 0), act(2, 9, "b"), act(3, 5, "a"), act(4, 7, "c")])) == [1, 3, 4, 2]


def test_acts_of_one_day_stand_in_the_order_in_which_they_were_recorded():
    timeline = Timeline([act(3, 5, "b"), registered(1, 0), act(4, 5, "c"), act(2, 5, "a")])
    assert seqs(timeline) == [1, 2, 3, 4]
    assert timeline.as_of(day(5)).stage == "c"
    assert timeline.as_of(day(4)).stage == "registered"


def test_an_act_holds_from_its_own_day_on():
    timeline = Timeline([registered(1, 0), act(2, 5, "a")])
    assert [timeline.as_of(day(number)).stage for number in (-1, 0, 4, 5, 99)] == [
        None, "registered", "registered", "a", "a",
    ]  # fmt: skip


def test_since_step_and_document_move_only_with_the_stage():
    entries = [registered(1, 0), act(2, 5, "a", number="SK-1"), act(3, 6, None, MeetingNoted, "N-1")]
    again = act(4, 7, "a", number="SK-2")
    standing = Timeline([*entries, again]).last
    assert (standing.stage, standing.since, standing.step, standing.document) == ("a", day(5), "a", "SK-1")
    moved = Timeline([*entries, again, act(5, 8, "b")]).last
    assert (moved.since, moved.step, moved.document) == (day(8), "b", None)


def test_acts_in_the_future_are_planned_and_do_not_hold_yet():
    timeline = Timeline([registered(1, 0), act(2, 100, "a")])
    assert timeline.as_of(day(99)).stage == "registered"
    assert [entry.seq for entry in timeline.after(day(99))] == [2]
    assert timeline.after(day(100)) == []
    assert timeline.last.stage == "a"


def test_an_act_is_added_at_its_place():
    timeline = Timeline([registered(1, 0), act(2, 9, "b")])
    assert timeline.appends(day(9))
    assert not timeline.appends(day(8))
    timeline.add(act(3, 5, "a"))
    assert seqs(timeline) == [1, 3, 2]
    assert (timeline.last.stage, timeline.last.since) == ("b", day(9))
    timeline.add(act(4, 9, "c"))
    assert (seqs(timeline), timeline.last.stage) == ([1, 3, 2, 4], "c")


def test_pieces_are_half_open_and_follow_each_other_without_gap():
    stage, post, person = pieces(Timeline([registered(1, 0), act(2, 5, "a"), act(3, 9, "b")]).entries)
    assert [(one.start, one.end, one.facts.stage) for one in stage] == [
        (day(0).toordinal(), day(5).toordinal(), "registered"),
        (day(5).toordinal(), day(9).toordinal(), "a"),
        (day(9).toordinal(), FOREVER, "b"),
    ]
    assert [(one.start, one.end, one.facts.unit) for one in post] == [(day(0).toordinal(), FOREVER, "DLH")]
    assert [(one.end, one.facts.name) for one in person] == [(FOREVER, "Nama Buatan")]


def test_neighbours_that_say_the_same_are_one_piece():
    entries = [registered(1, 0), act(2, 3, None, MeetingNoted), act(3, 5, "registered"), act(4, 8, "a")]
    stage, post, person = pieces(Timeline(entries).entries)
    assert [one.facts.stage for one in stage] == ["registered", "a"]
    assert (len(post), len(person)) == (1, 1)


def test_of_several_acts_of_one_day_only_the_last_gives_a_piece():
    stage = pieces(Timeline([registered(1, 0), act(2, 5, "a"), act(3, 5, "b")]).entries).stage
    assert [(one.start, one.facts.stage) for one in stage] == [
        (day(0).toordinal(), "registered"), (day(5).toordinal(), "b"),
    ]  # fmt: skip


def test_a_formation_that_changes_gives_a_piece_of_its_own():
    proposal = SubmittedToKemenpanRb(
        step="propose", effective_on=day(4), procedure=PROCEDURE, stage="registered", formation="pppk"
    )
    stage = pieces(Timeline([registered(1, 0), Entry(2, proposal)]).entries).stage
    assert [(one.facts.stage, one.facts.formation) for one in stage] == [
        ("registered", "pppk-pw"), ("registered", "pppk"),
    ]  # fmt: skip


def test_without_personal_values_there_are_no_pieces_of_the_person():
    assert pieces([registered(1, 0)._replace(values=None)]).person == []


ACTS = some.lists(some.tuples(some.integers(0, 12), some.sampled_from(["a", "b", None])), max_size=9)


@for_all(ACTS)
def test_the_pieces_say_of_every_day_what_folding_up_to_it_says(acts):
    entries = [registered(1, 0), *(act(seq, on, stage) for seq, (on, stage) in enumerate(acts, 2))]
    timeline = Timeline(entries)
    stage = pieces(timeline.entries).stage
    assert all(one.end == after.start for one, after in pairwise(stage))
    assert all(one.facts != after.facts for one, after in pairwise(stage))
    assert stage[-1].end == FOREVER
    for number in range(14):
        [held] = [one for one in stage if one.start <= day(number).toordinal() < one.end]
        assert held.facts == timeline.as_of(day(number)).stage_facts()


@for_all(ACTS)
def test_adding_one_by_one_gives_what_folding_all_at_once_gives(acts):
    entries = [registered(1, 0), *(act(seq, on, stage) for seq, (on, stage) in enumerate(acts, 2))]
    timeline = Timeline(entries[:1])
    for entry in entries[1:]:
        timeline.add(entry)
    assert (timeline.entries, timeline.last) == (Timeline(entries).entries, Timeline(entries).last)


@for_all(ACTS, some.integers(0, 12))
def test_a_timeline_resumed_from_its_standing_goes_on_as_the_whole_one(acts, on):
    entries = [registered(1, 0), *(act(seq, min(day, on), stage) for seq, (day, stage) in enumerate(acts, 2))]
    whole, resumed = Timeline(entries), Timeline.resumed(Timeline(entries).last)
    assert resumed.appends(day(on))
    newest = act(len(entries) + 1, on, "c")
    whole.add(newest)
    resumed.add(newest)
    assert resumed.last == whole.last
