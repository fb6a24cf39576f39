"""The contract with programs: the keys of every answer in JSON, and that a program can go by them."""

from __future__ import annotations

import json

from tests.office import Office


def keys(names: str) -> frozenset[str]:
    return frozenset(names.split())


ROSTER = keys("case nik ni name unit position category formation stage status since step document")
HISTORY = keys(
    "seq event step stage effective_on recorded_at actor role authority command documents fields reason note target "
    "rescinded_by"
)
STEPS = keys("step from to event label authority role deadline legal_basis reasons documents fields")
OUTCOME = keys("command recorded refused warned unchanged rows")
ROW, FINDING = keys("row case nik verdict findings"), keys("code severity message rule remedy")
CASE, PAPER = "36.73-000001", ("--document", "sptjm-opd 800/1 2025-08-15")
VERIFY = ("advance", "verify", "--all", "--on", "2025-08-18", *PAPER)
AFTER = ("--as-of", "2025-12-31")


class TestKeys:
    def test_of_the_roster(self, verified: Office) -> None:
        rows = verified.json("roster")
        assert [row["case"] for row in rows] == [f"36.73-{number:06}" for number in range(1, 21)]
        assert all(row.keys() >= ROSTER for row in rows)
        assert (rows[0]["since"], rows[0]["document"], rows[0]["step"]) == ("2025-08-18", "800/1", "verify")

    def test_of_counts(self, verified: Office) -> None:
        assert verified.json("count") == [{"status": "non-asn", "n": 20}]
        rows = verified.json("count", "--by", "stage,unit,category,formation,position")
        assert {tuple(row) for row in rows} == {("stage", "unit", "category", "formation", "position", "n")}
        assert sum(row["n"] for row in rows) == 20

    def test_of_a_history(self, verified: Office) -> None:
        first, second = verified.json("history", CASE)
        assert first.keys() >= HISTORY
        assert (first["seq"], first["event"], first["stage"], first["before"]) == (1, "Registered", "registered", None)
        assert (second["event"], second["stage"], second["authority"]) == ("Verified", "verified", "BKPSDM")
        assert second["recorded_at"] == "2025-08-18T09:00:00+07:00"
        assert (second["actor"], second["before"]["stage"]) == ("clerk", "registered")
        assert second["documents"][0] | {"issuer": None} == second["documents"][0]
        assert (second["documents"][0]["kind"], second["documents"][0]["date"]) == ("sptjm-opd", "2025-08-15")

    def test_of_one_case(self, verified: Office) -> None:
        shown = verified.json("show", CASE)
        more = keys("flags documents contract history_length procedure possible_steps planned")
        assert ROSTER | more <= shown.keys()
        assert (shown["history_length"], shown["procedure"]) == (2, "kota-serang@2025.2")
        assert "propose" in shown["possible_steps"]
        assert shown["planned"] == []

    def test_of_a_difference(self, verified: Office) -> None:
        rows = verified.json("diff", "2025-08-17", "2025-08-18")
        assert len(rows) == 20
        assert keys("case name before after events") <= rows[0].keys()
        assert rows[0]["before"].keys() == rows[0]["after"].keys() == {"stage", "status", "unit", "since"}
        assert (rows[0]["before"]["stage"], rows[0]["after"]["stage"]) == ("registered", "verified")
        assert [event["step"] for event in rows[0]["events"]] == ["verify"]
        assert verified.json("diff", "2025-08-18", "2025-08-19") == []

    def test_of_an_advance(self, twenty: Office) -> None:
        said = twenty.json(*VERIFY)
        assert said.keys() >= OUTCOME
        assert (said["recorded"], said["refused"], said["warned"], said["unchanged"]) == (20, 0, 0, 0)
        assert said["rows"][0].keys() >= ROW
        assert {row["verdict"] for row in said["rows"]} == {"recorded"}
        assert said["command"] == twenty.json("history", CASE, *AFTER)[-1]["command"]

    def test_of_findings(self, twenty: Office) -> None:
        words = ("advance", "verify", CASE, "36.73-000777", "--on", "2025-08-18", *PAPER)
        said = twenty.json(*words, code=1)
        assert said["command"] is None
        assert [row["verdict"] for row in said["rows"]] == ["passed", "refused"]
        [finding] = said["rows"][1]["findings"]
        assert finding.keys() >= FINDING
        assert (finding["code"], finding["severity"]) == ("unknown-case", "error")

    def test_a_paper_dated_after_its_act_is_a_warning_that_is_counted(self, twenty: Office) -> None:
        late = ("--document", "sptjm-opd 800/1 2025-08-20")
        said = twenty.json("advance", "verify", CASE, "--on", "2025-08-18", *late)
        assert (said["recorded"], said["warned"]) == (1, 1)
        assert said["rows"][0]["findings"][0]["severity"] == "warning"

    def test_of_an_import(self, office: Office) -> None:
        path = office.write(
            "list.csv", "NIK;Nama;OPD\n3673010101900001;Siti Contoh;Dinas Contoh\n1;Agus;Dinas Contoh\n"
        )
        said = office.json("import", path, code=1)
        assert said.keys() >= OUTCOME
        assert [(row["row"], row["nik"], row["verdict"]) for row in said["rows"]] == [
            (2, "3673010101900001", "passed"),
            (3, None, "refused"),
        ]
        assert said["rows"][1]["findings"][0].keys() >= FINDING

    def test_of_steps(self, verified: Office) -> None:
        rows = {row["step"]: row for row in verified.json("steps")}
        assert all(row.keys() >= STEPS for row in rows.values())
        number = rows["assign-ni"]
        assert number["documents"] == [{"kind": "pertek", "required": True}]
        [field] = number["fields"]
        assert (field["name"], field["type"], field["required"], field["choices"]) == ("ni", "ni", True, [])
        assert field["example"]
        assert {tuple(reason) for reason in rows["reject"]["reasons"]} == {("code", "label", "documents")}
        kinds = {field["type"] for row in rows.values() for field in row["fields"]}
        assert kinds <= {"text", "date", "integer", "money", "choice", "ni", "unit", "boolean"}

    def test_of_the_steps_of_a_case(self, verified: Office) -> None:
        rows = {row["step"]: row for row in verified.json("steps", CASE)}
        assert all(STEPS | keys("possible findings") <= row.keys() for row in rows.values())
        assert (rows["propose"]["possible"], rows["propose"]["findings"]) == (True, [])
        assert rows["swear-in"]["possible"] is False
        assert [finding["code"] for finding in rows["swear-in"]["findings"]] == ["wrong-stage"]

    def test_a_program_can_fill_in_a_step_from_them_alone(self, verified: Office) -> None:
        step = next(row for row in verified.json("steps", CASE) if row["step"] == "classify-out")
        papers = [word for paper in step["documents"] for word in ("--document", f"{paper['kind']} 1 2025-08-20")]
        fields = [word for one in step["fields"] for word in ("--set", f"{one['name']}={one['example']}")]
        reason = ("--reason", step["reasons"][0]["code"])
        said = verified.json("advance", step["step"], CASE, "--on", "2025-08-20", *papers, *fields, *reason)
        assert said["recorded"] == 1

    def test_of_a_procedure(self, office: Office) -> None:
        shown = office.json("procedure", "show", "kota-serang")
        assert keys("name version extends stages steps") <= shown.keys()
        assert (shown["name"], shown["extends"]) == ("kota-serang", "nasional@2025.2")
        assert {row["name"] for row in office.json("procedure", "list")} >= {"nasional", "kota-serang", "kota-metro"}

    def test_of_the_log(self, verified: Office) -> None:
        rows = [json.loads(line) for line in verified.ok("log", "--format", "jsonl").stdout.splitlines()]
        assert [row["position"] for row in rows] == list(range(1, 41))
        assert all(HISTORY | keys("position case") <= row.keys() for row in rows)
        assert (rows[0]["case"], rows[-1]["step"]) == (CASE, "verify")
