"""`lantik`: the table of contents of the product. Each command parses, makes one call and prints.

What a command needs is imported when it runs: `--version` and `--help` load nothing but click.
"""

from __future__ import annotations

import errno
import functools
import gettext
import inspect
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from domain.errors import Denied, LantikError

if TYPE_CHECKING:
    import sqlalchemy as sa

    from domain.outcome import Outcome
    from domain.procedure import Procedure
    from domain.text import Text
    from projections.asked import Selection, Times
    from projections.export.shape import Answer
    from workflow.demo.office import Ran
    from workflow.proposal import Asked, Proposal
    from workflow.register import Actor, Register
    from workflow.whom import Who

__version__ = "0.1.0"

FORMATS = ("table", "csv", "json", "jsonl", "xlsx")
COUNTED = ("stage", "status", "unit", "category", "formation", "position")
STATUSES = ("non-asn", "pppk-pw", "pppk", "outsourced", "none")
LANGUAGES = ("en", "id")
INTERRUPTED = 130


class Desk:
    """Where a command is given: its clock, its chance, its register, its actor and its language.

    Only the entry point reads a clock. Tests and the demo hand in a desk of their own.
    """

    def __init__(
        self,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),  # noqa: TID251  this is the entry point
        entropy: Callable[[int], bytes] = os.urandom,
        busy_timeout: float = 30.0,
        patience: float = 10.0,
    ) -> None:
        self.clock, self.entropy, self.busy_timeout = clock, entropy, busy_timeout
        self.patience, self._patient_until = patience, 0.0
        self.db, self.actor_name, self.language = "lantik.db", "", "en"
        self.agency = ""
        self.login: str | None = None
        """Who the server says is connected, where it stamps who and when."""
        self.watched = True
        """Whether answers are shown to somebody, and not only compared."""
        self.writing: Callable[[], bool] = bool  # nothing is under way
        """Whether what was under way had been recorded; asked after Ctrl-C."""

    @functools.cached_property
    def url(self) -> str:
        return self.url_of(self.db)

    def url_of(self, db: str) -> str:
        """The URL of a file, or of a database as it is; of the agency's register in it, if one was chosen."""
        if "://" not in db:
            from sqlalchemy import URL

            db = str(URL.create("sqlite", database=db))
        if not self.agency:
            return db
        from workflow.store.agency import with_agency

        return with_agency(db, self.agency)

    @property
    def actor(self) -> Actor:
        """Who records: the login that the server vouches for, else whoever is named, else the system's user."""
        from workflow.register import Actor

        if self.login is not None:
            return Actor(self.login, "database")
        if self.actor_name:
            return Actor(self.actor_name, "stated")
        import pwd

        return Actor(pwd.getpwuid(os.getuid()).pw_name, "os")

    @functools.cached_property
    def say(self) -> Callable[[Text], str]:
        """Sentences in the reader's language; none holds a whole NIK, though somebody typed it in a wrong place."""
        from domain.identity import hide_numbers
        from domain.language import sayer

        say = sayer(self.language)
        return lambda sentence: hide_numbers(say(sentence))

    @contextmanager
    def register(self, *, read_only: bool = False, whole: bool = False) -> Iterator[Register]:
        """The register as far as the actor may read it, closed again whatever happens.

        whole: for what names no case, and whoever may do it is asked elsewhere.
        """
        from workflow.access import open_to
        from workflow.register import Register

        with closing(Register.open(self.url, self.surroundings(), read_only=read_only)) as register, self.denied():
            self.recognise(register)
            if not whole:
                open_to(register, self.actor)
            yield register

    def recognise(self, register: Register) -> None:
        """Let the actor be the login, where the server vouches for it. Raises Misused if somebody else was named."""
        from domain.errors import Misused
        from domain.text import text

        self.login = register.login
        if self.login is not None and self.actor_name not in ("", self.login):
            raise Misused(text("This register knows you by your login, {login}: leave --actor out.", login=self.login))

    @contextmanager
    def denied(self) -> Iterator[None]:
        """Keep that somebody tried what is not theirs; where that cannot be written, it is denied all the same."""
        from workflow.access import READING
        from workflow.register import Register
        from workflow.traces import keep_attempt

        try:
            yield
        except Denied as denied:
            if denied.doing == READING:
                denied.doing = _words_given()
            try:
                with closing(Register.open(self.url, self.surroundings())) as register:
                    keep_attempt(register, self.actor, denied)
            except LantikError as unkept:
                from domain.text import text

                click.echo(self.say(text("This attempt was not kept: {why}", why=unkept.message)), err=True)
            raise

    def has_register(self) -> bool:
        """Whether there is one to ask: a server is asked in any case."""
        return "://" in self.db or Path(self.db).is_file()

    def language_of(self, form: str) -> str:
        """What programs read never changes with the language."""
        return self.language if form == "table" else "en"

    def create(
        self,
        agency: str,
        code: str,
        procedure: str,
        timezone: str,
        *,
        four_eyes: int | None = None,
        traced: bool = False,
    ) -> str:
        """Make a register; what it is called."""
        from workflow.register import Register
        from workflow.rulebook import Rulebook
        from workflow.settings import Settings, check_zone

        reference = Rulebook().load(procedure).reference
        settings = Settings(agency, code, reference, check_zone(timezone), self.entropy(32), four_eyes, traced)
        with closing(Register.create(self.url, self.surroundings(), settings)) as register:
            return register.called

    def surroundings(self) -> Any:
        from projections.views import KeptViews
        from workflow.register import Surroundings

        return Surroundings(self.clock, self.entropy, KeptViews(), self.busy_timeout, self.waits)

    def waits(self, _lost: LantikError) -> bool:
        """Pause before a lost connection is tried again, and say so once; False when patience has come to its end."""
        from time import monotonic, sleep

        from domain.text import text

        if not self.patience:
            return False
        if not self._patient_until:
            self._patient_until = monotonic() + self.patience
            click.echo(
                self.say(
                    text("The database does not answer; trying again for {seconds:.0f} seconds.", seconds=self.patience)
                ),
                err=True,
            )
        sleep(0.2)
        return monotonic() < self._patient_until


# --- click, in the reader's language


METAVAR = re.compile(r"[A-Z]{2,}")
"""What stands for a value in help and usage: each is a word of its own in the catalogs."""


def _translated(words: str | None) -> str | None:
    """Help in the reader's language; `gettext` would answer an empty text with the catalog's header."""
    return gettext.gettext(words) if words else words


def _named(metavar: str) -> str:
    return METAVAR.sub(lambda found: gettext.gettext(found[0]), metavar)


class Argument(click.Argument):
    def make_metavar(self, ctx: click.Context) -> str:
        return _named(super().make_metavar(ctx))


class Option(click.Option):
    def make_metavar(self, ctx: click.Context) -> str:
        return _named(super().make_metavar(ctx))

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        plain, self.help = self.help, _translated(self.help)
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = plain


