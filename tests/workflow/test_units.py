"""Units and their other names: taken as written until a list is loaded, refused with the nearest afterwards."""

from __future__ import annotations

import msgspec
import pytest

from domain.errors import Refused
from domain.findings import Finding
from domain.text import text
from tests.engine import CLERK, codes, workers
from workflow.intake.units import UnitRow
from workflow.units import add_alias, import_units, key_of, list_units, unit_names

LIST = [
    UnitRow(2, "Dinas Kesehatan", "1.02.01", ("Dinkes",), ()),
    UnitRow(3, "Dinas Pendidikan", None, ("Dindik", "Disdik"), ()),
    UnitRow(4, "Dinas Perhubungan", "2.15.01", (), ()),
    UnitRow(5, "Inspektorat", None, (), ()),
]


def at(unit: str, seed: int = 3):
    return msgspec.structs.replace(workers(1, seed)[0], unit=unit)


def units_of(engine) -> list[str]:
    return [stream[0].act.unit for _, stream in engine.register.log_of_events.streams(range(1, 10))]


def test_without_a_list_new_units_are_taken_as_written_with_one_warning(engine):
    outcome = engine.imports([at("Dinas B", 3), at("Dinas A", 4), at("dinas  b.", 5)])
    assert codes(outcome) == []
    [note] = outcome.notes
    assert str(note.message) == "2 units are new and were taken as written: Dinas A; Dinas B"
    assert (note.severity.value, note.rule) == ("warning", "import check 16")
    assert units_of(engine) == ["Dinas B", "Dinas A", "Dinas B"]


def test_a_refused_row_makes_no_unit(engine):
    one = at("Dinas A")
    engine.imports([one])
    engine.imports([msgspec.structs.replace(one, unit="Dinas C"), at("Dinas D", 4)], partial=True)
    assert [unit.name for unit in list_units(engine.register)] == ["Dinas A", "Dinas D"]


def test_with_a_list_an_unknown_unit_is_refused_with_the_three_nearest(engine):
    assert import_units(engine.register, LIST, CLERK) == (4, [])
    outcome = engine.imports([at("Dinas Kesehatn")])
    [finding] = outcome.rows[0].findings
    assert (finding.code, finding.column, finding.rule) == ("unknown-unit", "unit", "import check 16")
    named = str(finding.remedy).removeprefix("The nearest are: ").split(".")[0].split("; ")
    assert (named[0], len(named)) == ("Dinas Kesehatan", 3)
    assert "lantik unit alias" in str(finding.remedy)


def test_a_unit_and_its_aliases_mean_one_unit_however_they_are_spelt(engine):
    import_units(engine.register, LIST, CLERK)
    engine.imports([at("DINKES", 3), at("dinas kesehatan", 4), at("Dinas-Kesehatan", 5), at("Disdik", 6)])
    assert units_of(engine) == ["Dinas Kesehatan"] * 3 + ["Dinas Pendidikan"]


def test_loading_the_list_again_changes_nothing(engine):
    import_units(engine.register, LIST, CLERK)
    before = engine.rows("SELECT * FROM command")
    assert import_units(engine.register, LIST, CLERK) == (0, [])
    assert engine.rows("SELECT * FROM command") == before


def test_a_list_with_a_fault_is_refused_whole(engine):
    broken = Finding("no-name", text("there is no name"))
    rows = [*LIST, UnitRow(6, "Dinas Kesehatan", None, (), ()), UnitRow(7, "X", None, (), (broken,))]
    count, findings = import_units(engine.register, rows, CLERK)
    assert (count, [(row, finding.code) for row, finding in findings]) == (0, [(6, "named-twice"), (7, "no-name")])
    assert list_units(engine.register) == []


def test_an_alias_is_added_once_and_never_taken_from_another_unit(engine):
    import_units(engine.register, LIST, CLERK)
    assert add_alias(engine.register, "Dinas Sehat", "dinkes", CLERK) == "Dinas Kesehatan"
    with pytest.raises(Refused, match="already names a unit"):
        add_alias(engine.register, "DINDIK", "Inspektorat", CLERK)
    with pytest.raises(Refused, match="There is no unit Dinas X"):
        add_alias(engine.register, "X", "Dinas X", CLERK)
    [health] = [unit for unit in list_units(engine.register) if unit.name == "Dinas Kesehatan"]
    assert (health.aliases, health.listed, health.code) == (["Dinas Sehat", "Dinkes"], True, "1.02.01")


def test_a_unit_that_somebody_types_is_found_by_name_or_alias_and_else_told_the_nearest(engine):
    import_units(engine.register, LIST, CLERK)
    assert unit_names(engine.register, ["disdik", "INSPEKTORAT"]) == ("Dinas Pendidikan", "Inspektorat")
    assert unit_names(engine.register, []) == ()
    with pytest.raises(Refused, match=r"no unit Inspektur\. The nearest are: Inspektorat;"):
        unit_names(engine.register, ["Inspektur"])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Dinas Kesehatan", " dinas  KESEHATAN ", True),
        ("Kec. Serang", "Kec Serang", True),
        ("Setda/Umum", "Setda Umum", True),
        ("Dinas 1", "Dinas 2", False),
        ("SD Negeri 1 A", "SD Negeri 1A", False),
    ],
)
def test_spellings_of_one_unit_have_a_key_in_common(one, other, same):
    assert (key_of(one) == key_of(other)) is same


def test_listing_units_takes_the_same_statements_for_few_and_many(engine):
    counted = []
    for rows in (LIST, [UnitRow(n, f"Kelurahan {n}", None, (f"Kel {n}",), ()) for n in range(100)]):
        import_units(engine.register, rows, CLERK)
        before = engine.statements
        list_units(engine.register)
        counted.append(engine.statements - before)
    assert counted[0] == counted[1]
