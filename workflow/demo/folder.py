"""The folder of the demo: claimed by a file that lists what the demo made, so that nothing else is ever deleted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from xlsxwriter.exceptions import XlsxFileError

from domain.errors import EnvironmentFailed, Refused
from domain.files import reason_of
from domain.text import text
from workflow.demo.people import Person
from workflow.demo.workbooks import write_fields_csv, write_units_csv, write_workers_xlsx

MARK = "made-by-lantik-demo.txt"
REGISTER = "lantik.db"
COMMANDS = "commands.txt"

UNITS = "opd.csv"
IN_DATABASE = "nominatif-database.xlsx"
FULL_TIME = "nominatif-penuh-waktu-tahap-2.xlsx"
OUTSIDE = "nominatif-non-database.xlsx"
CLASSIFIED = "di-luar-klasifikasi.csv"
DRH = "usul-ni.csv"
BTS = "bts.csv"
TMS = "tms.csv"
WITHDRAWN = "drh-tidak-diisi.csv"
NI = "ni.csv"
WAGES = "upah-sk-paruh-waktu.csv"
SALARIES = "gaji-sk-penuh-waktu.csv"
LATE = "usulan-susulan.csv"
ANSWER = "jawaban-kemenpan.csv"
JOBS = "alih-daya.csv"

FILES = (
    *(REGISTER, COMMANDS, UNITS, IN_DATABASE, FULL_TIME, OUTSIDE, CLASSIFIED, DRH, BTS, TMS, WITHDRAWN),
    *(NI, WAGES, SALARIES, LATE, ANSWER, JOBS),
)
_BESIDE = (f"{REGISTER}-wal", f"{REGISTER}-shm")

Groups = Mapping[str, Sequence[Person]]

# what became of the 117 who were not ready; no source says it, so the split is ours
_UNREADY = {"returned": 60, "refused": 5, "withdrawn": 10, "deceased": 2, "waiting": 40}

_CLASSIFIED = {"susulan-149": "no-selection", "susulan-377": "cpns-only", "lain-805": "not-in-database"}
_LATE = {"susulan-149": "in-db-no-selection", "susulan-377": "cpns-not-in-db"}
_ANSWERED = {"susulan-149": "no-selection", "susulan-377": "cpns"}
_JOBS = {
    "Dinas Lingkungan Hidup": "cleaning",
    "UPT Tempat Pemrosesan Akhir Sampah": "cleaning",
    "Satuan Polisi Pamong Praja": "security",
    "Dinas Perhubungan": "driver",
    "Sekretariat Daerah Bagian Umum": "pramusaji",
}


def grouped(city: Sequence[Person]) -> dict[str, list[Person]]:
    """The people by the part of the story they are in; the 117 who were not ready also by what became of them."""
    groups: dict[str, list[Person]] = {}
    for person in city:
        groups.setdefault(person.group, []).append(person)
    unready = iter(groups["belum-siap"])
    for fate, number in _UNREADY.items():
        groups[fate] = list(islice(unready, number))
    return groups


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Tell what the disk refuses in one sentence. Raises EnvironmentFailed."""
    try:
        yield
    except (OSError, XlsxFileError) as error:
        raise EnvironmentFailed(
            text("The demo cannot write into {folder}: {reason}.", folder=folder, reason=reason_of(error))
        ) from error


def claim(folder: Path) -> None:
    """Make the folder ready: a new one, an empty one, or that of a former demo, whose files go.

    Raises Refused where something stands that is not of a demo; nothing was touched then.
    """
    with writing(folder):
        made = _made(folder)
        _refuse_what_is_not_ours(folder, made)
        for name in made or ():
            (folder / name).unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARK).write_text("".join(f"{name}\n" for name in (*FILES, *_BESIDE)), encoding="utf-8")


def _refuse_what_is_not_ours(folder: Path, made: Sequence[str] | None) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise Refused(text("{folder} is a file. Give another folder with --folder.", folder=folder))
    if made is None and any(folder.iterdir()):
        raise Refused(
            text(
                "{folder} holds something that is not of a former demo; nothing was touched. "
                "Give another folder with --folder.",
                folder=folder,
            )
        )
    in_the_way = [name for name in FILES if name not in (made or ()) and (folder / name).exists()]
    if in_the_way:
        raise Refused(
            text(
                "Not of the former demo in {folder}: {files}. Nothing was touched. "
                "Move it away, or give another folder with --folder.",
                folder=folder,
                files=", ".join(in_the_way),
            )
        )


def _made(folder: Path) -> tuple[str, ...] | None:
    """The files that a former demo says it made, of those that a demo makes; None if there was none."""
    mark = folder / MARK
    if not mark.is_file():
        return None
    named = mark.read_text(encoding="utf-8", errors="replace").splitlines()
    return tuple(name for name in (*FILES, *_BESIDE) if name in named)


def write_files(folder: Path, groups: Groups) -> None:
    """The lists that the offices of the story send."""
    ready = [*groups["paruh-waktu"], *groups["penuh-waktu"]]
    late = [*groups["susulan-149"], *groups["susulan-377"]]
    outside = [*late, *groups["lain-805"]]
    with writing(folder):
        write_units_csv(folder / UNITS)
        write_workers_xlsx(folder / IN_DATABASE, [*groups["paruh-waktu"], *groups["belum-siap"]])
        write_workers_xlsx(folder / FULL_TIME, groups["penuh-waktu"])
        write_workers_xlsx(folder / OUTSIDE, outside)
        write_fields_csv(folder / CLASSIFIED, outside, reason=lambda person: _CLASSIFIED[person.group])
        asked = [*ready, *groups["returned"], *groups["refused"]]
        write_fields_csv(folder / DRH, asked, drh_complete=lambda _person: "ya")
        write_fields_csv(folder / BTS, groups["returned"])
        write_fields_csv(folder / TMS, groups["refused"])
        write_fields_csv(folder / WITHDRAWN, groups["withdrawn"])
        write_fields_csv(folder / NI, ready, ni=lambda person: person.ni)
        write_fields_csv(folder / WAGES, groups["paruh-waktu"], wage=lambda person: str(person.wage_sk))
        write_fields_csv(folder / SALARIES, groups["penuh-waktu"], wage=lambda person: str(person.wage_sk))
        write_fields_csv(folder / LATE, late, reason=lambda person: _LATE[person.group])
        write_fields_csv(folder / ANSWER, late, reason=lambda person: _ANSWERED[person.group])
        write_fields_csv(folder / JOBS, outside, job=lambda person: _JOBS.get(person.worker.unit, "pramubakti"))
