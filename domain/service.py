"""What happened under contract: duty, evaluation, coaching, extension, endings, and the way to full time.

Acts like those of `domain.events`, by the same rules.
"""

from __future__ import annotations

from datetime import date

from domain.events import Act


class DutyStarted(Act, frozen=True, kw_only=True, omit_defaults=True):
    """Contract and SPMT: duty, and with it pay, starts. The contract's last day is included."""

    contract_start: date
    contract_end: date


class ContractAmended(Act, frozen=True, kw_only=True, omit_defaults=True):
    """Wage or job changed from a day on; what is absent stays."""

    wage: int | None = None
    position: str | None = None


class Evaluated(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The superior evaluated a period. scope: `quarter` or `year`; ended_on: its last day; predicate: SIASN's word."""

    scope: str
    ended_on: date
    predicate: str


class CoachingStarted(Act, frozen=True, kw_only=True, omit_defaults=True):
    """Coaching began. level: of the warning, as the contract's ladder names it."""

    level: str | None = None


class CoachingEnded(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The worker recovered; the contract goes on."""


class Suspended(Act, frozen=True, kw_only=True, omit_defaults=True):
    """Dismissed for a time; the reason code says why."""


class Reinstated(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The suspension ended and the contract goes on."""


class ContractExtended(Act, frozen=True, kw_only=True, omit_defaults=True):
    """A further contract follows the one that ends. Its last day is included."""

    contract_start: date
    contract_end: date


class ExitRequested(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The worker asked to leave. wished_on: the day from which."""

    wished_on: date | None = None


class ExitDeferred(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The PPK put the request off. until: the day to which."""

    until: date | None = None


class ExitRefused(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The PPK refused the request; the contract goes on."""


class Ended(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The contract ended; the stage says how: expired, left at own request, or at the age of retirement."""


class Dismissed(Act, frozen=True, kw_only=True, omit_defaults=True):
    """A dismissal; the stage says which of the three classes. legal_basis: as the decree cites it."""

    legal_basis: str


class AppointmentCancelled(Act, frozen=True, kw_only=True, omit_defaults=True):
    """Allocation, NI or SK was cancelled; the reason code says why. legal_basis: as the act cites it."""

    legal_basis: str | None = None


class FullTimeProposed(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The PPK proposed a full-time post for the worker."""


class FullTimeNeedSet(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The minister set the need for full-time posts."""


class ConversionRequested(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The PPK asked BKN for the change of status."""


class Upgraded(Act, frozen=True, kw_only=True, omit_defaults=True):
    """Appointed full time, which ends the case. opens: the number of the case that goes on. wage: rupiah a month."""

    opens: int | None = None
    wage: int


class UpgradeRefused(Act, frozen=True, kw_only=True, omit_defaults=True):
    """No full-time post; the part-time contract goes on."""
