"""Rules over the columns of one worker: what contradicts itself, and what the law asks somebody to decide."""

from __future__ import annotations

from datetime import date

from domain.findings import Finding, Severity
from domain.identity import nik_day_and_sex
from domain.text import text
from domain.worker import Worker

_BAN = date(2023, 10, 31)  # UU 20/2023 took force on this day
_YOUNGEST = 18
_RETIREMENT = 58
_ALWAYS_IN_DATABASE = frozenset({"R3", "R3b", "R3T"})
_NEVER_IN_DATABASE = frozenset({"R4", "Non-R"})
_ASK_DATABASE = text("Look the worker up in the BKN database; the agency's head of personnel data decides.")


def check_worker(worker: Worker, on: date) -> list[Finding]:
    """What the columns of one worker say against each other, as of the day `on`.

    Columns are named canonically. The wage floor, the unit and whatever needs the register are judged by the import.
    """
    found: list[Finding] = []
    _check_nik(worker, found)
    if worker.birth_date is not None:
        _check_birth_date(worker.birth_date, on, found)
    if worker.first_contract is not None:
        _check_first_contract(worker.first_contract, worker.birth_date, found)
    if worker.wage is not None and worker.wage <= 0:
        found.append(_NO_WAGE)
    if worker.category in _ALWAYS_IN_DATABASE and worker.in_bkn_database is False:
        found.append(_NOT_IN_DATABASE)
    if worker.category in _NEVER_IN_DATABASE and worker.in_bkn_database:
        found.append(_IN_DATABASE)
    if worker.cpns_2024 and worker.pppk_2024:
        found.append(_BOTH_SELECTIONS)
    return found


def _check_nik(worker: Worker, found: list[Finding]) -> None:
    day, sex = nik_day_and_sex(worker.nik)
    if worker.birth_date is not None and day != f"{worker.birth_date:%d%m%y}":
        found.append(_OTHER_BIRTH_DATE)
    if worker.sex is not None and sex != worker.sex:
        found.append(_OTHER_SEX)


def _check_birth_date(born: date, on: date, found: list[Finding]) -> None:
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    if born > on:
        found.append(_BORN_LATER)
    elif age < _YOUNGEST:
        found.append(_TOO_YOUNG)
    elif age >= _RETIREMENT:
        found.append(_TOO_OLD)


def _check_first_contract(first: date, born: date | None, found: list[Finding]) -> None:
    if born is not None and first <= born:
        found.append(_CONTRACT_BEFORE_BIRTH)
    if first > _BAN:
        found.append(_AFTER_BAN)


_OTHER_BIRTH_DATE = Finding(
    "nik-birth-date-differs",
    text("The birth date differs from the one in the NIK."),
    text("Compare it with the identity card; a NIK is never changed, even where its date is wrong."),
    "import check 3",
    Severity.WARNING,
    "birth_date",
)
_OTHER_SEX = Finding(
    "nik-sex-differs",
    text("The sex differs from the one in the NIK."),
    text("Compare it with the identity card."),
    "import check 3",
    Severity.WARNING,
    "sex",
)
_BORN_LATER = Finding(
    "birth-date-in-future",
    text("The birth date lies after the day of the import."),
    text("Enter the birth date from the identity card."),
    "import check 8",
    column="birth_date",
)
_TOO_YOUNG = Finding(
    "age-below-18",
    text("The worker is younger than {age}.", age=_YOUNGEST),
    text("Compare the birth date with the identity card."),
    "import check 18",
    Severity.WARNING,
    "birth_date",
)
_TOO_OLD = Finding(
    "age-of-retirement",
    text("The worker is {age} or older, the age of retirement in most positions.", age=_RETIREMENT),
    text("Compare the birth date with the identity card, and the position with its age limit."),
    "import check 18",
    Severity.WARNING,
    "birth_date",
)
_CONTRACT_BEFORE_BIRTH = Finding(
    "contract-before-birth",
    text("The first contract is not later than the birth date."),
    text("Compare both dates with the documents."),
    "import check 8",
    column="first_contract",
)
_AFTER_BAN = Finding(
    "first-contract-after-ban",
    text(
        "The first contract was made after {ban}, when new non-ASN workers were no longer allowed.",
        ban=_BAN.isoformat(),
    ),
    text("Enter the date of the first decree, or have the appointing authority (PPK) decide on the worker."),
    "UU 20/2023 art. 66; import check 12",
    Severity.QUESTION,
    "first_contract",
)
_NO_WAGE = Finding(
    "wage-not-positive",
    text("The wage is zero or less."),
    text("Enter the wage of a month in rupiah, or leave the cell empty."),
    "import check 14",
    column="wage",
)
_NOT_IN_DATABASE = Finding(
    "category-needs-database",
    text("The category is one of workers in the BKN database, but the list says that this one is not in it."),
    _ASK_DATABASE,
    "import check 19",
    Severity.QUESTION,
    "in_bkn_database",
)
_IN_DATABASE = Finding(
    "category-excludes-database",
    text("The category is one of workers outside the BKN database, but the list says that this one is in it."),
    _ASK_DATABASE,
    "import check 19",
    Severity.QUESTION,
    "in_bkn_database",
)
_BOTH_SELECTIONS = Finding(
    "both-selections",
    text("Both selections of 2024, CPNS and PPPK, are marked."),
    text("Keep the one that the worker took to the end."),
    "import check 20",
    Severity.WARNING,
    "cpns_2024",
)
