"""What the demo asks of the register once the year is recorded, and how it shows the answers at 100 columns."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence

from domain.text import Text, text
from workflow.demo.figures import PUBLISHED, measured
from workflow.demo.folder import COMMANDS, FILES, REGISTER
from workflow.demo.office import Clerk, as_typed
from workflow.demo.story import LETTER, RAHMAT, at

WIDTH = 100

AFTERWARDS = at("2026-01-22 09:00")
DAYS = ("2025-10-22", "2025-10-23", "2025-12-31", "2026-01-20")
STATUSES = ("non-asn", "pppk-pw", "pppk", "outsourced", "none")
BELIEFS = ("2026-01-15", "2026-01-21")
FIRST_STAGES = (
    *("drh-filling", "ni-proposed", "ni-returned", "ni-refused", "withdrawn", "deceased"),
    *("ni-assigned", "appointed", "sworn-in"),
)
LAST_STAGES = ("proposed", "not-eligible", "rejected", "returned-to-opd", "outsourced")


DECLARED = (
    ("2025-10-23", "oath", "oath-part-time", "oath-full-time"),
    ("2025-12-12", "late", "late-in-database", "late-not-in-database"),
    ("2025-12-12", "unsettled", "late", "others"),
    ("2026-01-20", "outsourced", "unsettled"),
)


def ask_register(clerk: Clerk) -> str:
    """Show what the register answers; the case that the history is of."""
    _totals(clerk)
    _beliefs(clerk)
    rejected = clerk.ask(AFTERWARDS, "log", "--step", "reject")
    case: str = next(row["case"] for row in rejected if row["reason"] == "cpns")
    _title(clerk, text("One worker's history, case {case}", case=case))
    _answered(clerk, "history", case)
    _declared_totals(clerk)
    _owed(clerk)
    _refusal(clerk)
    _under_two_procedures(clerk, case)
    return case


def _totals(clerk: Clerk) -> None:
    _title(clerk, text("Totals by status at the end of four days, as known now"))
    _counted(clerk, "status", STATUSES, "--as-of", DAYS)
    _title(clerk, text("The 3,911 of the first letter by stage, at the same days"))
    _counted(clerk, "stage", FIRST_STAGES, "--as-of", DAYS, "--where-document", LETTER)


def _beliefs(clerk: Clerk) -> None:
    _title(clerk, text("10 January 2026 by stage, as it was known on two days"))
    _counted(clerk, "stage", LAST_STAGES, "--known-at", BELIEFS, "--as-of", "2026-01-10")


def _counted(clerk: Clerk, field: str, values: Sequence[str], varied: str, days: Sequence[str], *words: str) -> None:
    """Totals by a field, side by side for several days of the option `varied`."""
    ask = ("count", "--by", field, *words, varied)
    rows = [clerk.ask(AFTERWARDS, *ask, day) for day in days]
    counts = [{row[field]: row["n"] for row in answered} for answered in rows]
    _asked(clerk, (*ask, "DAY"))
    clerk.office.tell(_across("", days))
    for value in values:
        clerk.office.tell(_across(value, [_number(count.get(value, 0)) for count in counts]))


def _declared_totals(clerk: Clerk) -> None:
    _title(clerk, text("The declared totals: are the parts disjoint, and do they make the whole?"))
    for day, *names in DECLARED:
        _answered(clerk, "cohort", "check", *names, "--as-of", day)
        clerk.office.show("")


def _owed(clerk: Clerk) -> None:
    _title(clerk, text("What is owed in the demo's last days, by step"))
    words = ("due", "--as-of", "2026-01-20")
    late: dict[tuple[str, str, str], bool] = {}
    for row in clerk.ask(AFTERWARDS, *words):  # a step may have several limits
        key = (row["step"], row["authority"], row["case"])
        late[key] = late.get(key, False) or row["late_since"] is not None
    owed = Counter((step, authority, is_late) for (step, authority, _), is_late in late.items())
    _asked(clerk, words)
    for (step, authority, is_late), cases in sorted(owed.items()):
        told = text("late") if is_late else text("not yet due")
        clerk.office.tell(
            Text(
                "  {step:<24}{authority:<14}{cases:>8}  {told}",
                {"step": step, "authority": authority, "cases": _number(cases), "told": told},
            )
        )


def _refusal(clerk: Clerk) -> None:
    _title(clerk, text("A refused step: outsourcing somebody who was sworn in"))
    [row, *_] = clerk.ask(AFTERWARDS, "roster", "--stage", "sworn-in", "--as-of", "2026-01-20", "--formation", "pppk")
    words = ("advance", "outsource", row["case"], "--on", "2026-01-21")
    _asked(clerk, words)
    _quoted(clerk, clerk.refused(AFTERWARDS, RAHMAT, *words))


def _under_two_procedures(clerk: Clerk, case: str) -> None:
    _title(clerk, text("The same step for {case} at noon of 20 January, under two procedures", case=case))
    why = ("why", case, "outsource", "--as-of", "2026-01-20", "--known-at", "2026-01-20T12:00", "--procedure")
    _answered(clerk, *why, "kota-serang")
    clerk.office.show("")
    _answered(clerk, *why, "kota-metro")


def compare(clerk: Clerk) -> int:
    """Show each published figure beside the register's; how many differ."""
    _title(clerk, text("Published and recorded"))
    found = measured(lambda *words: clerk.ask(AFTERWARDS, *words))
    _figure(clerk, text("figure"), text("published"), text("register"), text("source"), alike=True)
    for figure in PUBLISHED:
        recorded, alike = found[figure.key], found[figure.key] == figure.published
        _figure(clerk, figure.what, _number(figure.published), _number(recorded), figure.source, alike=alike)
    clerk.office.show("")
    return sum(found[figure.key] != figure.published for figure in PUBLISHED)


