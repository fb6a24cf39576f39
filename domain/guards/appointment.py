"""From the NI to the oath: whether the number fits the person, the wage the floor, the oath the decree."""

from __future__ import annotations

from collections.abc import Iterator

from domain.draft import Draft
from domain.findings import Finding, Severity
from domain.guards.guard import Guard
from domain.identity import ni_birth_date
from domain.procedure import Procedure
from domain.standing import Standing
from domain.text import Text, text


def ni_fits_person(standing: Standing, draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    """Import check 5: the NI begins with the birth date, and tells the sex; digits 13-14 are 21 so far."""
    ni = draft.personal.get("ni")
    if not ni:
        return
    if ni[12:14] != "21":
        yield _ni_warning("ni-digits", text("digits 13 and 14 of the NI are not 21"))
    sex = standing.values.get("sex")
    if sex and ni[14] != {"L": "1", "P": "2"}.get(sex):
        yield _ni_warning("ni-sex", text("the NI says another sex than the register"))
    born = standing.values.get("birth_date")
    if born and ni_birth_date(ni) != born:
        yield _ni_warning("ni-birth-date", text("the NI begins with another birth date than the register has"))


def _ni_warning(code: str, sentence: Text) -> Finding:
    remedy = text("Compare with the pertek; a wrong NI is corrected by BKN.")
    return Finding(code, sentence, remedy, "import check 5", Severity.WARNING)


def wage_floor(standing: Standing, draft: Draft, procedure: Procedure) -> Iterator[Finding]:
    """Diktum 19: at least the last pay as non-ASN, or the regional minimum wage."""
    wage, before = draft.values.get("wage"), standing.previous_wage
    minimum = procedure.parameter("minimum_wage", draft.on)
    if wage is None or before is None or standing.formation != "pppk-pw":
        return
    if wage < before and (minimum is None or wage < minimum):
        yield Finding(
            "wage-below-floor",
            text("the wage {wage} is below the last pay {before}", wage=wage, before=before),
            text("Give a wage of at least the last pay or the regional minimum wage."),
            rule="KepmenPANRB 16/2025 diktum 19",
        )


def oath_after_decree(standing: Standing, draft: Draft, _procedure: Procedure) -> Iterator[Finding]:
    """Import check 10: normal in some regions, but shown."""
    if standing.decree and standing.decree.dated and draft.on < standing.decree.dated:
        yield Finding(
            "oath-before-decree",
            text("the oath of {on} is before the decree of {dated}", on=draft.on, dated=standing.decree.dated),
            text("Check both dates; if both are right, nothing need be done."),
            "import check 10",
            Severity.WARNING,
        )


GUARDS = {
    "ni-fits-person": Guard(
        text("the NI fits birth date and sex"), ni_fits_person, needs_person=True, suppliable=True, who="BKN"
    ),
    "wage-floor": Guard(
        text("the wage is at least the last pay or the minimum wage"),
        wage_floor,
        suppliable=True,
        who="PPK",
        parameters=("minimum_wage",),
    ),
    "oath-after-decree": Guard(text("the oath follows the decree"), oath_after_decree, suppliable=True, who="mayor"),
}
