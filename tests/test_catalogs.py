"""The catalogs: nothing missing, nothing left over, and what people read is in their language."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Formatter

import click
import pytest

import cli
from domain.files import OF_THE_SYSTEM
from domain.guards import GUARDS
from domain.language import LANGUAGES, sayer
from domain.procedure_words import who_words
from domain.text import Text, text
from tests import catalogs
from tests.office import Office
from workflow.demo.figures import PUBLISHED
from workflow.demo.people import city
from workflow.rulebook import Rulebook

CLICK = Path(click.__file__).parent
PROGRAMS = ("json", "csv", "jsonl")

Pair = tuple[str, str]


def pairs(language: str) -> Iterator[Pair]:
    """Each msgid with its msgstr; those with a plural form by form."""
    for message in catalogs.read(language):
        if isinstance(message.id, str):
            if message.id:
                yield message.id, message.string
        else:
            yield from zip(message.id, message.string, strict=True)


def holes(template: str) -> list[tuple[str, str | None, str | None]]:
    """The holes of a sentence with conversion and format, in any order."""
    return sorted(
        ((name, spec, conversion) for _, name, spec, conversion in Formatter().parse(template) if name is not None),
        key=str,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalog_holds_the_sentences_there_are_and_no_others(language: str) -> None:
    wanted = {sentence.msgid for sentence in catalogs.sentences()}
    there = {message.id for message in catalogs.read(language) if message.id}
    assert wanted - there == set(), "run: make catalogs"
    assert there - wanted == set(), "run: make catalogs"


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_translated(language: str) -> None:
    assert catalogs.untranslated(catalogs.read(language)) == []
    assert not [message.id for message in catalogs.read(language) if message.fuzzy]


def test_english_is_what_the_source_says() -> None:
    assert [pair for pair in pairs("en") if pair[0] != pair[1]] == []


def test_indonesian_sentences_are_not_left_in_english() -> None:
    worded = re.compile(r"[a-z]{3,} [a-z]{3,} [a-z]{3,}")
    assert [msgid for msgid, msgstr in pairs("id") if msgid == msgstr and worded.search(msgid)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_holes_are_the_same_in_a_translation(language: str) -> None:
    assert [msgid for msgid, msgstr in pairs(language) if holes(msgid) != holes(msgstr)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_begins_and_ends_as_its_sentence_does(language: str) -> None:
    def edges(words: str) -> tuple[str, str, bool]:
        body = words.strip()
        return words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :], body.endswith(".")

    assert [msgid for msgid, msgstr in pairs(language) if msgid != "," and edges(msgid) != edges(msgstr)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalog_is_what_the_text_compiles_to(language: str) -> None:
    assert catalogs.path_of(language, "mo").read_bytes() == catalogs.as_mo(catalogs.read(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalog_is_written_the_same_again_and_names_no_machine(language: str) -> None:
    written = catalogs.path_of(language, "po").read_bytes()
    assert catalogs.as_po(catalogs.read(language)) == written
    assert str(catalogs.ROOT).encode() not in written
    assert b"-Date:" not in written


def test_the_sentences_of_click_are_those_it_says() -> None:
    said = {
        msgid
        for name in ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
        for msgid in catalogs.literals(CLICK / f"{name}.py")
    }
    listed = {part for one in catalogs.OF_CLICK for part in ([one] if isinstance(one, str) else one)}
    assert listed - said == {"required"}  # click looks this one up by its key


def test_what_a_guard_asks_and_who_supplies_it_is_told_in_indonesian() -> None:
    say = sayer("id")
    assert [str(guard.about) for guard in GUARDS.values() if say(guard.about) == str(guard.about)] == []
    people = {guard.who: who_words(guard.who) for guard in GUARDS.values()}
    assert {code: say(who) for code, who in people.items() if isinstance(who, Text)} == {
        "mayor": "wali kota",
        "superior": "atasan",
        "worker": "pegawai",
    }


def test_every_authority_and_role_is_an_abbreviation_or_has_words_in_both_languages() -> None:
    rulebook = Rulebook()
    steps = [step for name in rulebook.names() for step in rulebook.load(name).steps.values()]
    codes = {code for step in steps for code in (step.authority, step.role)}
    assert {code for code in codes if isinstance(who_words(code), str) and code.islower()} == set()


def commands(group: click.Group = cli.lantik) -> Iterator[click.Command]:
    """Every command that does something by itself."""
    for command in group.commands.values():
        if isinstance(command, click.Group):
            yield from commands(command)
        else:
            yield command


def test_examples_are_the_same_commands_in_both_languages() -> None:
    for command in commands():
        english, indonesian = command.help or "", dict(pairs("id"))[command.help or ""]
        typed = re.findall(r"^Example: (lantik .+)$", english, re.MULTILINE)
        assert typed
        assert re.findall(r"^Contoh: (lantik .+)$", indonesian, re.MULTILINE) == typed


@pytest.mark.parametrize("language", LANGUAGES)
def test_examples_that_are_long_are_broken_as_a_shell_takes_them(office: Office, language: str) -> None:
    office.language = language
    example = {"en": "Example: ", "id": "Contoh: "}[language]
    for command in ("advance", "init"):
        said = office.ok(command, "--help").stdout
        shown = said.partition(example)[2].split("\n\n")[0]
        assert " \\\n" in shown
        assert " ".join(shown.replace("\\\n", " ").split()) in (cli.lantik.commands[command].help or "")


def test_help_speaks_the_language_of_each_call(office: Office) -> None:
    for language, words in (
        ("id", ("Penggunaan: lantik count [OPSI]", "--as-of TANGGAL", "Tampilkan bantuan ini", "[bawaan: status]")),
        ("en", ("Usage: lantik count [OPTIONS]", "--as-of DATE", "Show this message", "[default: status]")),
        ("id", ("Penggunaan: lantik count [OPSI]", "--as-of TANGGAL", "Tampilkan bantuan ini", "[bawaan: status]")),
    ):
        office.language = language
        said = office.ok("count", "--help").stdout
        assert [one for one in words if one not in " ".join(said.split())] == []


@pytest.fixture(scope="module")
def seven(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Seven workers, registered; no test here records anything more."""
    office = Office(tmp_path_factory.mktemp("seven")).init()
    office.ok("import", office.workers(city(3)[:7]), "--on", "2025-08-07")
    return office


