"""The named rules that procedures ask for. Each looks at the case and the draft, and returns findings.

All guards of a step run, so that a clerk sees every reason at once. Sentences never hold a NIK, NI or name.
A rule that sources leave open reads a parameter of the procedure. One module for each part of a worker's way.
"""

from __future__ import annotations

from domain.guards import appointment, contract, dismissal, hold, leaving, proposal, upgrade
from domain.guards.guard import Guard

__all__ = ["GUARDS", "Guard"]

GUARDS: dict[str, Guard] = {
    **proposal.GUARDS,
    **appointment.GUARDS,
    **contract.GUARDS,
    **upgrade.GUARDS,
    **leaving.GUARDS,
    **dismissal.GUARDS,
    **hold.GUARDS,
}
