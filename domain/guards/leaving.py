"""Endings that nobody is blamed for: leaving at own request, and the age of retirement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from domain.draft import Draft
from domain.findings import Finding, Severity
from domain.guards.guard import Guard, strictness
from domain.procedure import Procedure
from domain.standing import Standing
from domain.text import text

_AGE_RULE = "UU 20/2023 art. 55"


def contract_mostly_served(standing: Standing, draft: Draft, procedure: Procedure) -> Iterator[Finding]:
    """PP 49/2018 art. 56: a request is granted once most of the contract is served; a share of days, in percent."""
    start, end = standing.contract_start, standing.contract_end
    share = procedure.parameter("exit_share", draft.on)
    if start is None or end is None or share is None:
        return
    whole = (end - start).days + 1
    served = max((draft.on - start).days, 0)
    if served * 100 < share * whole:
        enough = start + timedelta(days=-(-share * whole // 100))
        yield Finding(
            "contract-not-served",
            text(
                "{served} of {whole} days of the contract are served, under {share} percent",
                served=served,
                whole=whole,
                share=share,
            ),
            text("Use defer-exit or refuse-exit, or grant it from {enough} on.", enough=enough),
            "PP 49/2018 art. 56",
            strictness(procedure, f"early_exit_{standing.formation.replace('-', '_')}", draft.on),
        )


def age_reached(standing: Standing, draft: Draft, procedure: Procedure) -> Iterator[Finding]:
    """The age depends on the job; the day is the first of the month after the birthday. Never says the birth date."""
    age = retirement_age(procedure, standing.position or "", draft.on)
    born = standing.values.get("birth_date")
    if age is None:
        return
    if born is None:
        yield Finding(
            "age-unknown",
            text("the register has no birth date, so the age of {age} was not checked", age=age),
            text("Check the birth date against the papers; it is recorded with amend-person."),
            _AGE_RULE,
            Severity.WARNING,
        )
    elif _age(born, draft.on) < age:
        yield Finding(
            "age-not-reached",
            text("the worker does not reach the age of {age}, that of the job, by {on}", age=age, on=draft.on),
            text("Give a day after the birthday; check the birth date and the job."),
            rule=_AGE_RULE,
        )
    elif draft.on != _first_of_next_month(born, age):
        yield Finding(
            "not-month-after-birthday",
            text("{on} is not the first of the month after the birthday", on=draft.on),
            text("Check the date; if the decree says so, nothing need be done."),
            _AGE_RULE,
            Severity.WARNING,
        )


def retirement_age(procedure: Procedure, position: str, day: date) -> int | None:
    """The age in years at which a job ends, in force on `day`: of the first words found in it, else the common one."""
    for entry in procedure.parameter("retirement_age_by_job", day) or ():
        words, _, years = str(entry).rpartition(":")
        if words.casefold() in position.casefold() and years.isdigit():
            return int(years)
    common = procedure.parameter("retirement_age", day)
    return int(common) if common is not None else None


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _first_of_next_month(born: date, age: int) -> date:
    months = (born.year + age) * 12 + born.month
    return date(months // 12, months % 12 + 1, 1)


GUARDS = {
    "contract-mostly-served": Guard(
        text("most of the contract is served"),
        contract_mostly_served,
        who="PPK",
        parameters=("exit_share", "early_exit_pppk", "early_exit_pppk_pw"),
    ),
    "age-reached": Guard(
        text("the worker reached the retirement age of the job"),
        age_reached,
        needs_person=True,
        who="worker",
        parameters=("retirement_age", "retirement_age_by_job"),
    ),
}
