import errno
import io
import os
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from domain.document import Document
from domain.errors import EnvironmentFailed, Misused
from domain.findings import Finding, Severity
from domain.text import text
from projections.export.answers import Answer, Column, write

WIB = timezone(timedelta(hours=7))
COLUMNS = [
    Column("case", text("Case")),
    Column("name", text("Name")),
    Column("since", text("Since")),
    Column("wage", text("Wage"), right=True),
    Column("documents", text("Documents")),
]
ROWS = [
    {
        "case": "36.73-000001",
        "name": "Siti Contoh",
        "since": date(2025, 10, 1),
        "wage": 1500000,
        "documents": (Document("sk", "821/17", date(2025, 9, 20)), Document("pertek", "PW-1")),
    },
    {"case": "36.73-000002", "name": "Ujang “Contoh”, é", "since": None, "wage": None, "documents": ()},
]


def printed(answer, form, **options):
    out = io.StringIO()
    write(answer, form, None, out, **{"translate": str, **options})
    return out.getvalue()


def test_json_is_a_list_with_one_row_a_line():
    assert printed(Answer(COLUMNS, ROWS), "json") == (
        "[\n"
        '{"case":"36.73-000001","name":"Siti Contoh","since":"2025-10-01","wage":1500000,"documents":['
        '{"kind":"sk","number":"821/17","dated":"2025-09-20","issuer":null,"sha256":null},'
        '{"kind":"pertek","number":"PW-1","dated":null,"issuer":null,"sha256":null}]},\n'
        '{"case":"36.73-000002","name":"Ujang “Contoh”, é","since":null,"wage":null,"documents":[]}\n'
        "]\n"
    )


def test_json_of_nothing_is_an_empty_list():
    assert printed(Answer(COLUMNS, []), "json") == "[\n]\n"


def test_json_of_a_single_answer_is_one_object():
    assert printed(Answer(COLUMNS[:2], ROWS[1:], single=True), "json").startswith('{"case":"36.73-000002",')


def test_a_single_answer_has_exactly_one_row():
    with pytest.raises(ValueError, match="too many values"):
        printed(Answer(COLUMNS, ROWS, single=True), "json")


def test_json_keeps_the_order_of_the_columns_then_what_else_the_row_holds():
    row = {"more": 1, "name": "Siti Contoh"}
    assert printed(Answer(COLUMNS[:2], [row]), "jsonl") == '{"case":null,"name":"Siti Contoh","more":1}\n'


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (datetime(2026, 3, 1, 14, 5, 9, 123456, WIB), '"2026-03-01T14:05:09.123456+07:00"'),
        (UUID(int=7), '"00000000-0000-0000-0000-000000000007"'),
        (Decimal("1.50"), '"1.50"'),
        (True, "true"),
        ((1, (2,)), "[1,[2]]"),
        ({"b", "a"}, '["a","b"]'),
        (text("{n} rows", n=3), '"3 rows"'),
        (Severity.WARNING, '"warning"'),
        (
            Finding("late", text("{n} days late.", n=3)),
            '{"code":"late","message":"3 days late.","remedy":"","rule":"","severity":"error","column":null}',
        ),
    ],
)
def test_json_writes_values_as_programs_read_them(value, written):
    assert printed(Answer([Column("v", text("V"))], [{"v": value}]), "jsonl") == f'{{"v":{written}}}\n'


def test_csv_has_keys_iso_dates_and_lists_as_json():
    assert printed(Answer(COLUMNS, ROWS), "csv") == (
        "case,name,since,wage,documents\n"
        "36.73-000001,Siti Contoh,2025-10-01,1500000,"
        '"[{""kind"":""sk"",""number"":""821/17"",""dated"":""2025-09-20"",""issuer"":null,""sha256"":null},'
        '{""kind"":""pertek"",""number"":""PW-1"",""dated"":null,""issuer"":null,""sha256"":null}]"\n'
        '36.73-000002,"Ujang “Contoh”, é",,,[]\n'
    )


@pytest.mark.parametrize("form", ["jsonl", "csv", "json", "table"])
def test_rows_are_written_as_they_come(form):
    out, seen = io.StringIO(), []

    def rows() -> Iterator[dict[str, object]]:
        for number in range(5000):
            seen.append(out.tell())
            yield {"case": f"36.73-{number:06}"}

    write(Answer(COLUMNS[:1], rows()), form, None, out, translate=str)
    assert seen[4999] > 4000 * len("36.73-000000")  # the last row was asked for after most were written


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_200_000_rows_are_never_held_together(form, tmp_path):
    alive, most = 0, 0

    class Row(dict):
        def __init__(self, number):
            nonlocal alive, most
            super().__init__(case=number)
            alive += 1
            most = max(most, alive)

        def __del__(self):
            nonlocal alive
            alive -= 1

    rows = (Row(number) for number in range(200_000))
    write(Answer(COLUMNS[:1], rows), form, tmp_path / "out", io.StringIO(), translate=str)
    assert most <= 3


