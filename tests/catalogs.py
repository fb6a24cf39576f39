"""Brings the catalogs in `domain/locale` up to date: `python -m tests.catalogs`.

Collects every sentence that a person may read, keeps the translations there are, drops what is gone, and compiles.
English is translated by itself; what has no Indonesian yet is told.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import cli
from domain.language import CATALOGS, LANGUAGES

ROOT = Path(__file__).parents[1]
SOURCES = ("cli.py", "domain", "workflow", "projections")
_MARKS = {"text", "Text", "gettext", "_progress"}
"""Functions whose first argument, where it is written out, is a sentence for people."""

_OF_GETTEXT = {"_", "gettext", "ngettext"}

OF_CLICK: tuple[str | tuple[str, str], ...] = (
    "Aborted!",
    "Commands",
    "Error: {message}",
    "Error: invalid input",
    "Invalid value for {param_hint}: {message}",
    "Invalid value: {message}",
    "Missing argument",
    "Missing command.",
    "Missing option",
    "Missing parameter",
    "No such command {name!r}.",
    "No such option {name!r}.",
    "Option {name!r} does not take a value.",
    "Options",
    "Show the version and exit.",
    "Show this message and exit.",
    "Try '{command} {option}' for help.",
    "Usage:",
    "default: {default}",
    "env var: {var}",
    "required",
    "Choose from:\n\t{choices}",
    "{name} {filename!r} is a directory.",
    "{name} {filename!r} is not readable.",
    "{value!r} is not a valid UUID.",
    "{value!r} is not a valid {number_type}.",
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
)
"""What click 8.5 may say to somebody who uses lantik; the rest of it is for programmers."""


class Sentence(NamedTuple):
    """msgid: one text, or singular and plural. where: the file it was found in, relative to the checkout."""

    msgid: str | tuple[str, str]
    where: str


class _Steady(Catalog):  # type: ignore[misc]
    """A catalog whose header tells neither time nor tool: the same sentences give the same bytes."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "lantik"),
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def sentences() -> Iterator[Sentence]:
    """Every sentence there is, where it first stands; each may come more than once."""
    for name in SOURCES:
        for path in sorted([ROOT / name] if name.endswith(".py") else (ROOT / name).rglob("*.py")):
            where = path.relative_to(ROOT).as_posix()
            yield from (Sentence(msgid, where) for msgid in literals(path, _MARKS))
    yield from (Sentence(msgid, "cli.py") for msgid in _helps(cli.lantik))
    yield from (Sentence(msgid, "click") for msgid in OF_CLICK)


def literals(path: Path, marks: Collection[str] = _OF_GETTEXT) -> Iterator[str]:
    """The arguments of the functions that mark a sentence, where they are written out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _called(node.func) in marks:
            for given in node.args[: 2 if _called(node.func) == "ngettext" else 1]:
                if isinstance(given, ast.Constant) and isinstance(given.value, str) and given.value:
                    yield given.value


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        sql = isinstance(function.value, ast.Name) and function.value.id == "sa"
        return "" if sql else function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _helps(command: click.Command) -> Iterator[str]:
    """What the help of a command and of those below it is made of."""
    context = click.Context(command)
    if command.help:
        yield command.help
    pieces = command.collect_usage_pieces(context)
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            yield parameter.help or ""
            pieces += [] if parameter.is_flag else [parameter.make_metavar(context)]
    for piece in pieces:
        yield from re.findall(cli.METAVAR, piece)
    if isinstance(command, click.Group):
        for _, below in sorted(command.commands.items()):
            yield from _helps(below)


def path_of(language: str, ending: str) -> Path:
    """The catalog of a language, as a text to translate (`po`) or compiled (`mo`)."""
    return CATALOGS / language / "LC_MESSAGES" / f"lantik.{ending}"


def read(language: str) -> Catalog:
    """The translations that there are; empty if there is no catalog yet."""
    path = path_of(language, "po")
    kept = _Steady(language, project="lantik", fuzzy=False)
    if path.is_file():
        for message in read_po(BytesIO(path.read_bytes()), locale=language):
            if message.id:
                kept.add(message.id, message.string, message.locations)
    return kept


def renewed(language: str) -> Catalog:
    """The catalog with exactly the sentences there are now."""
    before, after = read(language), _Steady(language, project="lantik", fuzzy=False)
    for msgid, where in sentences():
        known: Message | None = before.get(msgid)
        said: Any = msgid if language == "en" else known.string if known and known.id == msgid else ""
        after.add(msgid, said, [(where, None)])
    return after


def as_po(catalog: Catalog) -> bytes:
    """The catalog as a text: the same bytes for the same sentences."""
    out = BytesIO()
    catalog.header_comment = f"# What lantik says, in the language {catalog.locale_identifier}."
    write_po(out, catalog, width=120, include_lineno=False)
    return out.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """The catalog as gettext reads it."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def untranslated(catalog: Catalog) -> list[str | tuple[str, str]]:
    """Sentences without a translation."""
    return [one.id for one in catalog if one.id and not all((one.string,) if one.string == "" else one.string)]


def main() -> int:
    """Renew both catalogs; 1 if something has no translation yet."""
    missing = 0
    for language in LANGUAGES:
        catalog = renewed(language)
        path_of(language, "po").parent.mkdir(parents=True, exist_ok=True)
        path_of(language, "po").write_bytes(as_po(catalog))
        path_of(language, "mo").write_bytes(as_mo(read(language)))
        open_ = untranslated(catalog)
        missing += len(open_)
        sys.stdout.write(f"{language}: {len(catalog)} sentences, {len(open_)} to translate\n")
        sys.stdout.writelines(f"  {msgid!r}\n" for msgid in open_)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
