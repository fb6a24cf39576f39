"""What the tests of mending the past ask of an office: a case as it stands, its events, the command of a step."""

from __future__ import annotations

from typing import Any

from tests.office import Office

FIRST, SECOND, THIRD, FOURTH = (f"36.73-{number:06}" for number in (1, 2, 3, 4))
PAPERS = ("--document", "surat-usulan 800/2 2025-08-20", "--document", "sptjm-ppk 800/3 2025-08-20")
BECAUSE = ("--reason", "keliru")
NOBODY = "00000000-0000-4000-8000-000000000000"


def shown(office: Office, case: str, *times: str) -> dict[str, Any]:
    return dict(office.json("show", case, *times))


def events(office: Office, case: str, *times: str) -> list[dict[str, Any]]:
    return list(office.json("history", case, *times))


def stands(office: Office, case: str, *times: str) -> tuple[str, str]:
    """The stage of a case and the day since when."""
    case_shown = shown(office, case, *times)
    return case_shown["stage"], case_shown["since"]


def command_of(office: Office, step: str) -> str:
    """The one command that recorded a step."""
    [command] = {row["command"] for row in office.json("log", "--step", step)}
    return str(command)


def notes(office: Office, case: str, on: str = "2025-08-19") -> None:
    """A minute in the case, which leaves its stage as it is."""
    office.ok("advance", "minute", case, "--on", on, "--document", f"notulen 100/1 {on}")


def propose(office: Office) -> Office:
    """The same office after it proposed all of the verified, on 2025-08-20."""
    office.ok("advance", "propose", "--all", "--on", "2025-08-20", *PAPERS, at="2025-08-20")
    return office