@pytest.mark.parametrize("form", ["table", "csv", "json", "jsonl", "xlsx"])
class TestAFileIsWholeOrNotThere:
    def half(self):
        yield ROWS[0]
        raise Misused(text("The register went away."))

    def test_a_failure_half_way_leaves_no_file(self, form, tmp_path):
        with pytest.raises(Misused):
            write(Answer(COLUMNS, self.half()), form, tmp_path / "out", io.StringIO(), translate=str)
        assert list(tmp_path.iterdir()) == []

    def test_a_failure_half_way_leaves_the_old_file(self, form, tmp_path):
        old = tmp_path / "out"
        old.write_text("as it was")
        with pytest.raises(Misused):
            write(Answer(COLUMNS, self.half()), form, old, io.StringIO(), translate=str)
        assert old.read_text() == "as it was"
        assert list(tmp_path.iterdir()) == [old]

    def test_ctrl_c_leaves_the_old_file(self, form, tmp_path):
        def interrupted():
            yield ROWS[0]
            raise KeyboardInterrupt

        old = tmp_path / "out"
        old.write_text("as it was")
        with pytest.raises(KeyboardInterrupt):
            write(Answer(COLUMNS, interrupted()), form, old, io.StringIO(), translate=str)
        assert old.read_text() == "as it was"
        assert list(tmp_path.iterdir()) == [old]

    def test_a_good_one_takes_the_place_of_the_old_file_and_keeps_its_mode(self, form, tmp_path):
        old = tmp_path / "out"
        old.write_text("as it was")
        old.chmod(0o640)
        write(Answer(COLUMNS, ROWS), form, old, io.StringIO(), translate=str)
        assert old.read_bytes() != b"as it was"
        assert old.stat().st_mode & 0o777 == 0o640
        assert list(tmp_path.iterdir()) == [old]

    def test_a_folder_that_is_not_there_is_told(self, form, tmp_path):
        with pytest.raises(EnvironmentFailed, match=r"Cannot write out\.x: No such file or directory"):
            write(Answer(COLUMNS, ROWS), form, tmp_path / "none" / "out.x", io.StringIO(), translate=str)

    def test_a_full_disk_is_told(self, form, tmp_path, monkeypatch):
        def full(descriptor):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(EnvironmentFailed, match="Cannot write out: No space left on device"):
            write(Answer(COLUMNS, ROWS), form, tmp_path / "out", io.StringIO(), translate=str)
        assert list(tmp_path.iterdir()) == []


def test_a_folder_is_not_replaced(tmp_path):
    with pytest.raises(EnvironmentFailed, match="it is a folder"):
        write(Answer(COLUMNS, ROWS), "csv", tmp_path, io.StringIO(), translate=str)


def test_a_link_stays_a_link(tmp_path):
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old")
    link.symlink_to(real)
    write(Answer(COLUMNS, ROWS), "csv", link, io.StringIO(), translate=str)
    assert link.is_symlink()
    assert real.read_text().startswith("case,")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_device_is_written_and_not_replaced(form):
    write(Answer(COLUMNS, ROWS), form, Path(os.devnull), io.StringIO(), translate=str)
    assert not Path(os.devnull).is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_a_full_device_is_told():
    with pytest.raises(EnvironmentFailed, match="Cannot write full: No space left on device"):
        write(Answer(COLUMNS, ROWS), "csv", Path("/dev/full"), io.StringIO(), translate=str)


def test_a_disk_that_fills_up_while_a_workbook_is_packed_is_told(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("xlsxwriter.workbook.ZipFile", full)
    with pytest.raises(EnvironmentFailed, match=r"Cannot write out\.xlsx: No space left on device"):
        write(Answer(COLUMNS, ROWS), "xlsx", tmp_path / "out.xlsx", io.StringIO(), translate=str)
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_needs_a_file():
    with pytest.raises(Misused, match="Give -o FILE"):
        printed(Answer(COLUMNS, ROWS), "xlsx")


def test_an_unknown_format_is_refused_with_the_known_ones():
    with pytest.raises(Misused, match="table, csv, json, jsonl, xlsx"):
        printed(Answer(COLUMNS, ROWS), "pdf")


@pytest.mark.parametrize("form", ["table", "csv", "json", "jsonl"])
def test_a_broken_pipe_is_left_to_the_command_line(form):
    class Closed(io.StringIO):
        def write(self, words):
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")

        writelines = write

    with pytest.raises(BrokenPipeError):
        write(Answer(COLUMNS, ROWS), form, None, Closed(), translate=str)
