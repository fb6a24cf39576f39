"""What happened in the office: one data shape for each kind of act.

Events copy what was decided and hold no personal value: name, NIK, NI, birth date, sex, education and
notes are in the person's block outside the log, and an event holds only the commitment to it.
A new field needs a default; a changed meaning needs a new topic version (`domain.kinds`).
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from domain.document import Document


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every event says. effective_on: the TMT; of a layer, that of the act it lies over.

    documents: what the event rests on. commitment: SHA-256 (hex) over salt and the canonical block of
    personal values that this event states, None if it states none. proposed_by: who proposed what the actor of its
    command confirmed, None where one person did both.
    """

    effective_on: date
    documents: tuple[Document, ...] = ()
    commitment: str | None = None
    proposed_by: str | None = None


class Act(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """One step of a case, as it was decided.

    stage: where it led, None if the stage stayed; employment and ends: what that stage makes of the worker,
    and whether it closes the case, so that replay never asks a procedure. procedure: `name@version` it was
    judged under. replaces: seq of an act that this one takes the place of. claimed_on: the day on which an
    older system says it recorded the act.
    """

    step: str
    procedure: str
    stage: str | None = None
    employment: str | None = None
    ends: bool = False
    reason: str | None = None
    replaces: int | None = None
    claimed_on: date | None = None


class Registered(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The OPD named the worker. number: the case number. previous_wage: rupiah a month, as non-ASN.

    continues: the number of the ended case of the same person that this one follows. opened_by: the seq there of the
    act that opened this one (an upgrade); then wage is what its decree says, rupiah a month.
    """

    number: int
    person: UUID
    unit: str
    position: str | None = None
    category: str | None = None
    formation: str = "pppk-pw"
    in_bkn_database: bool | None = None
    cpns_2024: bool | None = None
    pppk_2024: bool | None = None
    first_contract: date | None = None
    previous_wage: int | None = None
    continues: int | None = None
    opened_by: int | None = None
    wage: int | None = None


class Verified(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The agency confirmed that the worker is active and the file is in order."""


class ClassifiedOut(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The worker is outside the classification; the reason code says why."""


class LeftOut(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The PPK ticked "not proposed", with one of the four reasons."""


class SubmittedToKemenpanRb(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The PPK proposed the worker's post. outside_criteria: by a supplementary letter, past the criteria."""

    formation: str | None = None
    outside_criteria: bool = False


class ProposalReturned(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The ministry sent the proposal back to be mended."""


class ProposalResubmitted(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The mended proposal went back to the ministry."""


class Approved(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The minister set the need: number, job, qualification, unit."""


class Rejected(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The ministry did not agree. scope: `person`, or `general` for a letter that names nobody."""

    scope: str


class NeedAnnounced(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The agency announced the allocation; workers fill in their DRH."""


class NiProposed(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The PPK asked BKN for a NI. drh_complete: the worker's set of papers is complete; drh_filed_on: since when."""

    drh_complete: bool
    drh_filed_on: date | None = None


class NiReturned(Act, frozen=True, kw_only=True, omit_defaults=True):
    """BTS: BKN sent the file back; it can be mended and sent again."""


class NiResubmitted(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The mended file, a new version, went back to BKN."""


class NiRefused(Act, frozen=True, kw_only=True, omit_defaults=True):
    """TMS: BKN refused, which is final on this path."""


class Withdrawn(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The worker withdrew, or did not file the DRH in time."""


class NiAssigned(Act, frozen=True, kw_only=True, omit_defaults=True):
    """BKN's pertek set the NI, which is in the person's block."""


class Appointed(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The SK; its effective date is the TMT. wage: rupiah a month as the SK shows it."""

    wage: int
    sk_form: str | None = None


class SwornIn(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The oath was taken; the minutes are the document."""

    place: str | None = None


class PolicyReviewed(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The case waits for a decision of policy."""


class MeetingNoted(Act, frozen=True, kw_only=True, omit_defaults=True):
    """A meeting spoke about the case; the stage stays. topic: as the minutes name it."""

    topic: str | None = None


class ReturnedToOpd(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The worker was returned to the OPD."""


class ConvertedToOutsourcing(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The worker goes on as outsourced. vendor, contract_end: may come later, so may be absent."""

    vendor: str | None = None
    job: str | None = None
    contract_end: date | None = None


class OutsourcingEnded(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The outsourcing contract ended."""


class NotRenewed(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The old contract was not extended."""


class Died(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The worker died on the effective date; the certificate comes later."""


class OutsourcingRenewed(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The worker goes on under a further contract of a vendor or provider; what is absent stays."""

    vendor: str | None = None
    contract_end: date | None = None


class HiredIndividually(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The worker goes on as an individual provider (PJLP)."""

    job: str | None = None
    contract_end: date | None = None


class LaidOff(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The worker was laid off (dirumahkan)."""


class Reopened(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The case begins again from the list, by a new policy or a finding of a court or APIP."""


class HoldPlaced(Act, frozen=True, kw_only=True, omit_defaults=True):
    """Police or APIP look into the case: what would end or convert it waits."""


class HoldReleased(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The hold is over."""


class PapersAttached(Act, frozen=True, kw_only=True, omit_defaults=True):
    """Papers were added to the case; nothing else changed."""


class UnitMoved(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The worker moved to another unit of the agency."""

    unit: str


class PersonAmended(Act, frozen=True, kw_only=True, omit_defaults=True):
    """A personal value changed from a day on, such as a name; the values are in the block."""
