"""Empty workbooks that an office fills in: headings with notes, drop-downs, and an example on a sheet of its own.

The sheet Data is the one that is imported. What the drop-downs offer stands on the sheet Lists (Daftar).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_col_to_name

from domain.errors import Misused
from domain.files import replaced
from domain.procedure import FieldRule, FieldType, Label, Step
from domain.text import text

_LAST_ROW = 1_048_575
_MOST = 10**9
_FIRST_DAY = date(1900, 1, 1)
_NO_CLOCK = datetime(1980, 1, 1)  # noqa: DTZ001  the workbook's "created": the same template gives the same bytes
_YES_NO = ("ya", "tidak")
_FORMATS = {FieldType.DATE: "yyyy-mm-dd", FieldType.INTEGER: "0", FieldType.MONEY: "#,##0"}
_EXAMPLES = {
    FieldType.DATE: "2025-10-01",
    FieldType.INTEGER: "1",
    FieldType.MONEY: "1500000",
    FieldType.NI: "199001012025211001",
    FieldType.UNIT: "Dinas Pendidikan",
    FieldType.BOOLEAN: "ya",
}
_KINDS = {
    FieldType.TEXT: Label("Text.", "Teks."),
    FieldType.DATE: Label("A date: year-month-day.", "Tanggal: tahun-bulan-hari."),
    FieldType.INTEGER: Label("A whole number.", "Bilangan bulat."),
    FieldType.MONEY: Label("Rupiah, without points.", "Rupiah, tanpa titik."),
    FieldType.CHOICE: Label("Choose from the list.", "Pilih dari daftar."),
    FieldType.NI: Label("18 digits, as text.", "18 angka, sebagai teks."),
    FieldType.UNIT: Label("A unit from the list, or its alias.", "Unit dari daftar, atau nama lainnya."),
    FieldType.BOOLEAN: Label("ya or tidak.", "ya atau tidak."),
}
_REQUIRED, _OPTIONAL = Label("Required.", "Wajib diisi."), Label("May be left empty.", "Boleh dikosongkan.")
_EXAMPLE, _LISTS = Label("Example", "Contoh"), Label("Lists", "Daftar")
_TOLD = Label("Example: {example}", "Contoh: {example}")
_NOT_HERE = Label(
    "This cell does not take that. See the note in the heading.", "Isian tidak sesuai. Lihat catatan di judul."
)


class _Heading(NamedTuple):
    """One column. heading: as it is imported again. note: what is needed, beyond its type."""

    heading: Label
    type: FieldType
    note: Label
    example: str
    required: bool = False
    choices: tuple[str, ...] = ()


def _column(
    english: str, indonesian: str, type_: FieldType, note: tuple[str, str], example: str, *choices: str
) -> _Heading:
    required = english in {"nik", "name", "unit"}
    return _Heading(Label(english, indonesian), type_, Label(*note), example, required, choices)


_IMPORT = (
    _column("nik", "NIK", FieldType.TEXT, ("16 digits, as text.", "16 angka, sebagai teks."), "3673014101900001"),
    _column("name", "Nama", FieldType.TEXT, ("Without titles.", "Tanpa gelar."), "Contoh Pegawai"),
    _column("unit", "Unit Kerja", FieldType.UNIT, ("The OPD.", "OPD tempat bekerja."), "Dinas Pendidikan"),
    _column("position", "Jabatan", FieldType.TEXT, ("The position.", "Nama jabatan."), "Pengelola Umum Operasional"),
    _column("education", "Pendidikan", FieldType.TEXT, ("Level and field.", "Jenjang dan jurusan."), "SMA"),
    _column("birth_date", "Tanggal Lahir", FieldType.DATE, ("Birth date.", "Tanggal lahir."), "1990-01-01"),
    _column("sex", "Jenis Kelamin", FieldType.CHOICE, ("L man, P woman.", "L laki-laki, P perempuan."), "P", "L", "P"),
    _column(
        "category", "Kategori", FieldType.CHOICE, ("R1 to R5 or Non-R.", "R1 sampai R5 atau Non-R."), "R3",
        "R1", "R2", "R3", "R4", "R5", "Non-R",
    ),
    _column(
        "in_bkn_database", "Database BKN", FieldType.BOOLEAN,
        ("In the database of BKN.", "Terdata di database BKN."), "ya",
    ),
    _column(
        "cpns_2024", "cpns_2024", FieldType.BOOLEAN,
        ("Took all stages of CPNS 2024.", "Mengikuti semua tahap CPNS 2024."), "tidak",
    ),
    _column(
        "pppk_2024", "pppk_2024", FieldType.BOOLEAN,
        ("Took all stages of PPPK 2024.", "Mengikuti semua tahap PPPK 2024."), "ya",
    ),
    _column(
        "first_contract", "TMT Kontrak Pertama", FieldType.DATE,
        ("First day of the first contract.", "Hari pertama kontrak pertama."), "2015-01-02",
    ),
    _column("wage", "Upah", FieldType.MONEY, ("Wage a month.", "Upah sebulan."), "1500000"),
    _column(
        "formation", "formation", FieldType.CHOICE,
        ("Part-time unless it says pppk.", "Paruh waktu, kecuali tertulis pppk."), "pppk-pw", "pppk-pw", "pppk",
    ),
    _column("note", "Keterangan", FieldType.TEXT, ("Anything else.", "Hal lain."), "-"),
)  # fmt: skip
_WHO = _Heading(
    Label("nik", "NIK"),
    FieldType.TEXT,
    Label(
        "16 digits, as text. To name cases instead, put `case` as the heading and case numbers below it.",
        "16 angka, sebagai teks. Untuk memakai nomor kasus, ganti judul menjadi `case` dan isi nomor kasus.",
    ),
    "3673014101900001",
    required=True,
)


def import_template(path: Path, *, units: Sequence[str], language: str) -> None:
    """Write the workbook for `import`, headings in the language. Raises Misused if `path` exists."""
    _write(path, _IMPORT, units, language)


def step_template(path: Path, step: Step, *, units: Sequence[str], language: str) -> None:
    """Write the workbook for `advance STEP --from FILE`: whom, the step's fields, its reason.

    Raises Misused if `path` exists.
    """
    columns = [_WHO, *(_of_field(rule, units) for rule in step.fields)]
    if step.reasons and step.field("reason") is None:
        columns.append(_of_reason(step))
    _write(path, columns, units, language)


def _of_field(rule: FieldRule, units: Sequence[str]) -> _Heading:
    """A column under the field's own name, which is what `--set` and a file's heading take."""
    first = units[0] if rule.type is FieldType.UNIT and units else None
    example = rule.example or first or next(iter(rule.choices), None) or _EXAMPLES.get(rule.type, "-")
    return _Heading(Label(rule.name, rule.name), rule.type, rule.label, example, rule.required, rule.choices)


def _of_reason(step: Step) -> _Heading:
    codes = tuple(reason.code for reason in step.reasons)
    note = Label(
        "; ".join(f"{reason.code}: {reason.label.en}" for reason in step.reasons),
        "; ".join(f"{reason.code}: {reason.label.id}" for reason in step.reasons),
    )
    return _Heading(Label("reason", "reason"), FieldType.CHOICE, note, codes[0], step.reason_required, codes)


def _write(path: Path, columns: Sequence[_Heading], units: Sequence[str], language: str) -> None:
    if path.exists():
        raise Misused(text("{file} exists already and was not touched. Choose another name.", file=path.name))
    with replaced(path) as draft:
        try:
            with closing(xlsxwriter.Workbook(str(draft), {"tmpdir": str(draft.parent)})) as book:
                book.set_properties({"created": _NO_CLOCK})
                _Template(book, language).fill(columns, units)
        except FileCreateError as error:
            inner = error.args[0]
            raise OSError(*(inner.args if isinstance(inner, OSError) else (None, str(inner)))) from error


class _Template:
    """A workbook being laid out: Data, Lists where there is something to choose, Example."""

    def __init__(self, book: Any, language: str) -> None:
        self.book, self.language = book, language
        self.bold = book.add_format({"bold": True, "num_format": "@"})
        self.formats = {kind: book.add_format({"num_format": _FORMATS.get(kind, "@")}) for kind in FieldType}

    def fill(self, columns: Sequence[_Heading], units: Sequence[str]) -> None:
        """Write the sheets in the order in which they stand."""
        data = self._sheet("Data", columns)
        lists = [self._offered(column, units) for column in columns]
        sources = self._lists(columns, lists) if any(lists) else [""] * len(columns)
        for place, (column, source) in enumerate(zip(columns, sources, strict=True)):
            data.write_comment(0, place, self._note(column), {"x_scale": 2, "y_scale": 2})
            rule = self._validation(column, source)
            if rule:
                data.data_validation(1, place, _LAST_ROW, place, rule)
        example = self._sheet(_EXAMPLE.in_language(self.language), columns)
        for place, column in enumerate(columns):
            self._example(example, place, column)

    def _sheet(self, name: str, columns: Sequence[_Heading]) -> Any:
        """A sheet with the headings, its columns formatted for what they hold."""
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            heading = column.heading.in_language(self.language)
            sheet.set_column(place, place, max(len(heading) + 2, 20), self.formats[column.type])
            sheet.write_string(0, place, heading, self.bold)
        return sheet

    @staticmethod
    def _offered(column: _Heading, units: Sequence[str]) -> Sequence[str]:
        """What may be chosen in a column; nothing if it is written freely."""
        if column.type is FieldType.UNIT:
            return units
        return column.choices or (_YES_NO if column.type is FieldType.BOOLEAN else ())

    def _lists(self, columns: Sequence[_Heading], lists: Sequence[Sequence[str]]) -> list[str]:
        """Write the sheet of choices; answer where each column's choices stand, empty if it has none."""
        name = _LISTS.in_language(self.language)
        sheet = self.book.add_worksheet(name)
        sources = []
        for column, offered in zip(columns, lists, strict=True):
            if not offered:
                sources.append("")
                continue
            place = sum(map(bool, sources))
            sheet.set_column(place, place, 30)
            sheet.write_string(0, place, column.heading.in_language(self.language), self.bold)
            for row, choice in enumerate(offered, 1):
                sheet.write_string(row, place, choice)
            letter = xl_col_to_name(place, col_abs=True)
            sources.append(f"={name}!{letter}$2:{letter}${len(offered) + 1}")
        return sources

    def _validation(self, column: _Heading, source: str) -> dict[str, Any] | None:
        """What the spreadsheet lets in; a unit may also be an alias, so another one is only asked about."""
        told = {"error_message": _NOT_HERE.in_language(self.language)}
        if source:
            kind = "warning" if column.type is FieldType.UNIT else "stop"
            return {"validate": "list", "source": source, "error_type": kind, **told}
        match column.type:
            case FieldType.DATE:
                return {"validate": "date", "criteria": ">=", "value": _FIRST_DAY, **told}
            case FieldType.MONEY:
                return {"validate": "integer", "criteria": ">=", "value": 0, **told}
            case FieldType.INTEGER:
                return {"validate": "integer", "criteria": ">=", "value": -_MOST, **told}
            case _:
                return None

    def _note(self, column: _Heading) -> str:
        """What the heading's comment says: meaning, type, whether it is needed, an example."""
        example = _TOLD.in_language(self.language).format(example=column.example)
        needed = _REQUIRED if column.required else _OPTIONAL
        parts = (column.note, _KINDS[column.type], needed)
        return "\n".join([*(part.in_language(self.language) for part in parts), example])

    def _example(self, sheet: Any, place: int, column: _Heading) -> None:
        """One filled cell below the heading, of the type that the column has."""
        form = self.formats[column.type]
        match _typed(column):
            case date() as day:
                sheet.write_datetime(1, place, day, form)
            case int() as number:
                sheet.write_number(1, place, number, form)
            case words:
                sheet.write_string(1, place, words, form)


def _typed(column: _Heading) -> date | int | str:
    """The example as its column holds it; as text where a procedure writes it for people, like `1 Oktober 2025`."""
    try:
        match column.type:
            case FieldType.DATE:
                return date.fromisoformat(column.example)
            case FieldType.INTEGER | FieldType.MONEY:
                return int(column.example)
            case _:
                return column.example
    except ValueError:
        return column.example
