"""The JSON Schema of case files, and what differs in meaning between two cases."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from foedus import mechanisms, table
from foedus.case import shipped, tree
from foedus.case.compare import compare
from foedus.case.read import read_text
from foedus.cli import app
from foedus.engine.editing import schema
from foedus.engine.reading import read
from foedus.engine.run import planned

BAD = Path(__file__).parents[1] / "case" / "bad"


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    found = schema()
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


def plain(path: Path) -> Any:
    return tree.flatten(tree.parse(path.read_text("utf-8"), path.name).tree, path.name).value


@pytest.mark.parametrize("name", shipped.names())
def test_every_shipped_case_is_valid(name: str, validator: jsonschema.Draft202012Validator) -> None:
    assert [e.message for e in validator.iter_errors(plain(shipped.find(name)))] == []


@pytest.mark.parametrize("name", ["misspelt_keys", "missing_source"])
def test_an_editor_can_tell_a_slip(name: str, validator: jsonschema.Draft202012Validator) -> None:
    value = plain(BAD / f"{name}.yaml")
    assert [e for e in validator.iter_errors(value) if len(e.absolute_path) > 0]


def test_an_editor_offers_every_number_and_every_question() -> None:
    found = schema()["properties"]
    assert set(found["theories"]["properties"]) == set(mechanisms.QUESTIONS)
    offered = found["assumptions"]["properties"]
    assert "0.02 to" not in offered["base.troops"]["description"]
    assert "foreign troops at the base [persons]" in offered["base.troops"]["description"]
    levers = schema()["$defs"]["Option"]["properties"]["sets"]["properties"]
    assert "base.troops" in levers
    assert "rates.war" not in levers


def changed(old: str, new: str) -> list[str]:
    text = shipped.find("korea").read_text("utf-8")
    assert old in text
    one, other = (read_text(each, "korea.yaml") for each in (text, text.replace(old, new, 1)))
    return [f"{each.part}: {each}" for each in compare(one, other)]


def test_layout_and_comments_are_no_difference() -> None:
    assert changed("# Korea: a large", "# A note.\n\n# Korea: a large") == []
    assert changed("{name: South Korea}", "\n    name:   'South Korea'") == []


def test_a_range_is_told_in_words() -> None:
    [said] = changed("between: [12000, 14000]", "between: [12000, 15000]")
    assert said.startswith("options: half: base.troops: 12,000 to 14,000 persons [judgement] -> ")


def test_a_line_that_replaces_a_shared_one_is_a_difference() -> None:
    line = "  rates.grab: {exactly: 0.05, unit: probability, source: [gml]}\n"
    [said] = changed("assumptions:\n", f"assumptions:\n{line}")
    assert said.startswith("assumptions: rates.grab: 0.02 to 0.08 probability, centre 0.05")
    assert said.endswith("-> 0.05 probability [gml]")


def test_what_only_one_case_says_is_told_as_such() -> None:
    [said] = changed("  half:\n", "  a_half:\n")[:1]
    assert said.startswith("options: half: only in the first: Half the force stays.")


def test_a_margin_is_told_as_it_is_tested() -> None:
    [said] = changed("than: withdrawal, by: 5 %}", "than: withdrawal, by: 9 %}")
    assert "by more than 5 % -> " in said
    assert said.endswith("by more than 9 %")


def test_the_folder_of_a_run_stands_for_the_case_that_was_run(tmp_path: Path) -> None:
    text = shipped.find("korea").read_text("utf-8").replace("by: 5 %}", "by: 9 %}", 1)
    (tmp_path / "mine.yaml").write_text(text, "utf-8")
    job = planned(read(tmp_path / "mine.yaml"), 16, 0, tmp_path / "run")
    table.begin(job.folder, job.case, job.plan)
    done = CliRunner().invoke(app, ["diff", str(tmp_path / "run"), "korea"])
    assert "by more than 9 %" in done.output
    assert "1 difference." in done.output
