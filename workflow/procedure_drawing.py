"""A diagram written down: as text for Mermaid and for Graphviz, and drawn by Graphviz as SVG or PNG.

`transitions` writes Mermaid too, but without labels, with the first stage marked as if something stood there, and with
an arrow for each step from each stage: some hundreds for a whole procedure.
"""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap

from domain.errors import EnvironmentFailed
from domain.procedure import Employment
from domain.text import text
from workflow.procedure_diagram import Arrow, Box, Diagram

FORMATS = ("mermaid", "dot", "svg", "png")
BEGINNING = "beginning"
SECONDS = 60
PIXELS_PER_INCH = 110
WIDTH = 24
"""Signs on a line of a label."""

_COLOURS = {
    Employment.NON_ASN: ("#f3f4f6", "#4b5563"),
    Employment.FORMATION: ("#dcfce7", "#15803d"),
    Employment.OUTSOURCED: ("#fef3c7", "#b45309"),
    Employment.NONE: ("#fee2e2", "#b91c1c"),
}
"""Fill and frame."""


def format_of(file: Path | None) -> str:
    """The format that the ending of a file's name asks for; Mermaid where it says nothing."""
    ending = file.suffix.removeprefix(".").casefold() if file is not None else ""
    return {"gv": "dot"}.get(ending, ending if ending in FORMATS else "mermaid")


def written(diagram: Diagram, form: str) -> bytes:
    """The diagram in one of `FORMATS`. Raises EnvironmentFailed where no program can draw it."""
    if form == "mermaid":
        return mermaid(diagram).encode()
    source = dot(diagram)
    return source.encode() if form == "dot" else _drawn(source, form)


def mermaid(diagram: Diagram) -> str:
    """A flowchart for Mermaid; an ending has a double frame."""
    return "\n".join(_mermaid(diagram)) + "\n"


def _mermaid(diagram: Diagram) -> Iterator[str]:
    names = _names(diagram)
    yield from ("---", f"title: {_title(diagram.title)}", "---", "flowchart LR")
    for employment, (fill, frame) in _COLOURS.items():
        yield f"  classDef {_class(employment)} fill:{fill},stroke:{frame},color:#111827"
    if any(not arrow.source for arrow in diagram.arrows):
        yield f"  {BEGINNING}(( ))"
    for box in diagram.boxes:
        first, last = ("[[", "]]") if box.ended else ("(", ")")
        said = "<br/>".join(map(_for_mermaid, _lines(box)))
        yield f'  {names[box.code]}{first}"{said}"{last}:::{_class(box.employment)}'
    for code, (words, stays) in diagram.groups.items():
        said = "<br/>".join(map(_for_mermaid, [words, *stays]))
        yield f'  {names[code]}>"{said}"]'
    for arrow in diagram.arrows:
        said = "<br/>".join(map(_for_mermaid, arrow.steps))
        line = "-.->" if arrow.source in diagram.groups else "-->"
        yield f'  {names[arrow.source]} {line}|"{said}"| {names[arrow.target]}'


def dot(diagram: Diagram) -> str:
    """A digraph for Graphviz, from left to right; an ending has a double frame."""
    return "\n".join(_dot(diagram)) + "\n"


def _dot(diagram: Diagram) -> Iterator[str]:
    names = _names(diagram)
    yield "digraph procedure {"
    yield f"  graph [rankdir=LR, label={_title(diagram.title)}, labelloc=t, fontsize=20, nodesep=0.2, ranksep=0.3]"
    yield '  graph [fontname="Helvetica", bgcolor=white]'
    yield '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=12, margin="0.12,0.06"]'
    yield '  edge [fontname="Helvetica", fontsize=10, color="#374151", fontcolor="#374151"]'
    if any(not arrow.source for arrow in diagram.arrows):
        yield f'  {BEGINNING} [shape=circle, label="", width=0.2, fillcolor="#111827"]'
    for box in diagram.boxes:
        yield f"  {names[box.code]} [{_dot_box(box)}]"
    for code, (words, stays) in diagram.groups.items():
        yield f'  {names[code]} [shape=note, style="filled,dashed", fillcolor=white, label={_quoted([words, *stays])}]'
    for arrow in diagram.arrows:
        yield f"  {names[arrow.source]} -> {names[arrow.target]} [{_dot_arrow(arrow, diagram)}]"
    yield "}"


def _dot_box(box: Box) -> str:
    fill, frame = _COLOURS[box.employment]
    ending = ", peripheries=2, style=filled" if box.ended else ""
    return f'label={_quoted(_lines(box))}, fillcolor="{fill}", color="{frame}"{ending}'


def _dot_arrow(arrow: Arrow, diagram: Diagram) -> str:
    dashed = ", style=dashed, constraint=true" if arrow.source in diagram.groups else ""
    return f"label={_quoted(arrow.steps)}{dashed}"


def _names(diagram: Diagram) -> dict[str, str]:
    """Names that both languages take for any code, and that stay the same while the file grows at its end."""
    stages = {box.code: f"stage_{box.code.replace('-', '_')}" for box in diagram.boxes}
    return {"": BEGINNING, **stages, **{code: f"group_{number}" for number, code in enumerate(diagram.groups, 1)}}


def _lines(box: Box) -> list[str]:
    return [*box.lines, *(f"+ {step}" for step in box.stays)]


def _class(employment: Employment) -> str:
    return employment.value.replace("-", "_")


def _title(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _quoted(lines: list[str] | tuple[str, ...]) -> str:
    wrapped = (
        part for line in lines for part in wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
    )
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"') for line in wrapped)
    return '"' + "\\n".join(escaped) + '"'


def _for_mermaid(words: str) -> str:
    return "".join(f"#{ord(sign)};" if sign in '"#&<>;`|' else sign for sign in words)


def _drawn(source: str, form: str) -> bytes:
    """What Graphviz makes of it."""
    program = _program()
    try:
        done = subprocess.run(  # noqa: S603  a program that was looked up, and no word of a user's
            [program, f"-T{form}", f"-Gdpi={PIXELS_PER_INCH if form == 'png' else 72}"],
            input=source.encode(),
            capture_output=True,
            check=True,
            timeout=SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        raise EnvironmentFailed(
            text("{program} could not draw the diagram. --format mermaid and --format dot need no program.",
                 program=Path(program).name)
        ) from None  # fmt: skip
    return done.stdout


def _program() -> str:
    """`dot` where Graphviz is installed, else the port of it that `lantik[diagram]` brings along."""
    beside = sysconfig.get_path("scripts")
    found = shutil.which("dot") or shutil.which("graphviz-pure", path=beside) or shutil.which("graphviz-pure")
    if found is None:
        raise EnvironmentFailed(
            text(
                "No program here draws SVG or PNG: install lantik[diagram], or Graphviz, whose command is dot. "
                "--format mermaid and --format dot need none."
            )
        )
    return found