@pytest.fixture
def registered(seven: Office) -> Office:
    """The seven, asked for in Indonesian."""
    seven.language = "id"
    return seven


def test_a_roster_ends_in_indonesian(registered: Office) -> None:
    said = registered.ok("roster", "--as-of", "2025-08-07").stdout
    assert "7 kasus per 2025-08-07." in said
    assert "Tanda terima: per 2025-08-07" in said
    assert all(heading in said for heading in ("Kasus", "Unit kerja", "Tahap", "Sejak", "Dokumen"))
    assert not re.search(r"\b(cases|Stage|Since|Receipt)\b", said)


def test_a_refusal_is_told_in_indonesian(registered: Office) -> None:
    said = registered.refused("advance", "swear-in", "36.73-000001", "--on", "2025-10-23")
    assert "Ditolak (36.73-000001): dokumen berita-acara belum ada." in said
    assert "swear-in tidak dapat dilakukan selama kasus berada pada tahap registered." in said
    assert "Langkah yang terbuka bagi kasus pada tahap registered: " in said
    assert "Ditolak: 1 dari 1. Tidak ada yang dicatat." in said


def test_findings_of_a_file_are_told_in_indonesian(registered: Office) -> None:
    file = registered.write("late.csv", "nik;name;unit\n36730141;Contoh;Dinas Pendidikan\n")
    said = registered.refused("import", file)
    assert "NIK terdiri atas 8 angka, seharusnya 16. [" in said
    assert "Refused" not in said


def test_misuse_is_told_in_indonesian(registered: Office) -> None:
    assert "Galat: Opsi belum ada: '--on'." in registered.refused("advance", "verify", code=2)
    assert "Galat: Tidak ada perintah 'celebrate'." in registered.refused("celebrate", code=2)
    assert "Isian yang ada: stage, status" in registered.refused("count", "--by", "name", code=2)
    assert "Tidak ada langkah" in registered.refused("advance", "celebrate", "--all", "--on", "2025-08-08", code=2)


def test_what_the_system_says_of_a_file_is_told_in_indonesian(registered: Office) -> None:
    said = registered.refused("procedure", "check", "missing.toml", code=2)
    assert "missing.toml tidak dapat dibaca: berkas atau foldernya tidak ada." in said
    known = {os.strerror(number) for number in errno.errorcode}
    assert {str(reason) for reason in OF_THE_SYSTEM} <= known


@pytest.mark.parametrize("form", PROGRAMS)
@pytest.mark.parametrize(
    "words",
    [
        ("roster",),
        ("count", "--by", "unit,status"),
        ("history", "36.73-000001"),
        ("show", "36.73-000001"),
        ("log",),
        ("diff", "2025-08-06", "2025-08-07"),
        ("steps",),
        ("steps", "36.73-000001"),
        ("why", "36.73-000001", "swear-in"),
        ("unit", "list"),
        ("procedure", "list"),
        ("procedure", "show", "kota-serang"),
        ("views", "status"),
        ("advance", "swear-in", "--all", "--on", "2025-10-23", "--dry-run"),
    ],
    ids=" ".join,
)
def test_what_programs_read_is_the_same_in_both_languages(
    registered: Office, form: str, words: tuple[str, ...]
) -> None:
    answers = []
    for language in LANGUAGES:
        registered.language = language
        answers.append(registered.run(*words, "--format", form).stdout_bytes)
    assert answers[0] == answers[1] != b""


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "1,331 of 5,140: 2,345.50, 1331, 2025-12-31"), ("id", "1.331 of 5.140: 2.345,50, 1331, 2025-12-31")],
)
def test_numbers_are_written_as_the_language_does(language: str, said: str) -> None:
    sentence = text(
        "{count:,} of {all:,}: {wage:,.2f}, {plain}, {day:%Y-%m-%d}",
        count=1331,
        all=5140,
        wage=2345.5,
        plain=1331,
        day=date(2025, 12, 31),
    )
    assert sayer(language)(sentence) == said


def test_sentences_inside_sentences_are_said_in_the_same_language() -> None:
    inner = text("the stage `{stage}` is ended, so no step starts there", stage="retired")
    say = sayer("id")
    assert (
        say(text("{file}, line {line}: {fault}", file="a.toml", line=3, fault=inner))
        == f"a.toml, baris 3: {say(inner)}"
    )
    outer = text("The procedure {file} cannot be used.\n{problems}", file="a.toml", problems=(inner, inner))
    assert say(outer) == f"Prosedur a.toml tidak dapat dipakai.\n{say(inner)}\n{say(inner)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_figures_of_the_demo_fit_their_columns(language: str) -> None:
    say = sayer(language)
    assert [figure.key for figure in PUBLISHED if len(say(figure.what)) > 42 or len(say(figure.source)) > 32] == []
