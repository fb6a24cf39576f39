"""Every command explains itself with an example that can be typed, in English and in Indonesian."""

from __future__ import annotations

import gettext
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import cli
from domain.language import CATALOGS
from tests.office import Office

translated = pytest.mark.skipif(not CATALOGS.is_dir(), reason="the catalogs are not made yet")
LANGUAGES = ["en", pytest.param("id", marks=translated)]
EXAMPLE = {"en": "Example: ", "id": "Contoh: "}


def commands(
    group: click.Group = cli.lantik, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that there is, with the words it is called by."""
    for name, command in sorted(group.commands.items()):
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


WHOLE = [pytest.param(path, command, id=" ".join(path)) for path, command in commands()]
SINGLE = [one for one in WHOLE if not isinstance(one.values[1], click.Group)]


def help_text(command: click.Command, language: str) -> str:
    """The help as written, in one language."""
    catalog = gettext.translation("lantik", CATALOGS, [language], fallback=True)
    return catalog.gettext(command.help or "")


def parsed(command: click.Command, words: list[str], parent: click.Context | None = None) -> click.Command:
    """The command that words reach, once click has accepted all of them."""
    context = command.make_context("lantik", words, parent=parent, obj=cli.Desk())
    if not isinstance(command, click.Group):
        return command
    _, found, rest = command.resolve_command(context, [*context._protected_args, *context.args])
    assert found is not None
    return parsed(found, rest, context)


@pytest.mark.parametrize(("path", "command"), WHOLE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_has_a_help(office: Office, language: str, path: tuple[str, ...], command: click.Command) -> None:
    office.language = language
    said = office.ok(*path, "--help").stdout
    assert " ".join(path) in said
    assert command.help
    first = " ".join(help_text(command, language).split("\n\n")[0].split())
    assert first in " ".join(said.split())


@pytest.mark.parametrize(("path", "command"), SINGLE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_can_be_typed(language: str, path: tuple[str, ...], command: click.Command) -> None:
    lines = [line.strip() for line in help_text(command, language).splitlines()]
    examples = [line.removeprefix(EXAMPLE[language]) for line in lines if line.startswith(EXAMPLE[language])]
    assert examples
    for example in examples:
        program, *words = shlex.split(example)
        assert program == "lantik"
        assert parsed(cli.lantik, words) is command


@pytest.mark.parametrize(("path", "command"), SINGLE)
def test_an_example_stands_in_the_help_that_is_shown(
    office: Office, path: tuple[str, ...], command: click.Command
) -> None:
    assert "Example: lantik " in " ".join(office.ok(*path, "--help").stdout.split())


@translated
@pytest.mark.parametrize(("path", "command"), WHOLE)
def test_every_option_is_explained_in_both_languages(path: tuple[str, ...], command: click.Command) -> None:
    indonesian = gettext.translation("lantik", CATALOGS, ["id"])
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
            assert indonesian.gettext(parameter.help) != parameter.help, parameter.name


def test_help_fits_a_terminal_of_eighty_columns(office: Office) -> None:
    for path, _ in commands():
        assert max(map(len, office.ok(*path, "--help").stdout.splitlines())) <= 80


@translated
@pytest.mark.parametrize("where", ["option", "environment"])
def test_help_and_misuse_are_told_in_the_language_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    runner = click.testing.CliRunner()
    words = ["--lang", "id"] if where == "option" else []
    if where == "environment":
        monkeypatch.setenv("LANTIK_LANG", "id")
    english = runner.invoke(cli.lantik, ["--lang", "en", "--help"], obj=cli.Desk()).stdout
    indonesian = runner.invoke(cli.lantik, [*words, "--help"], obj=cli.Desk()).stdout
    assert help_text(cli.lantik, "id").split()[0] in indonesian
    assert indonesian != english
    told = [runner.invoke(cli.lantik, [*one, "celebrate"], obj=cli.Desk()) for one in (["--lang", "en"], words)]
    assert [one.exit_code for one in told] == [2, 2]
    assert told[0].stderr != told[1].stderr


def test_the_version_is_told(office: Office) -> None:
    assert re.fullmatch(r"lantik, version \d+\.\d+\.\d+\n", office.ok("--version").stdout)


def test_steps_are_completed_in_a_shell() -> None:
    command = cli.lantik.commands["advance"]
    [step] = [one for one in command.params if one.name == "step"]
    with click.Context(command) as context:
        found = {item.value: item.help for item in step.shell_complete(context, "start-d")}
    assert found == {"start-duty": "start duty"}