def _figure(
    clerk: Clerk, what: Text, published: Text | str, recorded: Text | str, source: Text, *, alike: bool
) -> None:
    sign = " " if alike else "≠"
    values = {"what": what, "published": published, "recorded": recorded, "sign": sign, "source": source}
    clerk.office.tell(Text("  {what:<42}{published:>10}{recorded:>10}  {sign} {source}", values))


def show_way_on(clerk: Clerk, case: str) -> None:
    """The files that are left, and commands that work on them."""
    folder = clerk.folder
    _title(clerk, text("Left in {folder}", folder=folder))
    clerk.office.tell(text("  {name:<38} the register", name=REGISTER))
    clerk.office.tell(text("  {name:<38} every command of the year, with its moment", name=COMMANDS))
    lists = [name for name in FILES if name not in (REGISTER, COMMANDS)]
    clerk.office.tell(text("  {count} lists as offices send them:", count=len(lists)))
    clerk.office.show(
        textwrap.fill(", ".join(lists), WIDTH, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
    )
    _title(clerk, text("To go on"))
    if clerk.office.path is not None:
        clerk.office.show(f'  export PATH="{clerk.office.path}:$PATH"')
    clerk.office.show(f"  export LANTIK_DB={as_typed([str(folder / REGISTER)], WIDTH)}")
    for words in going_on(clerk, case):
        clerk.office.show(f"  {as_typed(['lantik', *words], WIDTH)}")


def going_on(clerk: Clerk, case: str) -> list[list[str]]:
    """Command lines that a reader may try, all of them reading ones."""
    return [
        ["roster", "--status", "pppk-pw", "--as-of", "2025-10-23", "--unit", "Dinkes"],
        ["count", "--by", "unit,status", "--as-of", "2026-01-10", "--known-at", "2026-01-15"],
        ["diff", "2025-10-22", "2025-10-23", "--unit", "Satpol PP"],
        ["diff", "--belief", "2026-01-15", "2026-01-21", "--as-of", "2026-01-10", "--unit", "Satpol PP"],
        ["show", case],
        ["history", case, "--known-at", "2026-01-15"],
        ["steps", case],
        ["log", "--since", "2026-01-20", "--step", "outsource", "--format", "jsonl"],
        ["roster", "--stage", "ni-proposed", "--format", "xlsx", "-o", str(clerk.folder / "ni-proposed.xlsx")],
        ["views", "status"],
    ]


def _answered(clerk: Clerk, *words: str) -> None:
    _asked(clerk, words)
    _quoted(clerk, clerk.answer(AFTERWARDS, *words))


def _asked(clerk: Clerk, words: Sequence[str]) -> None:
    clerk.office.show(f"$ {as_typed(['lantik', *words], WIDTH)}")


def _quoted(clerk: Clerk, said: str) -> None:
    """What a command said, as it said it; lines that are sentences are folded."""
    for line in said.splitlines():
        folded = (
            [line] if len(line) <= WIDTH else textwrap.wrap(line, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
        )
        for part in folded or [""]:
            clerk.office.show(part)


def _title(clerk: Clerk, sentence: Text) -> None:
    clerk.office.show("")
    clerk.office.tell(sentence)
    clerk.office.show("")


def _number(number: int) -> Text:
    return Text("{n:,}", {"n": number})


def _across(name: str, cells: Sequence[Text | str]) -> Text:
    """A line of numbers, without words of its own."""
    placed = {f"cell{at}": cell for at, cell in enumerate(cells)}
    return Text("  {name:<18}" + "".join(f"{{{place}:>14}}" for place in placed), {"name": name, **placed})
