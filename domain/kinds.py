"""The catalog of events: topics are stored with every event and may never change; a class may move."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from domain import access, events, inbox, layers, office, service
from domain.events import Fact

KINDS: dict[str, type[Fact]] = {
    f"{kind.__name__}.1": kind
    for kind in (
        events.Registered,
        events.Verified,
        events.ClassifiedOut,
        events.LeftOut,
        events.SubmittedToKemenpanRb,
        events.ProposalReturned,
        events.ProposalResubmitted,
        events.Approved,
        events.Rejected,
        events.NeedAnnounced,
        events.NiProposed,
        events.NiReturned,
        events.NiResubmitted,
        events.NiRefused,
        events.Withdrawn,
        events.NiAssigned,
        events.Appointed,
        events.SwornIn,
        service.DutyStarted,
        events.PolicyReviewed,
        events.MeetingNoted,
        events.ReturnedToOpd,
        events.ConvertedToOutsourcing,
        events.OutsourcingEnded,
        events.NotRenewed,
        events.Died,
        service.Dismissed,
        service.Evaluated,
        service.CoachingStarted,
        service.CoachingEnded,
        service.Suspended,
        service.Reinstated,
        service.ContractExtended,
        service.ExitRequested,
        service.ExitDeferred,
        service.ExitRefused,
        service.Ended,
        service.FullTimeProposed,
        service.FullTimeNeedSet,
        service.ConversionRequested,
        service.Upgraded,
        service.UpgradeRefused,
        service.AppointmentCancelled,
        events.OutsourcingRenewed,
        events.HiredIndividually,
        events.LaidOff,
        events.Reopened,
        events.HoldPlaced,
        events.HoldReleased,
        events.PapersAttached,
        events.UnitMoved,
        service.ContractAmended,
        events.PersonAmended,
        layers.Corrected,
        layers.Rescinded,
        layers.Merged,
        layers.Migrated,
        office.ProcedureAdopted,
        office.HolidaysDecreed,
        office.CohortDefined,
        office.RosterShared,
        access.RoleGranted,
        access.RoleRevoked,
        inbox.Proposed,
        inbox.Queued,
        inbox.Settled,
    )
}
"""Topic to kind. The number after the dot is the version of the shape."""

TOPICS: dict[type[Fact], str] = {kind: topic for topic, kind in KINDS.items()}


class CaseEvent(NamedTuple):
    """A fact in its stream: the case it belongs to and its `seq` there, counted from 1."""

    originator_id: UUID
    originator_version: int
    fact: Fact
