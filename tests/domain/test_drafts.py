"""What a clerk gives with a step: documents, fields of every type, reasons and dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.draft import FAR_AHEAD, Request, draft, money, read_field
from domain.events import Rejected
from domain.procedure import FieldRule, FieldType, Label
from tests.scenario import FIRST, TODAY, given, paper, rules_of, way_to, whole

LABEL = Label("label", "label")
NI = "199001012025211001"


def rule(kind: FieldType) -> FieldRule:
    return FieldRule("field", kind, LABEL, choices=("red", "blue") if kind is FieldType.CHOICE else ())


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (FieldType.TEXT, " Alun-Alun Barat ", "Alun-Alun Barat"),
        (FieldType.UNIT, "Dinas Kesehatan", "Dinas Kesehatan"),
        (FieldType.DATE, "31/12/2025", date(2025, 12, 31)),
        (FieldType.INTEGER, "012", 12),
        (FieldType.MONEY, "Rp 1.500.000,00", 1_500_000),
        (FieldType.CHOICE, "red", "red"),
        (FieldType.NI, NI, NI),
        (FieldType.BOOLEAN, "Ya", True),
        (FieldType.BOOLEAN, "tidak", False),
        (FieldType.BOOLEAN, "0", False),
        (FieldType.TEXT, "  ", None),
    ],
)
def test_a_field_is_read_by_its_type(kind, typed, value):
    assert read_field(rule(kind), typed) == (value, None)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (FieldType.DATE, "31/02/2025"),
        (FieldType.DATE, "soon"),
        (FieldType.INTEGER, "1,5"),
        (FieldType.INTEGER, "-1"),
        (FieldType.INTEGER, "١٢"),
        (FieldType.INTEGER, "1" * 16),
        (FieldType.MONEY, "0"),
        (FieldType.MONEY, "1.50"),
        (FieldType.MONEY, "1500000.50"),
        (FieldType.MONEY, "-5"),
        (FieldType.CHOICE, "Red"),
        (FieldType.CHOICE, "green"),
        (FieldType.NI, "199013012025211001"),
        (FieldType.NI, NI[:-1]),
        (FieldType.NI, "199001012025213001"),
        (FieldType.BOOLEAN, "maybe"),
    ],
)
def test_a_value_that_is_none_of_its_type_is_refused_and_never_quoted(kind, typed):
    value, finding = read_field(rule(kind), typed)
    assert value is None
    assert finding is not None
    assert finding.code == "bad-field"
    assert finding.column == "field"
    assert kind.value in str(finding.message)
    assert finding == read_field(rule(kind), "?")[1], "the sentence depends on what was typed"


def test_every_type_of_field_is_read_above():
    reads = test_a_field_is_read_by_its_type.pytestmark[0].args[1]
    assert {kind for kind, _, _ in reads} == set(FieldType)


@pytest.mark.parametrize(
    ("typed", "rupiah"),
    [("1500000", 1_500_000), ("1.500.000", 1_500_000), ("Rp1.500.000,-", 1_500_000), ("500", 500), ("15.00", None),
     ("1.5000", None), ("", None), ("1e6", None), ("9" * 13, None), ("²", None)],
)  # fmt: skip
def test_money_is_rupiah_as_offices_write_it(typed, rupiah):
    assert money(typed) == rupiah


def test_a_missing_document_is_refused_with_how_to_give_it():
    [finding] = given(*way_to("appointed")).when("swear-in", documents=()).refused("missing-document")
    assert str(finding.message) == "the document berita-acara is missing"
    assert str(finding.remedy) == 'Add --document "berita-acara NUMBER DATE".'
    assert finding.rule == "PP 49/2018"


def test_a_document_that_is_not_asked_for_is_recorded_and_told():
    case = given(*way_to("appointed")).when("swear-in", documents=(paper("berita-acara"), paper("undangan")))
    [finding] = case.warned("unexpected-document")
    assert "undangan" in str(finding.message)
    assert "berita-acara" in str(finding.remedy)
    assert [one.kind for one in case.recorded.documents] == ["berita-acara", "undangan"]


def test_a_document_dated_after_its_act_is_a_warning_and_one_of_the_day_is_not():
    on = date(2025, 10, 23)
    case = given(*way_to("appointed"))
    [finding] = case.when("swear-in", on, documents=(paper("berita-acara", on + timedelta(days=1)),)).warned(
        "document-after-act"
    )
    assert "2025-10-24" in str(finding.message)
    given(*way_to("appointed")).when("swear-in", on, documents=(paper("berita-acara", on),)).warned()


def test_an_act_more_than_twelve_months_ahead_is_a_warning():
    given("register").when("verify", TODAY + FAR_AHEAD, documents=(paper("sptjm-opd"),)).warned()
    [finding] = given("register").when(
        "verify", TODAY + FAR_AHEAD + timedelta(days=1), documents=(paper("sptjm-opd"),)
    ).warned("far-ahead")  # fmt: skip
    assert "twelve months" in str(finding.message)


def test_a_missing_reason_is_refused_with_all_there_are():
    [finding] = given("register").when("classify-out", reason=None).refused("missing-reason")
    assert "cpns-only, no-selection, not-in-database, pppk-not-taken, other" in str(finding.remedy)
    assert "diktum 4-5" in finding.rule


def test_a_reason_that_is_none_of_the_step_is_refused():
    [finding] = given("register").when("classify-out", reason="because").refused("unknown-reason")
    assert str(finding.message) == "because is no reason of classify-out"
    assert "no-selection" in str(finding.remedy)


@pytest.mark.parametrize("typed", ["Budi sakit", "3673014101900099", "BUDI"])
def test_a_reason_in_free_words_is_refused_and_never_quoted(typed):
    [finding] = given("register").when("classify-out", reason=typed).refused("unknown-reason")
    assert str(finding.message) == "what was given is no reason of classify-out"


@pytest.mark.parametrize("typed", [None, "", "  "])
def test_a_missing_field_is_refused_with_how_to_give_it(typed):
    [finding] = given(*way_to("ni-assigned")).when("appoint", fields={"wage": typed}).refused("missing-field")
    assert finding.column == "wage"
    assert "--set wage=VALUE" in str(finding.remedy)
    assert "diktum 7, 19" in finding.rule


def test_a_field_that_the_step_has_not_is_refused_with_those_it_has():
    [finding] = given(*way_to("appointed")).when("swear-in", fields={"colour": "red"}).refused("unknown-field")
    assert str(finding.remedy) == "Its fields are: place."


def test_an_optional_field_that_is_left_empty_is_no_fact():
    case = given(*way_to("appointed")).when("swear-in", fields={"place": ""}).warned()
    assert case == []


def test_what_the_step_gives_itself_is_in_the_event():
    case = given("register", "classify-out").when("propose-late").accepted()
    assert case.recorded.outside_criteria is True


def test_the_fields_and_the_reason_are_in_the_event():
    case = given(*way_to("proposed")).when("reject", reason="cpns", fields={"scope": "general"})
    case.then(Rejected, scope="general", reason="cpns", step="reject", effective_on=FIRST + timedelta(days=3))


def test_a_note_and_a_ni_go_to_the_person_and_never_into_the_event():
    step = rules_of("nasional").procedure.steps["assign-ni"]
    asked = draft(step, whole(step, FIRST, note="keluarga minta ditunda"), TODAY)
    assert asked.personal == {"note": "keluarga minta ditunda", "ni": step.field("ni").example}
    assert asked.values == {}


def test_a_request_names_nothing_that_it_was_not_given():
    step = rules_of("nasional").procedure.steps["end-outsourcing"]
    asked = draft(step, Request(step.name, FIRST), TODAY)
    assert (asked.values, asked.personal, asked.findings, asked.documents) == ({}, {}, (), ())
