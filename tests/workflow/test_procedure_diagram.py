"""A procedure as a picture: every step that is switched on is in it, nothing else, and text from files harms nobody."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

from domain.errors import EnvironmentFailed, Misused
from domain.procedure import Label, Procedure
from tests.office import Office
from workflow import procedure_drawing
from workflow.procedure_diagram import MANY, around, diagram
from workflow.procedure_drawing import dot, format_of, mermaid, written
from workflow.rulebook import Rulebook

SERANG = Rulebook().load("kota-serang")
NASTY = 'a "b"] --> c;\\n#quot; <script> & `x` | \\'


def told(procedure: Procedure) -> set[tuple[str, str]]:
    """Each step that is switched on with where it leads, as the labels of a diagram tell it."""
    drawn = diagram(procedure, "en")
    moving = {(step, arrow.target) for arrow in drawn.arrows for step in arrow.steps}
    staying = {(step, "") for box in drawn.boxes for step in box.stays}
    return moving | staying | {(step, "") for _, stays in drawn.groups.values() for step in stays}


@pytest.mark.parametrize("name", Rulebook().names())
def test_every_step_that_is_switched_on_is_in_the_diagram_and_no_other(name):
    procedure = Rulebook().load(name)
    reachable = {box.code for box in diagram(procedure, "en").boxes}
    expected = {
        (step.label.en, step.to if step.to not in (None, *step.sources) else "")
        for step in procedure.steps.values()
        if step.enabled and (not step.sources or reachable & set(step.sources))
    }
    found = told(procedure)
    assert {step for step, _ in found} == {step for step, _ in expected}
    assert expected <= found


def test_arrows_go_from_where_a_step_starts_to_where_it_leads():
    for arrow in diagram(SERANG, "en").arrows:
        for label in arrow.steps:
            steps = [step for step in SERANG.steps.values() if step.label.en == label and step.to == arrow.target]
            assert steps, arrow
            if arrow.source.startswith("@"):
                assert len(steps[0].sources) >= MANY
            else:
                assert any(arrow.source in (step.sources or ("",)) for step in steps)


def test_a_stage_that_no_step_leads_to_is_left_out_unless_cases_stand_there():
    assert "laid-off" not in {box.code for box in diagram(SERANG, "en").boxes}
    assert "laid-off" in {box.code for box in diagram(SERANG, "en", counts={"laid-off": 1}).boxes}


def test_a_part_is_what_is_around_a_stage_or_has_a_status():
    assert around(SERANG, ["returned-to-opd"], 0) == {"returned-to-opd"}
    assert around(SERANG, ["returned-to-opd"], 1) == {
        "returned-to-opd",
        "policy-review",
        "rejected",
        "not-eligible",
        "outsourced",
    }
    assert around(SERANG, ["outsourced"], 0) == {"outsourced"}
    employed = around(SERANG, ["formation"], 0)
    assert employed == {code for code, stage in SERANG.stages.items() if stage.employment == "formation"}
    with pytest.raises(Misused, match="no stage activ; the nearest is `active`"):
        around(SERANG, ["activ"], 1)


def test_counts_are_written_beneath_the_labels():
    lines = {box.code: box.lines for box in diagram(SERANG, "en", counts={"active": 1234}).boxes}
    assert lines["active"] == ("on duty under contract", "active", "1,234 cases")
    assert lines["verified"][-1] == "0 cases"


def test_mermaid_text_names_every_stage_and_closes_every_arrow():
    text = mermaid(diagram(SERANG, "id"))
    assert text.startswith('---\ntitle: "kota-serang@2025.2: ')
    names = set(re.findall(r"^  (\w+)[\[(>]", text, re.MULTILINE))
    arrows = re.findall(r'^  (\w+) (?:-->|-\.->)\|"[^"]*"\| (\w+)$', text, re.MULTILINE)
    assert len(arrows) > 40
    assert {name for arrow in arrows for name in arrow} <= names
    assert '  stage_deceased[["meninggal<br/>deceased"]]:::none' in text


def test_names_from_a_file_cannot_break_out_of_a_label():
    label = Label(NASTY, NASTY)
    steps = {name: msgspec.structs.replace(step, label=label) for name, step in SERANG.steps.items()}
    stages = {name: msgspec.structs.replace(stage, label=label) for name, stage in SERANG.stages.items()}
    nasty = diagram(msgspec.structs.replace(SERANG, steps=steps, stages=stages, title=label), "en")
    for line in mermaid(nasty).splitlines()[3:]:
        assert "<script" not in line
        assert line.count('"') in (0, 2)
    drawn = written(nasty, "svg")
    texts = {element.text for element in ET.fromstring(drawn).iter() if element.tag.endswith("text")}
    assert any('a "b"] --> c;' in (text or "") for text in texts)
    assert b"<script" not in drawn


def test_graphviz_draws_every_stage():
    root = ET.fromstring(written(diagram(SERANG, "en"), "svg"))
    titles = {element.text for element in root.iter() if element.tag.endswith("title")}
    assert {f"stage_{box.code.replace('-', '_')}" for box in diagram(SERANG, "en").boxes} <= titles
    assert written(diagram(SERANG, "en", part={"active", "coaching"}), "png").startswith(b"\x89PNG")


def test_a_dot_that_is_installed_is_used_and_one_that_fails_is_told(tmp_path, monkeypatch):
    program = tmp_path / "dot"
    program.write_text(f"#!{sys.executable}\nimport sys\nprint('drawn', sys.argv[1], len(sys.stdin.read()) > 99)\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert written(diagram(SERANG, "en"), "svg") == b"drawn -Tsvg True\n"
    program.write_text(f"#!{sys.executable}\nraise SystemExit(3)\n")
    with pytest.raises(EnvironmentFailed, match="dot could not draw the diagram"):
        written(diagram(SERANG, "en"), "svg")


def test_where_nothing_draws_it_is_told_what_to_install_and_text_is_written_all_the_same(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(procedure_drawing.sysconfig, "get_path", lambda _name: str(tmp_path))
    with pytest.raises(EnvironmentFailed, match=r"install lantik\[diagram\], or Graphviz"):
        written(diagram(SERANG, "en"), "png")
    assert written(diagram(SERANG, "en"), "dot").decode() == dot(diagram(SERANG, "en"))


@pytest.mark.parametrize(
    ("name", "form"), [("a.svg", "svg"), ("a.PNG", "png"), ("a.gv", "dot"), ("a.dot", "dot"), ("a.md", "mermaid")]
)
def test_the_ending_of_a_file_says_the_format(name, form):
    assert format_of(Path(name)) == form


def test_a_manager_sees_how_many_stand_where_at_a_date(twenty: Office, tmp_path):
    asked = ("procedure", "diagram", "kota-serang", "--part", "registered", "--within", "0", "--counts")
    told = twenty.ok(*asked, "--as-of", "2025-08-07").stdout
    assert "listed at the OPD<br/>registered<br/>20 cases" in told
    assert "as of 2025-08-07" in told
    assert "registered<br/>0 cases" in twenty.ok(*asked, "--as-of", "2025-08-06").stdout
    twenty.ok(*asked, "-o", tmp_path / "part.svg")
    assert b"20 cases" in (tmp_path / "part.svg").read_bytes()


def test_without_counts_no_register_is_needed(tmp_path):
    told = Office(tmp_path).ok("procedure", "diagram", "nasional@2025.1").stdout
    assert "flowchart LR" in told
    assert list(tmp_path.iterdir()) == []