class Command(click.Command):
    def __init__(self, *args: Any, **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.help = inspect.cleandoc(self.help or "")  # as the catalogs have it

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = formatter.width - formatter.current_indent - 2
        said = "\n\n".join(_as_example(part, width) for part in (_translated(self.help) or "").split("\n\n"))
        plain, self.help = self.help, said
        try:
            super().format_help_text(ctx, formatter)
        finally:
            self.help = plain

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        found = super().get_help_option(ctx)
        if found is not None:  # click keeps it in the language in which it was first asked for
            found.help = gettext.gettext("Show this message and exit.")
        return found

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [_named(piece) for piece in super().collect_usage_pieces(ctx)]

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002  whole, however long
        first = (_translated(self.help) or "").split("\n\n")[0]
        return " ".join(first.split())


def _as_example(paragraph: str, width: int) -> str:
    """An example so that it can be copied: click would break its line anywhere; as it is where it is no example."""
    if not paragraph.startswith(("Example: ", "Contoh: ")):
        return paragraph
    lines = [""]
    for part in re.split(r" (?=-)", paragraph):
        if lines[-1] and len(f"{lines[-1]} {part} \\") > width:
            lines[-1] += " \\"
            lines.append(f"  {part}")
        else:
            lines[-1] += f" {part}" if lines[-1] else part
    return "\n".join(["\b", *lines])


class Group(Command, click.Group):
    """Turns every refusal into its sentence and its exit code, and a closed pipe into silence."""

    command_class = Command
    group_class = type

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with _reader_may_leave():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _reader_may_leave():
            return super().invoke(ctx)

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> Any:  # type: ignore[override]
        extra["standalone_mode"] = False
        if sys.stdout is None:  # closed by whoever started us
            sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  as long as the process lives
        desk = extra.setdefault("obj", Desk())
        asked = os.environ.get("LANTIK_LANG")  # click reads it too late for --help and for what cannot be parsed
        _speak(desk, asked if asked in LANGUAGES else "en")
        try:
            code = super().main(args, prog_name or "lantik", **extra)
        except click.exceptions.Exit as left:
            code = left.exit_code
        except click.ClickException as misused:
            _show(misused)
            code = misused.exit_code
        except (click.Abort, KeyboardInterrupt):
            code = _interrupted(desk)
        except LantikError as error:
            click.echo(f"lantik: {desk.say(error.message)}", err=True)
            code = error.exit_code
        sys.exit(code if isinstance(code, int) else 0)


@contextmanager
def _reader_may_leave() -> Iterator[None]:
    """A pipe that closes early is no error: whoever read has read enough. A full disk behind it is one."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _silence()  # click would leave with 1
        raise click.exceptions.Exit(0) from None
    except OSError as fault:
        if fault.errno != errno.ENOSPC:
            raise
        from domain.errors import EnvironmentFailed
        from domain.text import text

        _silence()
        sentence = text("The answer could not be written: the disk is full. What was recorded stays; see lantik log.")
        raise EnvironmentFailed(sentence) from fault


def _show(misused: click.ClickException) -> None:
    """Say what click says, without a NIK that somebody typed in a wrong place."""
    import io

    from domain.identity import hide_numbers

    misused.show(said := io.StringIO())
    click.echo(hide_numbers(said.getvalue()), err=True, nl=False)


def _silence() -> None:
    """Let nothing be flushed at exit into what cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _interrupted(desk: Desk) -> int:
    try:
        recorded = desk.writing()
    except LantikError as unknown:
        click.echo(
            gettext.gettext("Interrupted. Whether the command was recorded is not known; see lantik log."), err=True
        )
        return unknown.exit_code
    if recorded:
        click.echo(gettext.gettext("Interrupted, but the command had been recorded."), err=True)
        return 0
    click.echo(gettext.gettext("Interrupted. Nothing was recorded."), err=True)
    return INTERRUPTED


option = functools.partial(click.option, cls=Option)
argument = functools.partial(click.argument, cls=Argument)


class Day(click.ParamType[date]):
    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        from domain.dates import parse_date, weekday_differs

        if isinstance(value, date):
            return value
        try:
            day = parse_date(value)
        except ValueError:
            self.fail(gettext.gettext("This is no date; write it as 2025-10-23 or 23/10/2025."), param, ctx)
        if weekday_differs(value, day):
            click.echo(gettext.gettext("Warning: {day} is another day of the week.").format(day=day), err=True)
        return day


class StepName(click.ParamType[str]):
    name = "step"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> str:
        return str(value)

    def shell_complete(self, _ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        from workflow.rulebook import Rulebook

        rulebook = Rulebook()
        steps = {step.name: step.label.en for name in rulebook.names() for step in rulebook.load(name).steps.values()}
        return [CompletionItem(name, help=label) for name, label in steps.items() if name.startswith(incomplete)]


DAY, STEP = Day(), StepName()
FILE = click.Path(path_type=Path, dir_okay=False)


def _options(*decorators: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Several options as one decorator, shown in the order given."""
    return lambda function: functools.reduce(lambda done, one: one(done), reversed(decorators), function)


selecting = _options(
    option("--stage", multiple=True, help="Only cases in this stage."),
    option("--status", multiple=True, type=click.Choice(STATUSES), help="Only workers with this employment status."),
    option("--unit", multiple=True, help="Only workers of this unit, by its name or alias."),
    option("--category", multiple=True, help="Only workers of this category, such as R3."),
    option("--formation", multiple=True, type=click.Choice(("pppk-pw", "pppk")), help="Only pppk-pw or only pppk."),
    option("--where-document", help="Only cases with an act that rests on this document number."),
)
times = _options(
    option(
        "--as-of",
        type=DAY,
        help="As it was at the end of this day; if not given, today, or for history and log every day.",
    ),
    option("--known-at", help="As it was known at this moment (ISO 8601; a date means its end)."),
)
printing = _options(
    option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="For people: table. For programs: the others.",
    ),
    option("-o", "--output", type=FILE, help="Write to this file instead of the terminal."),
)
receipting = option("--receipt", type=FILE, help="Write a receipt of the answer to this file (JSON).")
masking = _options(
    option("--mask", is_flag=True, help="Hide the middle of NIK and NI, and all but the initials of names."),
    option("--reason", help="Why full numbers are read, where the register keeps a trace of that."),
)
giving = _options(
    option(
        "--document",
        "documents",
        multiple=True,
        metavar='"KIND NUMBER DATE"',
        help="A document that the act rests on; also ;issuer=... and ;file=PATH. A number alone if the register knows it.",
    ),
    option("--set", "fields", multiple=True, metavar="FIELD=VALUE", help="A field of the step, the same for all."),
    option("--reason", help="The code of the reason."),
)
planning = _options(
    option("--dry-run", is_flag=True, help="Judge and tell, but record nothing."),
    option(
        "--plan",
        type=FILE,
        help="Write the request and its outcome to this file, for lantik apply, and record nothing. It may hold personal data.",
    ),
    option("--propose", is_flag=True, help="Put it into the inbox, for somebody else to confirm, and record nothing."),
)
recording = _options(
    planning,
    option("--partial", is_flag=True, help="Record the good rows although others are refused."),
    option("--command-id", type=click.UUID, help="The id of this command: giving it again changes nothing."),
)
cascading = option("--cascade", is_flag=True, help="Take back later acts that could not stand any more.")
amending = _options(
    option("--reason", required=True, help="Why, in words; kept with the person."),
    option(
        "--document",
        "documents",
        multiple=True,
        metavar='"KIND NUMBER DATE"',
        help="The document that orders it; for rescind a NUMBER alone means all acts that rest on it.",
    ),
    cascading,
    option("--command", "of_command", type=click.UUID, help="All events that this command recorded."),
    option("--from", "source", type=FILE, help="A CSV or XLSX file with the columns nik or case, and seq."),
    planning,
    option("--yes", is_flag=True, help="Do not ask before it is recorded."),
    option("--command-id", type=click.UUID, help="The id of this command: giving it again changes nothing."),
)
reading_files = _options(
    option("--encoding", help="The encoding of a CSV file that is not Unicode, such as cp1252."),
    option("--sheet", help="The sheet of the workbook, where several hold data."),
)


# --- what the commands share


def _answer(desk: Desk, answer: Answer, form: str, output: Path | None) -> None:
    from projections.export.answers import write

    write(answer, form, output, sys.stdout, translate=desk.say, colour=sys.stdout.isatty())


def _times(register: Register, as_of: date | None, known_at: str | None) -> Times:
    from domain.log import ALWAYS
    from domain.moments import parse_moment
    from projections.asked import Times

    known = parse_moment(known_at, register.settings.zone) if known_at else ALWAYS
    return Times(as_of or register.today, known)


def _selection(register: Register, given: Mapping[str, Any], times: Times) -> Selection:
    from projections.asked import Selection

    numbers = None
    if given["where_document"]:
        from workflow.dependants import cases_resting_on

        numbers = cases_resting_on(register, given["where_document"], times.as_of, times.known_at)
    _check_stages(register, given["stage"])
    units: tuple[str, ...] = ()
    if given["unit"]:
        from workflow.units import unit_names

        units = unit_names(register, given["unit"])
    return Selection(given["stage"], given["status"], units, given["category"], given["formation"], numbers)


def _check_steps(register: Register, named: Sequence[str]) -> None:
    from domain.errors import Misused
    from domain.text import text

    steps = register.rulebook.load(register.procedure).steps
    for step in named:
        if step not in steps:
            raise Misused(text("There is no step {step}. The steps are: {known}.", step=step, known=", ".join(steps)))


def _check_stages(register: Register, named: Sequence[str]) -> None:
    from domain.errors import Misused
    from domain.text import text

    stages = register.rulebook.load(register.procedure).stages
    for stage in named:
        if stage not in stages:
            raise Misused(
                text("There is no stage {stage}. The stages are: {known}.", stage=stage, known=", ".join(stages))
            )


@contextmanager
def _reading(desk: Desk, given: Mapping[str, Any]) -> Iterator[tuple[Register, sa.Connection, Times]]:
    """A register opened to read, one snapshot of it, and the times asked about."""
    with desk.register(read_only=True) as register, register.datastore.read() as connection:
        _must_say_why(desk, register, given)
        yield register, connection, _times(register, given.get("as_of"), given.get("known_at"))


def _in_clear(desk: Desk, register: Register, given: Mapping[str, Any]) -> bool:
    """Whether the answer shows somebody full numbers of whom the register keeps a trace."""
    return register.settings.traced and desk.watched and not given.get("mask", True)


def _must_say_why(desk: Desk, register: Register, given: Mapping[str, Any]) -> None:
    from domain.text import text

    if _in_clear(desk, register, given) and not (given["reason"] or "").strip():
        raise _refused(
            text("This register keeps a trace of who reads full numbers: say why with --reason, or give --mask.")
        )


def _trace(desk: Desk, register: Register, given: Mapping[str, Any], cases: Callable[[], Iterable[int]]) -> None:
    """Keep that the actor is about to read these cases in clear; nothing is shown where that cannot be kept."""
    from workflow.register import Register
    from workflow.traces import keep_reading

    if _in_clear(desk, register, given):
        with closing(Register.open(desk.url, desk.surroundings())) as writable:
            keep_reading(writable, desk.actor, _words_given(), given["reason"].strip(), set(cases()))


def _traced_rows(
    desk: Desk, register: Register, given: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]
) -> Iterable[Mapping[str, Any]]:
    """The rows, after it was kept whose they are; only where that is kept are all of them in hand at once."""
    if not _in_clear(desk, register, given):
        return rows
    held = list(rows)
    _trace(desk, register, given, lambda: _numbers_in(held))
    return held


def _numbers_in(rows: Iterable[Mapping[str, Any]]) -> set[int]:
    """The numbers of the cases that rows name."""
    return {int(row["case"].rpartition("-")[2]) for row in rows if row["case"]}


def _words_given() -> str:
    """The command that is being carried out, as it was typed: `cohort show`."""
    return " ".join(click.get_current_context().command_path.split()[1:])


def _one_case(desk: Desk, register: Register, connection: sa.Connection, name: str, times: Times) -> int:
    """The number of the case that a reader means; told if the NIK is a former one, refused if there are several."""
    from domain.errors import Refused
    from domain.text import text
    from projections.lookup import named
    from workflow.access import must_see
    from workflow.whom import Who, resolve

    try:
        found = named(connection, name, register.settings.code, times)
    except Refused:
        with register.transaction(dry_run=True) as whole:  # somebody else's is denied, and not unknown
            resolve(whole, [Who(name)])
        raise
    goes_on = register.open_case_of(name) if found.former else None
    if goes_on is not None and goes_on not in found.numbers:
        with register.transaction(dry_run=True) as whole:
            must_see(whole, {goes_on: name})
        case = register.settings.case_number(goes_on)
        click.echo(desk.say(text("This is the NIK of a case that was merged into {case}.", case=case)), err=True)
        return goes_on
    if found.former:
        click.echo(desk.say(text("This is a former NIK of the case.")), err=True)
    if len(found.numbers) > 1:
        cases = ", ".join(register.settings.case_number(number) for number in found.numbers)
        raise Refused(text("The worker has several cases: {cases}. Name one by its number.", cases=cases))
    return found.numbers[0]


def _fields(pairs: Sequence[str]) -> dict[str, str]:
    from domain.errors import Misused
    from domain.text import text

    fields = dict(pair.partition("=")[::2] for pair in pairs)
    if any("=" not in pair for pair in pairs):
        raise Misused(text("Write a field as FIELD=VALUE, such as --set wage=1500000."))
    return fields


def _tell(
    desk: Desk,
    outcome: Outcome,
    form: str,
    output: Path | None,
    *,
    refused_file: Path | None = None,
    whole: bool = False,
    planned: bool = False,
) -> NoReturn:
    """Print what a command did, and leave with its exit code. whole: it knows no --partial.

    planned: as a plan that lantik apply can record, which is no refusal.
    """
    from domain.outcome import Verdict
    from projections.export.outcomes import for_people, for_programs

    if form != "table":
        _answer(desk, for_programs(outcome, form), form, output)
    summary, refusals = for_people(outcome, refused_file, whole=whole)
    for line in refusals:
        click.echo(desk.say(line), err=True)
    for line in summary:
        click.echo(desk.say(line), err=form != "table")
    done = outcome.command is not None or outcome.proposal is not None or planned
    sys.exit(1 if outcome.count(Verdict.REFUSED) and not done else 0)


def _with_receipt(
    register: Register, when: Times, columns: Any, rows: Any, given: Mapping[str, Any]
) -> tuple[Any, list[Text], Callable[[], None]]:
    """Rows that are tallied as they pass, a footer that tells the receipt, and what writes it when they have."""
    from projections.receipt import Tally, write

    wanted: Path | None = given["receipt"]
    if given["form"] != "table" and wanted is None:
        return rows, [], lambda: None
    tally, footer = Tally(), list[Any]()
    known_at, position = register.fixed(when.known_at)
    question = _question(when, known_at)

    def passing() -> Iterator[Any]:
        yield from tally.over(columns, rows)
        footer.append(tally.receipt(question, when.as_of, known_at, position).said())

    def finish() -> None:
        if wanted is not None:
            write(tally.receipt(question, when.as_of, known_at, position), wanted)

    return passing(), footer, finish


_NO_PART_OF_A_QUESTION = ("form", "output", "receipt", "known_at", "as_of", "reason")


def _question(when: Times, known_at: str) -> list[str]:
    """The words that ask the same again, with both times fixed."""
    context = click.get_current_context()
    words = [context.info_name or ""]
    for param in context.command.params:
        value = context.params.get(param.name or "")
        if param.name in _NO_PART_OF_A_QUESTION or value is None or value is False or value == ():
            continue
        if isinstance(param, click.Argument):
            words.append(str(value))
        elif value is True:
            words.append(param.opts[0])
        else:
            for one in value if isinstance(value, tuple) else (value,):
                words += [param.opts[0], str(one)]
    if "as_of" in context.params and when.as_of != date.max:
        words += ["--as-of", when.as_of.isoformat()]
    return words if context.params.get("belief") else [*words, "--known-at", known_at]


def _rehearsed(desk: Desk, given: Mapping[str, Any]) -> None:
    if given["dry_run"]:
        from domain.text import text

        click.echo(desk.say(text("Nothing was recorded: this was a rehearsal.")), err=True)


def _did(
    desk: Desk, outcome: Outcome, given: Mapping[str, Any], *, refused_file: Path | None = None, whole: bool = False
) -> NoReturn:
    """Tell what a command about cases did, or would do."""
    partial = given.get("partial", False)
    planned = given["plan"] is not None and outcome.recordable(partial=partial)
    form, output, whole = given["form"], given["output"], whole or partial
    _tell(desk, outcome, form, output, refused_file=refused_file, whole=whole, planned=planned)


def _carry_out(
    desk: Desk, register: Register, asked: Asked, given: Mapping[str, Any], question: Text | None = None
) -> Outcome:
    """Judge what is asked and record it, unless it is to be looked at first: rehearsed, planned or agreed to.

    question: what somebody at a terminal is told before the answer; without one only a cascade is asked about. What
    was agreed to is judged again, so that nobody holds the register while a person thinks.
    """
    from workflow.four_eyes import Wish, submit
    from workflow.proposal import Proposal, judge

    if given["propose"] and given["plan"]:
        raise click.UsageError(gettext.gettext("Give either --propose or --plan."))
    with _accountable(desk, register, given.get("command_id")) as command_id:
        expected = None
        proposing = desk.actor._replace(acting="proposes") if given["propose"] else desk.actor
        if given["dry_run"] or given["plan"] or _watched(given):
            with _progress("Judging") as progress:
                outcome = judge(register, asked, command_id, proposing, progress)
            if given["plan"]:
                _keep(desk, register, Proposal(asked, command_id, outcome.foreseen), given["plan"])
                return outcome
            if given["dry_run"]:
                _rehearsed(desk, given)
                return outcome
            if outcome.recordable(partial=given.get("partial", False)) and _agree(desk, outcome, question):
                expected = outcome.foreseen
        wish = Wish(command_id, given.get("command_id") is not None, expected, given["propose"])
        with _progress("Judging") as progress:
            return submit(register, asked, wish, desk.actor, progress)


def _watched(given: Mapping[str, Any]) -> bool:
    """Whether somebody is there to be asked, and is to be; a command without --yes asks nothing."""
    return sys.stdin.isatty() and not given.get("yes", True)


def _keep(desk: Desk, register: Register, proposal: Proposal, plan: Path) -> None:
    """Write what was judged to a file that only its owner may read, and say that nothing was recorded."""
    from domain.files import write_private
    from domain.text import text
    from workflow.plans import encode

    write_private(plan, encode(register, proposal, desk.actor))
    told = text("Nothing was recorded; lantik apply records what is in {file}.", file=plan.name)
    click.echo(desk.say(told), err=True)


def _agree(desk: Desk, outcome: Outcome, question: Text | None) -> bool:
    """Show what was judged and ask; False where nothing needs to be asked."""
    from domain.outcome import Verdict
    from domain.text import text
    from projections.export.outcomes import finding_lines

    found = [(row, finding) for row in outcome.rows for finding in row.findings]
    if question is None and not any(finding.code == "taken-along" for _, finding in found):
        return False
    for line in finding_lines(found):
        click.echo(desk.say(line), err=True)
    would = text("{passed:,} would be recorded.", passed=outcome.count(Verdict.PASSED))
    for sentence in filter(None, [question, would]):
        click.echo(desk.say(sentence), err=True)
    click.confirm(gettext.gettext("Record it?"), abort=True, err=True)
    return True


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal that somebody watches, else nothing."""
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    with ExitStack() as shown:
        bars: list[Any] = []

        def show(done: int, of: int) -> None:
            if not bars:  # what tells no progress gets no bar
                bar = click.progressbar(length=of, label=gettext.gettext(label), file=sys.stderr)
                bars.append(shown.enter_context(bar))
            bars[0].length = of
            bars[0].update(done - bars[0].pos)

        yield show


# --- commands


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="lantik", cls=Option)
@option(
    "--db", envvar="LANTIK_DB", default="lantik.db", show_default=True, help="The register: a file, or a database URL."
)
@option("--actor", envvar="LANTIK_ACTOR", default="", help="Who records; the operating system's user if not given.")
@option(
    "--agency",
    envvar="LANTIK_AGENCY",
    default="",
    metavar="CODE",
    help="Whose register, where the database holds those of several agencies: its region code, such as 36.73.",
)
@option(
    "--lang",
    envvar="LANTIK_LANG",
    type=click.Choice(LANGUAGES),
    default="en",
    is_eager=True,
    expose_value=False,
    callback=lambda ctx, _param, value: _speak(ctx.obj, value),
    help="The language of what people read.",
)
@click.pass_obj
def lantik(desk: Desk, /, db: str, actor: str, agency: str) -> None:
    """The register of appointment cases: every step, for every worker, as of any day and as known at any moment."""
    desk.db, desk.actor_name, desk.agency = db, actor, agency


def _speak(desk: Desk, language: str) -> None:
    from domain.language import CATALOGS

    desk.language = language
    gettext.bindtextdomain("lantik", CATALOGS)
    gettext.textdomain("lantik")
    os.environ["LANGUAGE"] = language


@lantik.command()
@option("--agency", required=True, help="The name of the personnel agency.")
@option("--code", required=True, help="The region code before each case number, such as 36.73.")
@option("--procedure", required=True, help="The procedure of new cases, such as kota-serang.")
@option("--timezone", default="Asia/Jakarta", show_default=True, help="The time zone of the agency's calendar.")
@option(
    "--four-eyes",
    is_flag=True,
    help="What corrects or takes back, and what is about many cases, is confirmed by somebody else.",
)
@option(
    "--four-eyes-above",
    type=click.IntRange(0),
    default=100,
    show_default=True,
    metavar="N",
    help="With --four-eyes: how many cases are not yet many.",
)
@option("--trace-reading", is_flag=True, help="Keep a trace of who reads full numbers, and ask why.")
@click.pass_obj
def init(
    desk: Desk,
    /,
    agency: str,
    code: str,
    procedure: str,
    timezone: str,
    four_eyes: bool,
    four_eyes_above: int,
    trace_reading: bool,
) -> None:
    """Create a register.

    Example: lantik init --agency "BKPSDM Kota Serang" --code 36.73 --procedure kota-serang
    """
    from domain.text import text

    above = four_eyes_above if four_eyes else None
    name = desk.create(agency, code, procedure, timezone, four_eyes=above, traced=trace_reading)
    click.echo(desk.say(text("Created the register {name}.", name=name)))


@lantik.command()
@click.pass_obj
def upgrade(desk: Desk, /) -> None:
    """Bring the tables of a register that an older version made up to this version.

    What was recorded stays as it is. Make a copy first.

    Example: lantik upgrade
    """
    from domain.access import Role
    from domain.text import text
    from projections.views import discard_unfit, rebuild
    from workflow.access import permit
    from workflow.register import Register

    with ExitStack() as opened:
        opened.enter_context(desk.denied())

        def ask(register: Register) -> None:
            desk.recognise(register)
            if not register.owned:
                permit(register, desk.actor, [Role.KEEPER], "upgrade")

        register = opened.enter_context(closing(Register.upgrade(desk.url, desk.surroundings(), ask)))
        progress = opened.enter_context(_progress("Rebuilding"))
        store = register.datastore
        with store.write() as connection:
            unfit = discard_unfit(connection)
        if unfit:
            rebuild(store.read, store.write, register.log_of_events, register.last_case, progress)
        with store.write() as connection:
            store.database.guard(connection)
        click.echo(desk.say(text("The register {name} is up to date.", name=register.called)))


@lantik.command()
@printing
@click.pass_obj
def agencies(desk: Desk, /, form: str, output: Path | None) -> None:
    """List the registers of the database that your login may use, each by the CODE that --agency takes.

    Example: lantik agencies
    """
    from projections.export.agencies import agencies_answer
    from workflow.agencies import agencies

    _answer(desk, agencies_answer(agencies(desk.url, desk.surroundings())), form, output)


@lantik.command()
@argument("login", required=False)
@option("--revoke", is_flag=True, help="Take the right away again.")
@option("--command-id", type=click.UUID, help="The id of this command: giving it again changes nothing.")
@printing
@click.pass_obj
def share(desk: Desk, /, login: str | None, revoke: bool, command_id: Any, form: str, output: Path | None) -> None:
    """Let a login of the server read this agency's part of the national roster, which holds no personal values.

    Without a LOGIN, list who may.

    Example: lantik --agency 36.73 share bkn
    """
    from domain.errors import Misused
    from domain.text import text
    from projections.export.agencies import shares_answer
    from workflow.agencies import must_be_on_a_server, share, shares

    if login is None and (revoke or command_id):
        raise Misused(text("Name the login whose right is to be taken away."))
    with desk.register(read_only=login is None, whole=login is not None) as register:
        must_be_on_a_server(register.datastore)
        if login is None:
            _answer(desk, shares_answer(shares(register)), form, output)
        elif not share(register, login, desk.actor, ended=revoke, command_id=command_id):
            click.echo(
                desk.say(text("Nothing to do: it is shared with {login}, or was already recorded.", login=login))
            )
        elif revoke:
            click.echo(desk.say(text("The roster is no longer shared with {login}.", login=login)))
        else:
            click.echo(desk.say(text("The roster is shared with {login}; see lantik national.", login=login)))


@lantik.group()
def national() -> None:
    """Ask over all agencies of the database that share their roster with your login."""


@national.command(name="roster")
@option("--as-of", type=DAY, help="As it was at the end of this day; today if not given.")
@printing
@click.pass_obj
def national_roster(desk: Desk, /, as_of: date | None, form: str, output: Path | None) -> None:
    """List all cases of all agencies, without personal values, as known now.

    Example: lantik national roster --as-of 2026-01-01 --format csv
    """
    from projections.national import roster

    _national(desk, as_of, roster, [], form, output)


@national.command(name="count")
@option(
    "--by",
    default="agency,status",
    show_default=True,
    help="Fields, separated by commas: agency, stage, status, unit, category, formation, position.",
)
@option("--as-of", type=DAY, help="As it was at the end of this day; today if not given.")
@printing
@click.pass_obj
def national_count(desk: Desk, /, by: str, as_of: date | None, form: str, output: Path | None) -> None:
    """Give totals over all agencies, as known now.

    Example: lantik national count --by agency,stage
    """
    from domain.errors import Misused
    from domain.text import text
    from projections.national import COUNTED, count

    fields = by.split(",")
    for field in fields:
        if field not in COUNTED:
            raise Misused(
                text("There is no field {field}. The fields are: {known}.", field=field, known=", ".join(COUNTED))
            )
    _national(desk, as_of, lambda connection, codes, day: count(connection, codes, day, fields), fields, form, output)


def _national(
    desk: Desk, as_of: date | None, ask: Callable[..., Any], fields: list[str], form: str, output: Path | None
) -> None:
    """Ask all agencies that answer, and say which did."""
    from zoneinfo import ZoneInfo

    from domain.errors import Refused
    from domain.text import text
    from projections import national
    from projections.export.agencies import answered, national_answer
    from workflow.agencies import all_of

    day = as_of or desk.clock().astimezone(ZoneInfo("Asia/Jakarta")).date()
    with all_of(desk.url, desk.surroundings()) as connection:
        asked = national.agencies(connection)
        if not asked.answer:
            raise Refused(text("No agency shares its roster with this login; a keeper does so with lantik share."))
        rows = ask(connection, asked.answer, day)
        _answer(desk, national_answer(rows, fields, asked, day), form, output)
    if form != "table":
        for line in answered(asked):
            click.echo(desk.say(line), err=True)


@lantik.command()
@option("--from", "source", required=True, metavar="URL", help="The register: a file, or a database URL.")
@option("--to", "target", required=True, metavar="URL", help="Where it goes: a new file, or an empty database.")
@printing
@click.pass_obj
def copy(desk: Desk, /, source: str, target: str, form: str, output: Path | None) -> None:
    """Copy a whole register, from a file to a server or back, and prove that nothing differs.

    If it is interrupted, the same command goes on where it stopped. The URL of a database that holds the registers
    of several agencies may end in ?agency=CODE.

    Example: lantik copy --from lantik.db --to "postgresql://lantik@db.example/lantik?agency=36.73"
    """
    from domain.errors import IntegrityFailed
    from domain.text import text
    from projections.export.agencies import copy_answer
    from workflow import copying

    desk.db = source
    try:
        with desk.register(read_only=True, whole=True) as register, _progress("Copying") as progress:
            done = copying.copy(
                register,
                desk.url_of(target),
                desk.actor,
                progress,
                lambda said: click.echo(desk.say(said), err=True),
            )
    except KeyboardInterrupt:
        click.echo(
            gettext.gettext("Interrupted. What was copied stays; the same command goes on where this one stopped."),
            err=True,
        )
        sys.exit(INTERRUPTED)
    _answer(desk, copy_answer(done.tables, form), form, output)
    differing = ", ".join(one.table for one in done.tables if not one.equal)
    if differing:
        raise IntegrityFailed(
            text(
                "The copy differs from its source in: {tables}. It stays closed; copy into an empty database instead.",
                tables=differing,
            )
        )
    click.echo(desk.say(text("Copied up to position {position}; nothing differs.", position=done.position)), err=True)
    if done.grown_to > done.position:
        click.echo(
            desk.say(
                text(
                    "The source has grown meanwhile, to position {position}; what was recorded there since is not in "
                    "the copy.",
                    position=done.grown_to,
                )
            ),
            err=True,
        )


@lantik.command(name="import")
@argument("file", type=FILE)
@option("--on", type=DAY, help="From which day the cases are registered; today if not given.")
@option(
    "--document",
    "documents",
    multiple=True,
    metavar='"KIND NUMBER DATE"',
    help="A document that the registration rests on.",
)
@option(
    "--history", "past", is_flag=True, help="The rows are acts of the past, one a row, with their dates and documents."
)
@option("--reopen", is_flag=True, help="Open a new case for workers whose last case ended.")
@recording
@reading_files
@printing
@click.pass_obj
def import_(desk: Desk, /, file: Path, on: date | None, documents: tuple[str, ...], **given: Any) -> None:
    """Open a case for each worker of a CSV or XLSX file.

    All rows or none, unless --partial. Importing a file again changes nothing. Rows about which somebody has to
    decide wait in the inbox (lantik inbox). With --history the rows are acts of the past (nik, step, effective_on,
    document_kind, document_number, document_date, reason, fields).

    Example: lantik import workers.xlsx --on 2025-08-07
    """
    if given["past"]:
        _import_history(desk, file, {**given, "on": on, "documents": documents})
    from workflow.intake.refused import write_refused
    from workflow.intake.workers import read_workers
    from workflow.registration import Intake

    with desk.register() as register:
        day = on or register.today
        workers = read_workers(file, encoding=given["encoding"], sheet=given["sheet"], on=day)
        papers = register.documents(documents)
        intake = Intake(workers.rows, day, papers, given["partial"], reopen=given["reopen"])
        intake = intake._replace(file=file.name, sha256=workers.sha256)
        outcome = _carry_out(desk, register, intake, given)
        outcome = outcome._replace(notes=(*workers.findings, *outcome.notes))
        kept = outcome.command is not None or outcome.proposal is not None
        refused = write_refused(file, workers, outcome, desk.say) if given["partial"] and kept else None
    _did(desk, outcome, given, refused_file=refused)


def _import_history(desk: Desk, file: Path, given: Mapping[str, Any]) -> NoReturn:
    from domain.errors import Misused
    from domain.text import text
    from workflow.past import Past, read_past

    if given["partial"] or given["reopen"]:
        raise Misused(text("--history cannot be combined with --partial or --reopen."))
    if given["on"] or given["documents"]:
        raise Misused(text("With --history each row has its own effective_on, document_kind and document_number."))
    with desk.register() as register:
        acts = read_past(register, file, encoding=given["encoding"], sheet=given["sheet"])
        outcome = _carry_out(desk, register, Past(acts), given)
    _did(desk, outcome, given, whole=True)


@contextmanager
def _accountable(desk: Desk, register: Register, command_id: Any) -> Iterator[Any]:
    """The id of a command, given or drawn; after Ctrl-C it tells whether that was recorded."""
    import uuid

    drawn = command_id or uuid.UUID(bytes=desk.entropy(16), version=4)
    desk.writing = lambda: register.is_recorded(drawn)
    yield drawn
    desk.writing = bool


@lantik.command()
@argument("what", metavar="import|STEP", type=STEP)
@option("-o", "--output", type=FILE, required=True, help="The workbook to write.")
@click.pass_obj
def template(desk: Desk, /, what: str, output: Path) -> None:
    """Write an empty workbook with headings, drop-downs and an example.

    Example: lantik template assign-ni -o ni.xlsx
    """
    from domain.text import text
    from workflow.drafts import step_of
    from workflow.templates import import_template, step_template
    from workflow.units import list_units

    with desk.register(read_only=True) as register:
        units = [unit.name for unit in list_units(register)]
        if what == "import":
            import_template(output, units=units, language=desk.language)
        else:
            step_template(output, step_of(register, what), units=units, language=desk.language)
    click.echo(desk.say(text("Wrote {name}.", name=output.name)))


@lantik.command()
@argument("step", type=STEP)
@argument("who", nargs=-1)
@option("--on", type=DAY, required=True, help="From which day the act holds (TMT).")
@giving
@option("--note", help="A note, kept with the person and not in the event.")
@option(
    "--from",
    "source",
    type=FILE,
    help="A CSV or XLSX file with a column nik or case, and columns for fields of the step.",
)
@option("--all", "everyone", is_flag=True, help="All cases of the register.")
@option("--replaces", type=int, metavar="SEQ", help="Take back this act of the case; the new one stands at its place.")
@cascading
@selecting
@recording
@option("--yes", is_flag=True, help="Do not ask before a selection is recorded.")
@reading_files
@printing
@click.pass_obj
def advance(desk: Desk, /, step: str, who: tuple[str, ...], on: date, **given: Any) -> None:
    """Record one step for one case or thousands, all or nothing.

    WHO is NIKs or case numbers, or --from FILE, or a selection such as --stage appointed.

    Example: lantik advance swear-in --stage appointed --on 2025-10-23 --document "berita-acara BA/1 2025-10-23"
    """
    from domain.draft import Request
    from domain.text import text
    from workflow.advance import Order
    from workflow.drafts import step_of

    with desk.register() as register:
        step_of(register, step)
        documents = register.documents(given["documents"])
        request = Request(step, on, documents, _fields(given["fields"]), given["reason"], given["note"])
        workers, notes = _workers(desk, register, step, who, on, given)
        order = Order(
            request,
            workers,
            given["partial"],
            replaces=given["replaces"],
            cascade=given["cascade"],
            selection=_chosen_by(who, given),
        )
        question = text("This records {step} for {cases:,} cases.", step=step, cases=len(workers))
        outcome = _carry_out(desk, register, order, given, question if order.selection else None)
    _did(desk, outcome._replace(notes=(*notes, *outcome.notes)), given)


def _workers(
    desk: Desk, register: Register, step: str, who: tuple[str, ...], on: date, given: Mapping[str, Any]
) -> tuple[list[Who], tuple[Any, ...]]:
    """Whom a command is about: by argument, from a file, or by a selection."""
    from domain.errors import Misused
    from domain.text import text
    from projections.asked import Times
    from projections.roster import numbers
    from workflow.drafts import step_of
    from workflow.whom import Who, read_who

    selection = _selection(register, given, Times(on))
    ways = [bool(who), given["source"] is not None, given["everyone"] or not selection.is_empty]
    if sum(ways) != 1:
        raise Misused(
            text("Say whom: by NIKs or case numbers, or by --from FILE, or by a selection such as --stage or --all.")
        )
    if who:
        return [Who(name) for name in who], ()
    if given["source"] is not None:
        return read_who(given["source"], step_of(register, step), encoding=given["encoding"], sheet=given["sheet"])
    with register.datastore.read() as connection:
        chosen = numbers(connection, Times(on), selection)
    if given["command_id"] and register.is_recorded(given["command_id"]):
        return [], ()  # whom it matches by now makes no difference
    if not chosen:
        raise _refused(text("The selection matches no case on {on}.", on=on))
    click.echo(desk.say(text("The selection matches {count:,} cases.", count=len(chosen))), err=True)
    return [Who(register.settings.case_number(number)) for number in chosen], ()


def _chosen_by(who: tuple[str, ...], given: Mapping[str, Any]) -> list[tuple[str, object]]:
    """The options of a selection as they were given; nothing where the workers were named."""
    options = ("stage", "status", "unit", "category", "formation", "where_document", "everyone")
    return [(name, given[name]) for name in options if not who and given[name]]


def _refused(sentence: Text) -> LantikError:
    from domain.errors import Refused

    return Refused(sentence)


@lantik.command()
@argument("case", required=False)
@argument("seq", required=False, type=int)
@option("--on", type=DAY, help="From which day the act held in truth.")
@option("--set", "fields", multiple=True, metavar="FIELD=VALUE", help="What a field was in truth.")
@option("--set-document", "papers", multiple=True, metavar='"KIND NUMBER DATE"', help="The documents it rested on.")
@amending
@reading_files
@printing
@click.pass_obj
def correct(desk: Desk, /, case: str | None, seq: int | None, on: date | None, **given: Any) -> None:
    """Correct an event that never was as recorded; both versions stay readable.

    Of one case, of a whole command with --command, or of a list with --from.

    Example: lantik correct 36.73-000123 3 --on 2025-12-12 --reason "the year was mistyped"
    """
    from domain.errors import Misused
    from domain.text import text

    with desk.register() as register:
        papers = register.documents(given["papers"]) or None
        targets = _targets(desk, register, case, seq, given)
        if on is None and not given["fields"] and papers is None and not all(target.fields for target in targets):
            raise Misused(text("Say what it was in truth: --on, --set or --set-document."))
        amendment = {"on": on, "fields": _fields(given["fields"]), "papers": papers}
        _amend(desk, register, "correct", targets, amendment, given)


@lantik.command()
@argument("case", required=False)
@argument("seq", required=False, type=int)
@amending
@reading_files
@printing
@click.pass_obj
def rescind(desk: Desk, /, case: str | None, seq: int | None, **given: Any) -> None:
    """Take an event back as if it had never been; it stays readable, and can be brought back.

    Of one case, of a whole command with --command, of a list with --from, or of all acts that rest on a
    document with --document NUMBER alone. Rescinding a rescission brings the act back to its place.

    Example: lantik rescind 36.73-000123 9 --reason "the wrong person was sworn in"
    """
    numbers = [paper for paper in given["documents"] if len(paper.split()) == 1]
    if case is None and len(numbers) == 1 and not given["of_command"] and not given["source"]:
        given["of_document"] = numbers[0]
        given["documents"] = [paper for paper in given["documents"] if paper not in numbers]
    with desk.register() as register:
        _amend(desk, register, "rescind", _targets(desk, register, case, seq, given), {}, given)


def _targets(desk: Desk, register: Register, case: str | None, seq: int | None, given: Mapping[str, Any]) -> list[Any]:
    """The events a mending is about. Raises Misused unless exactly one way was given."""
    from domain.errors import Misused
    from domain.text import text
    from workflow import targets

    ways = [case is not None, given["of_command"], given["source"], given.get("of_document")]
    if sum(map(bool, ways)) != 1 or (case is not None) != (seq is not None):
        raise Misused(
            text(
                "Say which events: CASE and SEQ, or --command ID, or --from FILE; rescind also takes --document NUMBER."
            )
        )
    if case is not None and seq is not None:
        return targets.of_case(register, case, seq)
    if given["of_command"]:
        return targets.of_command(register, given["of_command"])
    if given["source"] is None:
        return targets.of_document(register, given["of_document"])
    return _listed(desk, register, given)


def _listed(desk: Desk, register: Register, given: Mapping[str, Any]) -> list[Any]:
    from projections.export.outcomes import finding_lines
    from workflow import targets

    procedure = register.rulebook.load(register.procedure)
    rules = [rule for step in procedure.steps.values() for rule in step.fields]
    fields = {name: rule.name for rule in rules for name in (rule.name, rule.label.en, rule.label.id)}
    found, unreadable = targets.of_file(
        register, given["source"], fields, encoding=given["encoding"], sheet=given["sheet"]
    )
    if unreadable:
        from domain.text import text

        for line in finding_lines((one.row, one.finding) for one in unreadable):
            click.echo(desk.say(line), err=True)
        raise _refused(text("Nothing was recorded. Mend the rows above and try again."))
    return found


def _amend(
    desk: Desk, register: Register, name: str, targets: list[Any], change: Mapping[str, Any], given: Mapping[str, Any]
) -> NoReturn:
    """Judge, show what else would be taken back, ask, and record."""
    from domain.text import text
    from workflow.amend import Amendment

    papers = register.documents(given["documents"])
    amendment = Amendment(name, targets, given["reason"], documents=papers, cascade=given["cascade"], **change)
    cases = len({target.number for target in targets})
    question = text("This mends {events:,} events of {cases:,} cases.", events=len(targets), cases=cases)
    outcome = _carry_out(desk, register, amendment, given, question if cases > 1 else None)
    _did(desk, outcome, given, whole=True)


@lantik.command()
@option("--yes", is_flag=True, help="Do not ask before it is recorded.")
@planning
@printing
@click.pass_obj
def undo(desk: Desk, /, **given: Any) -> None:
    """Take back your own last command, while nothing rests on it.

    Example: lantik undo
    """
    from workflow.targets import of_last_command

    with desk.register() as register:
        command_id, name, targets = of_last_command(register, desk.actor)
        reason = f"undo {name} {command_id}"
        given |= {"reason": reason, "documents": (), "cascade": False, "command_id": None}
        _amend(desk, register, "undo", targets, {}, given)


@lantik.command()
@argument("keep", metavar="CASE")
@argument("lose", metavar="CASE")
@option("--reason", required=True, help="Why, in words; kept with the person.")
@option("--document", "documents", multiple=True, metavar='"KIND NUMBER DATE"', help="The document that orders it.")
@planning
@option("--command-id", type=click.UUID, help="The id of this command: giving it again changes nothing.")
@printing
@click.pass_obj
def merge(desk: Desk, /, keep: str, lose: str, **given: Any) -> None:
    """Join two persons that prove to be one: the second case leaves the rosters, the first stays.

    Acts are never mixed, the history stays, and rescinding the merge undoes it.

    Example: lantik merge 36.73-000123 36.73-000456 --reason "registered twice by two units"
    """
    from workflow.amend import Amendment
    from workflow.merge import Merger
    from workflow.targets import of_case

    with desk.register() as register:
        (kept,), (lost,) = of_case(register, keep, 1), of_case(register, lose, 1)
        documents = register.documents(given["documents"])
        amendment = Amendment("merge", [lost], given["reason"], documents=documents)
        outcome = _carry_out(desk, register, Merger(kept.number, lost.number, amendment), given)
    _did(desk, outcome, given, whole=True)


@lantik.command()
@argument("file", type=FILE)
@option("--partial", is_flag=True, help="Record the good rows although others are refused.")
@option("--yes", is_flag=True, help="Do not ask before it is recorded.")
@printing
@click.pass_obj
def apply(desk: Desk, /, file: Path, **given: Any) -> None:
    """Record what was planned with --plan, if it is judged again as it was then.

    If the outcome would be another for any case, nothing is recorded, and it is said for which and how.

    Example: lantik apply oath.plan
    """
    from domain.text import text
    from workflow.advance import Order
    from workflow.four_eyes import apply
    from workflow.migrate import Migration
    from workflow.plans import read
    from workflow.registration import Intake

    with desk.register() as register:
        plan = read(register, file)
        asked, command_id, foreseen = plan.proposal
        if _watched(given) and not register.is_recorded(command_id):
            made = {"actor": plan.actor, "moment": plan.made_at, "rows": len(foreseen)}
            click.echo(desk.say(text("Planned by {actor} at {moment}: {rows:,} rows.", **made)), err=True)
            click.confirm(gettext.gettext("Record it?"), abort=True, err=True)
        with _accountable(desk, register, command_id), _progress("Judging") as progress:
            outcome = apply(register, plan.proposal, desk.actor, progress, partial=given["partial"])
    whole = outcome.differs or not isinstance(asked, Order | Intake | Migration)
    _tell(desk, outcome, given["form"], given["output"], whole=whole)


@lantik.command()
@argument("item", type=int, required=False)
@option("--all", "everything", is_flag=True, help="What others are to settle, and what was settled, too.")
@option(
    "--within",
    type=click.IntRange(0, 36500),
    default=30,
    metavar="DAYS",
    show_default=True,
    help="Steps that are late, or due in so many calendar days.",
)
@masking
@printing
@click.pass_obj
def inbox(desk: Desk, /, item: int | None, everything: bool, within: int, **given: Any) -> None:
    """List what waits for you by deadline, and what your roles owe soon; or with ITEM what that one is about.

    Example: lantik inbox
    """
    from projections.export.inbox import inbox_answer, item_answer
    from workflow import inbox
    from workflow.waiting import detail, waiting_for

    given["mask"] |= item is None  # the list names nobody
    with _reading(desk, given) as (register, connection, when):
        if item is not None:
            shown = detail(register, desk.actor, inbox.item(register, item), masked=given["mask"])
            _trace(desk, register, given, lambda: _numbers_in(shown["rows"]))
            answer = item_answer(shown, given["form"])
        else:
            waiting = waiting_for(register, desk.actor, everything=everything)
            answer = inbox_answer(waiting, _owed(desk, register, connection, when, within), given["form"])
    _answer(desk, answer, given["form"], given["output"])


def _owed(desk: Desk, register: Register, connection: sa.Connection, when: Times, within: int) -> list[dict[str, Any]]:
    """What the roles of whoever asks owe soon, summed by step."""
    from projections.asked import Selection
    from projections.due import Office, Wanted, due
    from projections.export.inbox import owed_rows
    from workflow.calendar import calendars

    access = register.access(desk.actor)
    office = Office(register.rulebook.load, calendars(register), register.settings.case_number)
    rows = due(connection, register.log_of_events, when, Selection(), office, Wanted(within), masked=True)
    steps = register.rulebook.load(register.procedure).steps
    mine = access.roles if access.enforced else None
    return owed_rows(rows, lambda step: steps[step].role if step in steps else None, mine)


@lantik.command()
@argument("item", type=int)
@option("--set", "fields", multiple=True, metavar="COLUMN=VALUE", help="Of a row of an import: what a cell should say.")
@option("--reason", help="Of a row of an import: why, in words; kept in the open, so without names.")
@option("--on", type=DAY, help="Of a row of an import: from which day its worker's open case follows it.")
@option(
    "--document",
    "documents",
    multiple=True,
    metavar='"KIND NUMBER DATE"',
    help="Of a row of an import: the document by which its worker's open case follows it.",
)
@option("--yes", is_flag=True, help="Do not ask before it is recorded.")
@printing
@click.pass_obj
def confirm(desk: Desk, /, item: int, **given: Any) -> None:
    """Record what somebody else proposed, if it is judged again as it was then; or a row of an import that waits.

    If the outcome would be another for any case, nothing is recorded, the item stays, and it is said for which and how.
    A row may be put right with --set. Of a worker who has an open case, the case follows the row by a step of its own.

    Example: lantik confirm 12
    """
    from domain.inbox import Queued
    from workflow import inbox
    from workflow.four_eyes import confirm, must_be_another
    from workflow.waiting import detail

    with desk.register() as register:
        waiting = inbox.item(register, item)
        if isinstance(waiting.fact, Queued):
            _tell(desk, _take(desk, register, item, given), given["form"], given["output"], whole=True)
        _only_of_a_row(given)
        if waiting.settled is None:
            must_be_another(waiting, desk.actor, "confirm")
        if waiting.settled is None and _watched(given):
            _show_item(desk, detail(register, desk.actor, waiting))
            click.confirm(gettext.gettext("Record it?"), abort=True, err=True)
        with _accountable(desk, register, waiting.fact.command_id), _progress("Judging") as progress:
            outcome = confirm(register, item, desk.actor, progress)
    _tell(desk, outcome, given["form"], given["output"], whole=True)


def _take(desk: Desk, register: Register, item: int, given: Mapping[str, Any]) -> Outcome:
    """Accept a row of an import; at a terminal what it says and what was found is shown first."""
    from workflow import inbox
    from workflow.deciding import Acceptance, take
    from workflow.waiting import detail

    fields, papers = _fields(given["fields"]), register.documents(given["documents"])
    with _accountable(desk, register, None) as drawn:
        accepted = Acceptance(item, fields, given["reason"], given["on"], papers, command_id=drawn)
        if _watched(given):
            outcome = take(register, accepted._replace(dry_run=True), desk.actor)
            if not outcome.recordable(partial=False):
                return outcome
            _show_item(desk, detail(register, desk.actor, inbox.item(register, item)))
            click.confirm(gettext.gettext("Record it?"), abort=True, err=True)
        return take(register, accepted, desk.actor)


def _only_of_a_row(given: Mapping[str, Any]) -> None:
    from domain.errors import Misused
    from domain.text import text

    if given["fields"] or given["reason"] or given["on"] or given["documents"]:
        raise Misused(text("--set, --reason, --on and --document are for a row of an import; this item is a proposal."))


def _show_item(desk: Desk, shown: Mapping[str, Any]) -> None:
    """What would be recorded of an item, for whoever is about to confirm it."""
    from projections.export.inbox import foreseen_lines, title_of

    for line in (title_of(shown), *foreseen_lines(shown)):
        click.echo(desk.say(line), err=True)


@lantik.command()
@argument("item", type=int)
@option("--reason", required=True, help="Why, in words; kept in the open, so without names.")
@option("--command-id", type=click.UUID, help="The id of this command: giving it again changes nothing.")
@click.pass_obj
def decline(desk: Desk, /, item: int, reason: str, command_id: Any) -> None:
    """Let what waits be recorded by nobody, or take back your own proposal.

    Example: lantik decline 12 --reason "the letter was withdrawn"
    """
    from domain.text import text
    from workflow.four_eyes import decline

    with desk.register() as register, _accountable(desk, register, command_id) as drawn:
        news = decline(register, item, reason, desk.actor, drawn)
    if news:
        click.echo(desk.say(text("Item {item} waits no more; nothing of it was recorded.", item=item)))
    else:
        click.echo(desk.say(text("This command was already recorded; nothing was changed.")), err=True)


@lantik.group()
def document() -> None:
    """Ask what rests on a document."""


@document.command(name="show")
@argument("number")
@times
@printing
@click.pass_obj
def document_show(desk: Desk, /, number: str, **given: Any) -> None:
    """List the acts that rest on a document, and everything that depends on those.

    Example: lantik document show 800/SK/2025
    """
    from projections.export.histories import document_answer
    from workflow.dependants import resting_on

    with _reading(desk, given) as (register, _connection, when):
        rows = list(resting_on(register, number, when.as_of, when.known_at))
    _answer(desk, document_answer(rows, given["form"]), given["form"], given["output"])


@lantik.command()
@argument("case", required=False)
@times
@option("--procedure", help="Under another procedure, to compare.")
@printing
@click.pass_obj
def steps(desk: Desk, /, case: str | None, procedure: str | None, **given: Any) -> None:
    """List the steps and what each needs; for a CASE what is possible now first, and why the others are not.

    Example: lantik steps 36.73-000123
    """
    from projections.export.steps import steps_answer
    from workflow.explain import finding_row, ranked, step_row

    with _reading(desk, given) as (register, connection, when):
        if case is None:
            rules = register.rulebook.load(procedure or register.procedure)
            rows = [step_row(step, desk.language_of(given["form"])) for step in rules.steps.values()]
        else:
            number = _one_case(desk, register, connection, case, when)
            stream = register.log_of_events.stream(number, when.known_at)
            say = desk.say if given["form"] == "table" else str
            judged = ranked(register, stream, when.as_of, under=procedure)
            rows = [
                {
                    **step_row(step, desk.language_of(given["form"])),
                    "possible": not found,
                    "rank": rank,
                    "findings": [finding_row(one, say) for one in found],
                }
                for rank, (step, found) in enumerate(judged, 1)
            ]
    _answer(desk, steps_answer(rows, given["form"], for_case=case is not None), given["form"], given["output"])


@lantik.command()
@argument("case")
@argument("step", type=STEP)
@times
@giving
@option("--procedure", help="Under another procedure, to compare.")
@printing
@click.pass_obj
def why(desk: Desk, /, case: str, step: str, procedure: str | None, **given: Any) -> None:
    """Tell every reason against a step, with its rule and who can supply what it asks, and the shortest way to it.

    Example: lantik why 36.73-000123 swear-in
    """
    from domain.draft import Request
    from projections.export.ways import why_answer
    from workflow.drafts import step_of
    from workflow.explain import explain, explained_row

    with _reading(desk, given) as (register, connection, when):
        step_of(register, step)
        number = _one_case(desk, register, connection, case, when)
        request = Request(
            step, when.as_of, register.documents(given["documents"]), _fields(given["fields"]), given["reason"]
        )
        found = explain(register, register.log_of_events.stream(number, when.known_at), request, under=procedure)
        say, language = desk.say if given["form"] == "table" else str, desk.language_of(given["form"])
        row = {"case": register.settings.case_number(number), "step": step, **explained_row(found, say, language)}
    _answer(desk, why_answer(row, given["form"]), given["form"], given["output"])


@lantik.command()
@argument("part", metavar="TEXT")
@times
@masking
@printing
@click.pass_obj
def find(desk: Desk, /, part: str, **given: Any) -> None:
    """Find cases by name, NI, part of a NIK, or a former NIK.

    Example: lantik find "Siti"
    """
    from projections.asked import Selection
    from projections.lookup import containing

    with _reading(desk, given) as (register, connection, when):
        selection = Selection(numbers=containing(connection, part, when))
        _print_roster(desk, register, connection, when, selection, given)


@lantik.command()
@argument("case")
@times
@masking
@printing
@click.pass_obj
def show(desk: Desk, /, case: str, **given: Any) -> None:
    """Show one case as it stands, and what is planned.

    Example: lantik show 36.73-000123 --as-of 2025-10-23
    """
    from domain.text import text
    from projections.asked import Selection
    from projections.export.due import briefly
    from projections.export.shape import Answer
    from projections.roster import roster
    from projections.show import COLUMNS, show
    from workflow.calendar import calendars

    with _reading(desk, given) as (register, connection, when):
        number = _one_case(desk, register, connection, case, when)
        rows = list(
            roster(connection, when, Selection(numbers=[number]), register.settings.case_number, masked=given["mask"])
        )
        if not rows:
            raise _refused(
                text(
                    "The case has no place in the register on {on}: it was registered later, taken back, or merged into another. See lantik history.",
                    on=when.as_of,
                )
            )
        _trace(desk, register, given, lambda: [number])
        stream = register.log_of_events.stream(number, when.known_at)
        shown = show(rows[0], stream, when, register.rules, calendars(register, when.known_at))
        if given["form"] == "table":
            shown = briefly(shown)
    _answer(desk, Answer(COLUMNS, [shown], single=True), given["form"], given["output"])


@lantik.command()
@argument("case")
@times
@masking
@receipting
@printing
@click.pass_obj
def history(desk: Desk, /, case: str, **given: Any) -> None:
    """Replay a case: every event, with what was believed before and after.

    Example: lantik history 36.73-000123 --known-at 2026-01-15
    """
    from projections.export.histories import history_answer
    from projections.history import history

    with _reading(desk, given) as (register, connection, when):
        number = _one_case(desk, register, connection, case, when)
        _trace(desk, register, given, lambda: [number])
        stream = register.log_of_events.stream(number, when.known_at)
        told = when if given["as_of"] else when._replace(as_of=date.max)  # a plan was recorded too
        rows = history(stream, told, register.settings.zone, register.rulebook.load, masked=given["mask"])
        named = register.settings.case_number(number)
        columns = history_answer(rows, named, "jsonl").columns
        tallied, footer, finish = _with_receipt(register, told, columns, rows, given)
        _answer(desk, history_answer(list(tallied), named, given["form"], footer), given["form"], given["output"])
        finish()


@lantik.command()
@selecting
@times
@masking
@receipting
@printing
@click.pass_obj
def roster(desk: Desk, /, **given: Any) -> None:
    """List one row for each case: who stands where.

    Example: lantik roster --status pppk-pw --as-of 2025-10-23 --format xlsx -o roster.xlsx
    """
    with _reading(desk, given) as (register, connection, when):
        _print_roster(desk, register, connection, when, _selection(register, given, when), given)


def _print_roster(
    desk: Desk,
    register: Register,
    connection: sa.Connection,
    when: Times,
    selection: Selection,
    given: Mapping[str, Any],
) -> None:
    from projections.export.rosters import roster_answer
    from projections.roster import COLUMNS, numbers, roster

    _trace(desk, register, given, lambda: numbers(connection, when, selection))
    rows = roster(connection, when, selection, register.settings.case_number, masked=given["mask"])
    if "receipt" not in given:
        _answer(desk, roster_answer(rows, when, given["form"]), given["form"], given["output"])
        return
    tallied, footer, finish = _with_receipt(register, when, COLUMNS, rows, given)
    _answer(desk, roster_answer(tallied, when, given["form"], footer), given["form"], given["output"])
    finish()


@lantik.command()
@option(
    "--by",
    "by",
    default="status",
    show_default=True,
    help="Fields to count by, with commas: stage status unit category formation position.",
)
@selecting
@times
@receipting
@printing
@click.pass_obj
def count(desk: Desk, /, by: str, **given: Any) -> None:
    """Give totals of the roster.

    Example: lantik count --by unit,status --as-of 2026-01-01
    """
    from projections.export.rosters import count_answer
    from projections.roster import count

    fields = [field.strip() for field in by.split(",")]
    unknown = [field for field in fields if field not in COUNTED]
    if unknown:
        known = gettext.gettext("The fields are: {fields}.").format(fields=", ".join(COUNTED))
        raise click.BadParameter(known, param_hint="--by")
    with _reading(desk, given) as (register, connection, when):
        rows = count(connection, when, _selection(register, given, when), fields)
        columns = count_answer(rows, fields, when).columns
        tallied, footer, finish = _with_receipt(register, when, columns, rows, given)
        _answer(desk, count_answer(list(tallied), fields, when, footer), given["form"], given["output"])
        finish()


@lantik.command()
@option(
    "--within",
    type=click.IntRange(0, 36500),
    metavar="DAYS",
    help="Only what is late, or due in so many calendar days.",
)
@option("--step", "named", type=STEP, multiple=True, help="Only this step.")
@option("--late", is_flag=True, help="Only what is late.")
@selecting
@times
@masking
@receipting
@printing
@click.pass_obj
def due(desk: Desk, /, within: int | None, named: tuple[str, ...], late: bool, **given: Any) -> None:
    """List what is due or late, whose act it is, and for how long.

    Example: lantik due --within 30 --as-of 2025-12-01
    """
    from projections.due import COLUMNS, Office, Wanted, due
    from projections.export.due import due_answer
    from workflow.calendar import calendars

    with _reading(desk, given) as (register, connection, when):
        _check_steps(register, named)
        office = Office(register.rulebook.load, calendars(register, when.known_at), register.settings.case_number)
        selection, wanted = _selection(register, given, when), Wanted(within, late, named)
        rows: Any = due(connection, register.log_of_events, when, selection, office, wanted, masked=given["mask"])
        rows = _traced_rows(desk, register, given, rows)
        tallied, footer, finish = _with_receipt(register, when, COLUMNS, rows, given)
        answer = due_answer(tallied, when, given["form"], footer, office.calendars.now)
        _answer(desk, answer, given["form"], given["output"])
        finish()


@lantik.group()
def cohort() -> None:
    """Declare groups of cases by name, and prove that parts make a whole."""


@cohort.command(name="define")
@argument("name")
@argument("who", nargs=-1)
@option("--from", "source", type=FILE, help="A CSV or XLSX file with a column nik or case: these cases, for good.")
@option("--all", "everyone", is_flag=True, help="All cases of the register.")
@selecting
@option("--on", type=DAY, help="The day of which it is declared; today if not given.")
@option("--note", help="What the group is; kept in the open, so without names.")
@option("--document", "documents", multiple=True, metavar='"KIND NUMBER DATE"', help="The document that declares it.")
@option("--command-id", type=click.UUID, help="The id of this command: giving it again changes nothing.")
@reading_files
@click.pass_obj
def cohort_define(desk: Desk, /, name: str, who: tuple[str, ...], on: date | None, **given: Any) -> None:
    """Declare a group of cases: fixed by NIKs or case numbers or a file, or whoever a selection means when it is asked.

    Defining a name again is a new definition from then on; --known-at still finds the older one.

    Example: lantik cohort define late --where-document 800/12/2025 --note "the letter of 25 September"
    """
    from domain.text import text
    from projections.export.outcomes import finding_lines
    from workflow.cohorts import Definition, define, listed
    from workflow.whom import Who

    with desk.register() as register:
        day = on or register.today
        selection = _stored_selection(register, who, day, given)
        workers = None if selection is not None else [Who(one, at) for at, one in enumerate(who, 1)]
        if given["source"] is not None:
            workers = listed(given["source"], encoding=given["encoding"], sheet=given["sheet"])
        documents = register.documents(given["documents"])
        with _accountable(desk, register, given["command_id"]) as command_id:
            definition = Definition(name, day, workers, selection or {}, given["note"], documents, command_id)
            defined = define(register, definition, desk.actor)
    for line in finding_lines(defined.findings):
        click.echo(desk.say(line), err=True)
    if any(finding.refuses for _, finding in defined.findings):
        raise _refused(text("Nothing was recorded. Mend the rows above and try again."))
    if not defined.news:
        click.echo(desk.say(text("This command was already recorded; nothing was changed.")), err=True)
    elif defined.fact.numbers is None:
        click.echo(desk.say(text("{name} now means whoever the selection matches when it is asked.", name=name)))
    else:
        click.echo(desk.say(text("{name} now means {count:,} cases.", name=name, count=len(defined.fact.numbers))))


def _stored_selection(
    register: Register, who: tuple[str, ...], day: date, given: Mapping[str, Any]
) -> dict[str, tuple[str, ...]] | None:
    """The selection by value, units by their own names; None where the workers are named. Raises Misused."""
    from domain.errors import Misused
    from domain.text import text
    from projections.asked import Times

    selection = _selection(register, given, Times(day))
    if sum([bool(who), given["source"] is not None, given["everyone"] or not selection.is_empty]) != 1:
        raise Misused(
            text("Say whom: by NIKs or case numbers, or by --from FILE, or by a selection such as --stage or --all.")
        )
    if who or given["source"] is not None:
        return None
    filters = dict(zip(selection._fields[:5], selection[:5], strict=True))
    if given["where_document"]:
        filters["where_document"] = (given["where_document"],)
    return {name: values for name, values in filters.items() if values}


def _members(register: Register, connection: sa.Connection, name: str, when: Times) -> Any:
    """The members of a cohort at the times asked. Raises Refused if there is none of that name."""
    from projections.asked import Selection
    from projections.cohorts import members
    from workflow.cohorts import definition_of
    from workflow.dependants import cases_resting_on

    fact = definition_of(register, name, when.known_at)
    filters = {name: values for name, values in fact.selection.items() if name != "where_document"}
    cases: Any = fact.numbers
    for number in fact.selection.get("where_document", ()):
        cases = cases_resting_on(register, number, when.as_of, when.known_at)
    selection = Selection(**filters, numbers=cases)
    return members(connection, when, name, selection, fixed=fact.numbers is not None)


@cohort.command(name="list")
@option("--known-at", help="As it was known at this moment (ISO 8601; a date means its end).")
@printing
@click.pass_obj
def cohort_list(desk: Desk, /, **given: Any) -> None:
    """List the declared groups with what defines them.

    Example: lantik cohort list
    """
    from domain.moments import moment_of
    from projections.export.cohorts import cohorts_answer
    from workflow.cohorts import definitions

    with _reading(desk, given) as (register, _connection, when):
        rows = [
            {
                "name": fact.name,
                "members": len(fact.numbers) if fact.numbers is not None else None,
                "selection": None if fact.numbers is not None else {**fact.selection} or {"all": ("yes",)},
                "on": fact.effective_on,
                "documents": list(fact.documents),
                "note": fact.about,
                "recorded_at": moment_of(decision.recorded_at, register.settings.zone),
                "actor": decision.actor,
            }
            for decision, fact in definitions(register, when.known_at).values()
        ]
    _answer(desk, cohorts_answer(rows, given["form"]), given["form"], given["output"])


@cohort.command(name="show")
@argument("name")
@times
@masking
@printing
@click.pass_obj
def cohort_show(desk: Desk, /, name: str, **given: Any) -> None:
    """List the members of a declared group as the roster has them, and tell which have no row in it then.

    Example: lantik cohort show late --as-of 2025-12-12
    """
    from domain.text import text
    from projections.asked import Selection

    with _reading(desk, given) as (register, connection, when):
        found = _members(register, connection, name, when)
        _print_roster(desk, register, connection, when, Selection(numbers=found.cases), given)
    if found.absent:
        absent = ", ".join(map(register.settings.case_number, found.absent))
        told = text(
            "Members without a row in the roster then: {count:,} ({cases}).", count=len(found.absent), cases=absent
        )
        click.echo(desk.say(told), err=True)


@cohort.command(name="check")
@argument("whole", metavar="WHOLE")
@argument("parts", metavar="[PART]...", nargs=-1)
@option("--expect", type=int, metavar="N", help="How many the whole must be.")
@times
@printing
@click.pass_obj
def cohort_check(desk: Desk, /, whole: str, parts: tuple[str, ...], expect: int | None, **given: Any) -> None:
    """Prove that the parts are disjoint and make the whole, or name who is in no part, in several, or not in the whole.

    Leaves with 1 if it does not hold. A whole alone is compared with --expect.

    Example: lantik cohort check late late-149 late-377 --expect 526 --as-of 2025-12-12
    """
    from domain.errors import Misused
    from domain.text import text
    from projections.cohorts import reckon
    from projections.export.cohorts import check_answer

    if not parts and expect is None:
        raise Misused(text("Name the parts, or say with --expect how many the whole must be."))
    with _reading(desk, given) as (register, connection, when):
        known = {name: _members(register, connection, name, when) for name in dict.fromkeys((whole, *parts))}
        reckoning = reckon(known[whole], [known[name] for name in parts], expect)
        known_at, _ = register.fixed(when.known_at)
    answer = check_answer(reckoning, when, known_at, register.settings.case_number, given["form"])
    _answer(desk, answer, given["form"], given["output"])
    sys.exit(0 if reckoning.holds else 1)


@lantik.command()
@argument("first", metavar="D1")
@argument("second", metavar="D2")
@option("--belief", is_flag=True, help="D1 and D2 are moments of knowledge and not days.")
@times
@selecting
@masking
@receipting
@printing
@click.pass_obj
def diff(desk: Desk, /, first: str, second: str, **given: Any) -> None:
    """Tell who stands differently on two days, or as known at two moments, and the events that made the difference.

    Example: lantik diff 2025-10-22 2025-10-23 --unit "Dinas Kesehatan"

    Example: lantik diff --belief 2026-01-15 2026-01-21 --as-of 2026-01-10
    """
    from domain.moments import parse_moment
    from projections.diff import COLUMNS, diff
    from projections.export.histories import diff_answer

    with _reading(desk, given) as (register, connection, when):
        if given["belief"]:
            moments = [parse_moment(known, register.settings.zone) for known in (first, second)]
            earlier, later = (when._replace(known_at=known) for known in moments)
            fixed = [register.fixed(known)[0] for known in moments]
            click.get_current_context().params.update(first=fixed[0], second=fixed[1])
        else:
            earlier, later = (when._replace(as_of=DAY.convert(day, None, None)) for day in (first, second))
        selection = _selection(register, given, later)
        case_number = register.settings.case_number
        rows: Any = diff(
            connection, register.log_of_events, earlier, later, selection, case_number, masked=given["mask"]
        )
        rows = _traced_rows(desk, register, given, rows)
        tallied, footer, finish = _with_receipt(register, when, COLUMNS, rows, given)
        _answer(desk, diff_answer(tallied, given["form"], footer), given["form"], given["output"])
        finish()


@lantik.command()
@option("--since", help="Recorded at this moment or later (ISO 8601; a date means its beginning).")
@option("--until", help="Recorded at this moment or earlier (ISO 8601; a date means its end).")
@option("--by", "actor", help="Recorded by this actor.")
@option("--step", type=STEP, help="Only this step.")
@option("--document", help="Only acts that rest on this document number.")
@option("--command", "command_id", type=click.UUID, help="Only the events of this command.")
@times
@masking
@printing
@click.pass_obj
def log(desk: Desk, /, **given: Any) -> None:
    """List the audit log over all cases, newest last.

    Example: lantik log --since 2026-01-20 --step outsource --format jsonl
    """
    from domain.log import ALWAYS, Wanted
    from domain.moments import parse_moment
    from projections.export.histories import log_answer
    from projections.history import audit_log, step_name

    with _reading(desk, given) as (register, _connection, when):
        zone = register.settings.zone
        since = parse_moment(given["since"], zone, first=True) if given["since"] else None
        until = parse_moment(given["until"], zone) if given["until"] else ALWAYS
        known = min(until, when.known_at)
        asked = (given["actor"], given["command_id"], given["document"])
        if _in_clear(desk, register, given):
            known = parse_moment(register.fixed(known)[0], zone)  # it is read twice, and grows meanwhile
        wanted = Wanted(0, since, known, *asked, office=True)

        def events() -> Iterator[Any]:
            return (
                one
                for one in register.log_of_events.events(wanted)
                if (given["step"] in (None, step_name(one.fact)))
                and (given["as_of"] is None or one.fact.effective_on <= given["as_of"])
            )

        _trace(desk, register, given, lambda: {one.case for one in events() if one.case})
        rows = audit_log(events(), zone, register.rulebook.load, register.settings.case_number, masked=given["mask"])
        _answer(desk, log_answer(rows, given["form"]), given["form"], given["output"])


@lantik.command()
@option("--since", help="Tried at this moment or later (ISO 8601; a date means its beginning).")
@option("--until", help="Tried at this moment or earlier (ISO 8601; a date means its end).")
@option("--by", "actor", help="Tried by this actor.")
@printing
@click.pass_obj
def attempts(desk: Desk, /, form: str, output: Path | None, **given: Any) -> None:
    """List what was denied: who tried what when, for want of which role, or about whose people.

    Example: lantik attempts --since 2026-01-01
    """
    from projections.export.traces import attempts_answer
    from workflow.traces import attempts, trace_row

    with desk.register(read_only=True) as register:
        found = attempts(register, desk.actor, _traced(register, given))
        rows = [trace_row(one, register.settings.case_number) for one in found]
    _answer(desk, attempts_answer(rows, form), form, output)


@lantik.command()
@argument("case", required=False)
@option("--since", help="Read at this moment or later (ISO 8601; a date means its beginning).")
@option("--until", help="Read at this moment or earlier (ISO 8601; a date means its end).")
@option("--by", "actor", help="Read by this actor.")
@printing
@click.pass_obj
def readings(desk: Desk, /, case: str | None, form: str, output: Path | None, **given: Any) -> None:
    """List who read full numbers, when, and why; of one CASE, or of all. For registers that keep a trace of it.

    Example: lantik readings 36.73-000123
    """
    from projections.export.traces import readings_answer
    from workflow.traces import readings, trace_row

    with _reading(desk, {}) as (register, connection, when):
        number = _one_case(desk, register, connection, case, when) if case is not None else None
        found = readings(register, desk.actor, _traced(register, given)._replace(case=number))
        rows = [trace_row(one, register.settings.case_number) for one in found]
    _answer(desk, readings_answer(rows, form), form, output)


def _traced(register: Register, given: Mapping[str, Any]) -> Any:
    """Which attempts or readings are asked for."""
    from domain.moments import parse_moment
    from workflow.traces import Wanted

    zone = register.settings.zone
    since = parse_moment(given["since"], zone, first=True) if given["since"] else None
    until = parse_moment(given["until"], zone) if given["until"] else None
    return Wanted(since, until, given["actor"])


@lantik.group()
def receipt() -> None:
    """Ask again what was answered."""


@receipt.command(name="verify")
@argument("file", type=FILE)
@click.pass_obj
def receipt_verify(desk: Desk, /, file: Path) -> None:
    """Ask the question of a receipt again, and tell whether the answer is the same to the byte.

    Example: lantik receipt verify roster.receipt.json
    """
    import tempfile

    from domain.text import text
    from projections.receipt import read, verify

    kept, desk.watched = read(file), False
    with tempfile.TemporaryDirectory() as folder:
        answered = Path(folder) / "answer.jsonl"
        command, *words = kept.question
        asked = lantik.commands[command]
        with asked.make_context(command, [*words, "--format", "jsonl", "-o", str(answered)], obj=desk) as context:
            asked.invoke(context)
        verify(kept, answered)
    click.echo(desk.say(text("The answer is the same to the byte: {rows} rows.", rows=kept.rows)))


@lantik.group()
def unit() -> None:
    """Keep the list of units (OPDs) and their other names."""


@unit.command(name="import")
@argument("file", type=FILE)
@reading_files
@click.pass_obj
def unit_import(desk: Desk, /, file: Path, encoding: str | None, sheet: str | None) -> None:
    """Load the list of units from a CSV or XLSX file with the columns name, code and aliases.

    Example: lantik unit import units.csv
    """
    from domain.text import text
    from projections.export.outcomes import finding_lines
    from workflow.intake.units import read_units
    from workflow.units import import_units

    rows, notes = read_units(file, encoding=encoding, sheet=sheet)
    with desk.register() as register:
        added, findings = import_units(register, rows, desk.actor)
    for line in finding_lines([*((None, note) for note in notes), *findings]):
        click.echo(desk.say(line), err=True)
    if any(finding.refuses for _, finding in findings):
        raise _refused(text("No unit was added. Mend the rows above and import again."))
    click.echo(desk.say(text("Added {count} units.", count=added)))


@unit.command(name="alias")
@argument("alias")
@argument("name")
@click.pass_obj
def unit_alias(desk: Desk, /, alias: str, name: str) -> None:
    """Let ALIAS mean the unit NAME.

    Example: lantik unit alias "Dinkes" "Dinas Kesehatan"
    """
    from domain.text import text
    from workflow.units import add_alias

    with desk.register() as register:
        resolved = add_alias(register, alias, name, desk.actor)
    click.echo(desk.say(text("{alias} now means {unit}.", alias=alias, unit=resolved)))


@unit.command(name="list")
@printing
@click.pass_obj
def unit_list(desk: Desk, /, form: str, output: Path | None) -> None:
    """List the units with their aliases.

    Example: lantik unit list
    """
    from projections.export.rosters import units_answer
    from workflow.units import list_units

    with desk.register(read_only=True) as register:
        rows = [unit._asdict() for unit in list_units(register)]
    _answer(desk, units_answer(rows), form, output)


@lantik.group()
def user() -> None:
    """Say who may do what; as long as there are no users, everybody may do everything."""


ROLES = ("clerk", "verifier", "approver", "auditor", "keeper")
giving_role = _options(
    argument("name"),
    option("--role", required=True, type=click.Choice(ROLES), help="What the user may do."),
    option("--unit", "units", multiple=True, help="Only for workers of this unit; all units if not given."),
)
command_id = option("--command-id", type=click.UUID, help="The id of this command: giving it again changes nothing.")


@user.command(name="add")
@giving_role
@option("--set-password", is_flag=True, help="Ask for the password of the login that is made on the server.")
@command_id
@click.pass_obj
def user_add(desk: Desk, /, name: str, set_password: bool, **given: Any) -> None:
    """Let somebody be a user, with one role; the first is a keeper, who adds the others.

    On PostgreSQL the name is a login of the server, and is made if it is not there.

    Example: lantik user add siti --role clerk --unit "Dinas Kesehatan"
    """
    from workflow.users import add

    _give_role(desk, add, name, given, _new_password() if set_password else None)


@user.command(name="grant")
@giving_role
@command_id
@click.pass_obj
def user_grant(desk: Desk, /, name: str, **given: Any) -> None:
    """Give a user a further role, or one they have for other units than before.

    Example: lantik user grant siti --role verifier
    """
    from workflow.users import give

    _give_role(desk, give, name, given)


def _give_role(
    desk: Desk, what: Callable[..., bool], name: str, given: Mapping[str, Any], password: str | None = None
) -> None:
    from domain.access import Role
    from domain.text import text
    from workflow.users import Grant

    with desk.register(whole=True) as register, _accountable(desk, register, given["command_id"]) as drawn:
        news = what(register, Grant(name, Role(given["role"]), given["units"], password, drawn), desk.actor)
    _told(desk, news, text("{name} is {role} now; see lantik user list.", name=name, role=given["role"]))


def _told(desk: Desk, news: bool, done: Text) -> None:
    from domain.text import text

    if news:
        click.echo(desk.say(done))
    else:
        click.echo(desk.say(text("This command was already recorded; nothing was changed.")), err=True)


def _new_password() -> str:
    """Asked twice at a terminal, else one line of standard input; never shown."""
    from domain.errors import Misused
    from domain.text import text

    if sys.stdin.isatty():
        password = click.prompt(gettext.gettext("Password"), hide_input=True, confirmation_prompt=True, err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise Misused(text("The password is empty; nothing was recorded."))
    return str(password)


@user.command(name="revoke")
@argument("name")
@option("--role", type=click.Choice(ROLES), help="Only this role; all if not given.")
@command_id
@click.pass_obj
def user_revoke(desk: Desk, /, name: str, role: str | None, **given: Any) -> None:
    """Take a role away from a user, or all of them.

    Example: lantik user revoke siti --role clerk
    """
    from domain.access import Role
    from domain.text import text
    from workflow.users import Revocation, revoke

    with desk.register(whole=True) as register, _accountable(desk, register, given["command_id"]) as drawn:
        news = revoke(register, Revocation(name, Role(role) if role else None, drawn), desk.actor)
    _told(desk, news, text("{name} has that role no more; see lantik user list.", name=name))


@user.command(name="list")
@printing
@click.pass_obj
def user_list(desk: Desk, /, form: str, output: Path | None) -> None:
    """List who has which role for which units, since when and by whom.

    Example: lantik user list
    """
    from projections.export.rosters import users_answer
    from workflow.users import listed

    with desk.register(read_only=True) as register:
        rows = list(listed(register))
    _answer(desk, users_answer(rows), form, output)


@lantik.group()
def holiday() -> None:
    """Keep the calendar by which working days are counted."""


@holiday.command(name="decree")
@option("--off", multiple=True, metavar='"DAY=NAME"', help="A day that becomes a holiday, with its name.")
@option("--worked", multiple=True, metavar="DAY", help="A holiday that becomes a working day.")
@option("--document", "documents", multiple=True, required=True, metavar='"KIND NUMBER DATE"', help="The decree.")
@option("--on", type=DAY, help="The day of the decree; today if not given.")
@option("--dry-run", is_flag=True, help="Judge and tell, but record nothing.")
@click.pass_obj
def holiday_decree(desk: Desk, /, off: tuple[str, ...], worked: tuple[str, ...], **given: Any) -> None:
    """Record a decree on holidays and joint leave; due dates are counted anew.

    Example: lantik holiday decree --off "2026-03-25=Cuti bersama" --document "skb-3-menteri 933/2025 2026-01-10"
    """
    from projections.export.due import decreed
    from workflow.calendar import Decree, decree_holidays, read_days

    days = read_days(off, worked)
    with desk.register() as register:
        decree = Decree(*days, register.documents(given["documents"]), given["on"] or register.today)
        changed = decree_holidays(register, decree, desk.actor, dry_run=given["dry_run"])
    for line in decreed(changed.off, changed.worked):
        click.echo(desk.say(line))
    _rehearsed(desk, given)


@holiday.command(name="list")
@option("--year", type=click.IntRange(1946, 2100), help="The year; this one if not given.")
@option("--known-at", help="As it was known at this moment (ISO 8601; a date means its end).")
@printing
@click.pass_obj
def holiday_list(desk: Desk, /, year: int | None, form: str, output: Path | None, **given: Any) -> None:
    """List the holidays and joint leave of a year, and who says so.

    Example: lantik holiday list --year 2026
    """
    from projections.export.due import holidays_answer
    from workflow.calendar import listed, national

    with _reading(desk, given) as (register, _, when):
        wanted = year or register.today.year
        rows = list(listed(register, wanted, when.known_at, desk.language_of(form)))
    _answer(desk, holidays_answer(rows, form, [] if national(wanted).exact else [wanted]), form, output)


@lantik.group()
def procedure() -> None:
    """Look at the procedures, compare them, and let another one hold."""


@procedure.command(name="list")
@printing
@click.pass_obj
def procedure_list(desk: Desk, /, form: str, output: Path | None) -> None:
    """List the procedures there are.

    Example: lantik procedure list
    """
    from projections.export.procedures import procedures_answer
    from workflow.rulebook import Rulebook

    rulebook = Rulebook()
    found = [rulebook.load(name) for name in rulebook.names()]
    _answer(desk, procedures_answer(found, desk.language_of(form)), form, output)


@procedure.command(name="show")
@argument("name")
@option("--step", type=STEP, help="Only this step.")
@printing
@click.pass_obj
def procedure_show(desk: Desk, /, name: str, step: str | None, form: str, output: Path | None) -> None:
    """Show the stages and steps of a procedure, NAME or the file of one.

    Example: lantik procedure show kota-serang
    """
    from projections.export.procedures import procedure_answer, procedure_row_answer
    from workflow.explain import named_step, procedure_row, step_row

    found, language = _procedure(desk, name), desk.language_of(form)
    one = named_step(found, step) if step is not None else None
    if form == "table":
        answer = procedure_answer(found, language, one)
    else:
        answer = procedure_row_answer(step_row(one, language) if one else procedure_row(found, language))
    _answer(desk, answer, form, output)


def _procedure(desk: Desk, name: str) -> Procedure:
    """The procedure of that name, or in that file; one that was adopted is in the register."""
    from workflow.rulebook import Rulebook

    rulebook = Rulebook()
    if name.endswith(".toml"):
        return rulebook.read(Path(name))
    there = rulebook.names()
    if name in there or name in {one.partition("@")[0] for one in there} or not desk.has_register():
        return rulebook.load(name)
    with desk.register(read_only=True) as register:
        return register.rulebook.load(name)


@procedure.command(name="check")
@argument("file", type=FILE)
@click.pass_obj
def procedure_check(desk: Desk, /, file: Path) -> None:
    """Check a procedure file; every fault is told with its line, and what is merely odd as a warning.

    Example: lantik procedure check kota-serang@2026.1.toml
    """
    from domain.text import text
    from workflow.procedure_warnings import checked
    from workflow.rulebook import Rulebook

    read, warnings = checked(Rulebook(), file, desk.clock().date())
    for warning in warnings:
        click.echo(desk.say(warning))
    click.echo(
        desk.say(
            text(
                "{reference} is in order: {stages} stages, {steps} steps.",
                reference=read.reference,
                stages=len(read.stages),
                steps=len(read.steps),
            )
        )
    )


@procedure.command(name="diff")
@argument("first", metavar="NAME|FILE")
@argument("second", metavar="NAME|FILE")
@printing
@click.pass_obj
def procedure_diff(desk: Desk, /, first: str, second: str, form: str, output: Path | None) -> None:
    """Tell what the second procedure says otherwise than the first.

    Example: lantik procedure diff kota-serang@2025.1 kota-serang@2025.2
    """
    from projections.export.procedures import changes_answer
    from workflow.procedure_diff import change_row, changes

    before, after = _procedure(desk, first), _procedure(desk, second)
    rows = [change_row(change, desk.say if form == "table" else str) for change in changes(before, after)]
    _answer(desk, changes_answer(rows, before.reference, after.reference, form), form, output)


@procedure.command(name="diagram")
@argument("name", metavar="NAME|FILE")
@option("--part", multiple=True, metavar="STAGE", help="Only what is around this stage, or this employment status.")
@option(
    "--within",
    type=click.IntRange(0, 99),
    default=1,
    metavar="N",
    show_default=True,
    help="How many steps around a part.",
)
@option("--counts", is_flag=True, help="Write into each stage how many cases stand there.")
@times
@option(
    "--format",
    "form",
    type=click.Choice(("mermaid", "dot", "svg", "png")),
    help="By default what the ending of the file says, else mermaid.",
)
@option("-o", "--output", type=FILE, help="Write to this file instead of the terminal.")
@click.pass_obj
def procedure_diagram(
    desk: Desk, /, name: str, part: tuple[str, ...], within: int, form: str | None, output: Path | None, **given: Any
) -> None:
    """Draw a procedure or a part of it; with --counts how many cases stand where.

    Example: lantik procedure diagram kota-serang --part active -o active.svg
    """
    from workflow.procedure_diagram import around, diagram
    from workflow.procedure_drawing import format_of, written

    form = form or format_of(output)
    if form == "png" and output is None and sys.stdout.isatty():
        raise click.UsageError(gettext.gettext("A picture cannot be shown here; give -o FILE."))
    found = _procedure(desk, name)
    stages = around(found, part, within) if part else None
    counts, as_of = _counts(desk, given) if given["counts"] else (None, None)
    drawn = diagram(found, desk.language, desk.say, part=stages, counts=counts, as_of=as_of)
    _pour(written(drawn, form), output)


def _counts(desk: Desk, given: Mapping[str, Any]) -> tuple[dict[str, int], date]:
    """How many cases stand in each stage at the times asked, and the day asked."""
    from projections.asked import Selection
    from projections.roster import count

    with _reading(desk, given) as (_register, connection, when):
        return {row["stage"]: row["n"] for row in count(connection, when, Selection(), ["stage"])}, when.as_of


def _pour(content: bytes, output: Path | None) -> None:
    """Bytes into a file that is whole or not there, or to standard output."""
    from domain.files import replaced

    if output is None:
        click.echo(content, nl=False)
    else:
        with replaced(output) as draft:
            draft.write_bytes(content)


@procedure.command(name="adopt")
@argument("name", metavar="NAME|FILE")
@option("--on", type=DAY, required=True, help="From which day new cases are judged by it.")
@option("--document", "documents", multiple=True, metavar='"KIND NUMBER DATE"', help="The document that orders it.")
@option("--dry-run", is_flag=True, help="Judge and tell, but record nothing.")
@option("--command-id", type=click.UUID, help="The id of this command: giving it again changes nothing.")
@click.pass_obj
def procedure_adopt(desk: Desk, /, name: str, on: date, **given: Any) -> None:
    """Let new cases be judged by another procedure; a file of one's own is kept in the register.

    Open cases keep the procedure they were opened under: see lantik procedure migrate.

    Example: lantik procedure adopt kota-serang@2025.2 --on 2026-01-01
    """
    from domain.text import text
    from workflow.adoption import Adoption, adopt

    with desk.register() as register:
        documents = register.documents(given["documents"])
        with _accountable(desk, register, given["command_id"]) as command_id:
            adoption = Adoption(name, on, documents, given["dry_run"], command_id)
            adopted, news = adopt(register, adoption, desk.actor)
    _rehearsed(desk, given)
    if not news:
        click.echo(desk.say(text("This command was already recorded; nothing was changed.")), err=True)
    elif not given["dry_run"]:
        click.echo(desk.say(text("From {on} on new cases are judged by {name}.", on=on, name=adopted.reference)))


@procedure.command(name="adopted")
@printing
@click.pass_obj
def procedure_adopted(desk: Desk, /, form: str, output: Path | None) -> None:
    """Tell which procedure new cases have from when, and how many open cases are judged by which.

    Example: lantik procedure adopted
    """
    from projections.export.rehearsals import adopted_answer
    from workflow.adoption import in_force

    with desk.register(read_only=True) as register:
        rows = [one._asdict() for one in in_force(register)]
    _answer(desk, adopted_answer(rows, form), form, output)


@procedure.command(name="migrate")
@argument("to", metavar="NAME@VERSION")
@argument("who", nargs=-1)
@option("--reason", required=True, help="Why, in words; kept with the person.")
@option("--document", "documents", multiple=True, metavar='"KIND NUMBER DATE"', help="The document that orders it.")
@option("--all", "everyone", is_flag=True, help="All open cases.")
@selecting
@recording
@option("--yes", is_flag=True, help="Do not ask before it is recorded.")
@printing
@click.pass_obj
def procedure_migrate(desk: Desk, /, to: str, who: tuple[str, ...], **given: Any) -> None:
    """Move open cases to another procedure, after showing which can be moved, which cannot, and why.

    What was recorded stays as it was judged; only what comes next is judged by the other procedure.

    Example: lantik procedure migrate kota-serang@2025.2 --all --reason "version 2025.2 is in force" --dry-run
    """
    from domain.text import text
    from workflow.migrate import Migration

    with desk.register() as register:
        reference = register.rulebook.load(to).reference
        workers = _to_migrate(register, who, given)
        documents = register.documents(given["documents"])
        migration = Migration(reference, given["reason"], workers, documents, given["partial"])
        question = text("This moves the cases to {to}.", to=reference)
        outcome = _carry_out(desk, register, migration, given, question)
    _did(desk, outcome, given)


def _to_migrate(register: Register, who: tuple[str, ...], given: Mapping[str, Any]) -> list[Who] | None:
    """The workers that were named or selected as of today; None for all open cases."""
    from domain.errors import Misused
    from domain.text import text
    from projections.asked import Times
    from projections.roster import numbers
    from workflow.whom import Who

    when = Times(register.today)
    selection = _selection(register, given, when)
    if sum([bool(who), given["everyone"], not selection.is_empty]) != 1:
        raise Misused(text("Say whom: by NIKs or case numbers, or by a selection such as --stage or --all."))
    if given["everyone"]:
        return None
    if who:
        return [Who(name) for name in who]
    with register.datastore.read() as connection:
        return [Who(register.settings.case_number(number)) for number in numbers(connection, when, selection)]


@procedure.command(name="rehearse")
@argument("name", metavar="NAME|FILE")
@option("--since", type=DAY, help="Only acts that are effective on this day or later.")
@printing
@click.pass_obj
def procedure_rehearse(desk: Desk, /, name: str, since: date | None, **given: Any) -> None:
    """Judge every recorded act again under another procedure, and list what would be refused; records nothing.

    Example: lantik procedure rehearse kota-serang@2025.2 --since 2025-10-01
    """
    from projections.export.rehearsals import rehearsal_answer
    from workflow.adoption import named
    from workflow.rehearse import rehearse

    with desk.register(read_only=True) as register, _progress("Judging") as progress:
        other, _ = named(register, name)
        found = rehearse(register, other, since, progress)
        case_number = register.settings.case_number
    rows = [
        {
            "step": one.step,
            "unit": one.unit,
            "code": one.finding.code,
            "rule": one.finding.rule,
            "message": (desk.say if given["form"] == "table" else str)(one.finding.message),
            "acts": one.acts,
            "cases": [case_number(case) for case in one.cases],
        }
        for one in found.flips
    ]
    answer = rehearsal_answer(rows, other.reference, found.judged, found.cases, given["form"])
    _answer(desk, answer, given["form"], given["output"])


@lantik.group()
def views() -> None:
    """Look after the projections, which can be made anew from the events."""


@views.command(name="status")
@printing
@click.pass_obj
def views_status(desk: Desk, /, form: str, output: Path | None) -> None:
    """Tell how many rows each view holds, and the fingerprint over them.

    Example: lantik views status
    """
    from projections.export.rosters import status_answer
    from projections.views import status

    with desk.register(read_only=True) as register, register.datastore.read() as connection:
        found = status(connection)
        _answer(desk, status_answer(found, register.log_of_events.head()), form, output)


@views.command(name="rebuild")
@click.pass_obj
def views_rebuild(desk: Desk) -> None:
    """Make the views anew from the events, while others read, and compare with what was kept.

    Example: lantik views rebuild
    """
    from domain.access import Role
    from domain.errors import IntegrityFailed
    from domain.text import text
    from projections.views import rebuild
    from workflow.access import permit

    with desk.register(whole=True) as register, _progress("Rebuilding") as progress:
        if not register.owned:
            permit(register, desk.actor, [Role.KEEPER], "views-rebuild")
        store = register.datastore
        kept, rebuilt = rebuild(store.read, store.write, register.log_of_events, register.last_case, progress)
    if kept.fingerprint != rebuilt.fingerprint:
        raise IntegrityFailed(
            text(
                "The views were not what the events say; they were rebuilt. Fingerprint {now}, before {was}.",
                now=rebuilt.fingerprint[:16],
                was=kept.fingerprint[:16],
            )
        )
    click.echo(desk.say(text("Rebuilt; equal to what was kept. Fingerprint {now}.", now=rebuilt.fingerprint[:16])))


@lantik.command()
@option(
    "--folder",
    type=click.Path(path_type=Path),
    default="demo",
    show_default=True,
    help="Where register and workbooks go; a former demo there is replaced, anything else is left alone.",
)
@option("--seed", default=2025, show_default=True, help="The same number gives the same people.")
@click.pass_obj
def demo(desk: Desk, /, folder: Path, seed: int) -> None:
    """Play Kota Serang's year with synthetic people, and compare its totals with the published ones.

    Example: lantik demo --folder demo
    """
    from random import Random
    from shutil import which
    from time import monotonic

    from domain.text import text
    from workflow.demo.office import Office
    from workflow.demo.play import play

    began, chance = monotonic(), Random(seed).randbytes  # noqa: S311  a demo that is the same each time is the purpose
    office = Office(
        lambda moment, words: _given_at(desk, moment, chance, words),
        lambda sentence: click.echo(desk.say(sentence)),
        click.echo,
        lambda: monotonic() - began,
        None if which("lantik") else str(Path(sys.executable).parent),
    )
    try:
        differing = play(folder, seed, office)
    except KeyboardInterrupt:
        click.echo(gettext.gettext("Interrupted. Give the demo again; it begins anew."), err=True)
        sys.exit(INTERRUPTED)
    if differing:
        raise _refused(text("{count} totals differ from the published figures.", count=differing))


def _given_at(desk: Desk, moment: datetime, chance: Callable[[int], bytes], words: Sequence[str]) -> Ran:
    """Give a command line at a simulated moment, as if it were typed then; only the demo can."""
    import io
    from contextlib import redirect_stderr, redirect_stdout

    from workflow.demo.office import Ran

    answer, beside = io.StringIO(), io.StringIO()
    with redirect_stdout(answer), redirect_stderr(beside):
        try:
            lantik.main(
                ["--lang", desk.language, "--agency", "", *words], obj=Desk(lambda: moment, chance, desk.busy_timeout)
            )
        except SystemExit as left:
            code = left.code
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    return Ran(code if isinstance(code, int) else 0, answer.getvalue(), beside.getvalue())


def main() -> NoReturn:
    """The entry point of `lantik`."""
    lantik()
    sys.exit(0)


if __name__ == "__main__":
    main()
