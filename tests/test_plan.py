"""`foedus plan` as a user meets it: what it prints, writes and refuses."""

import json
import sys
from pathlib import Path

import polars as pl
import pytest

from foedus.cli import main
from foedus.engine.run import simulate
from foedus.report.page import report

pytest.importorskip("linopy")
sys.path.insert(0, str(Path(__file__).parent / "engine"))
from test_arriving import CLOSURE, case, exactly

DENIES = exactly("denial.transit.stance", "allows", "denies")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "road.yaml"
    path.write_text(case(*CLOSURE, DENIES).text)
    return path


def foedus(*arguments: object) -> int:
    try:
        main([str(each) for each in arguments])
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_a_plan_is_told_and_written(file: Path, tmp_path: Path, capfd) -> None:
    folder = tmp_path / "plan"
    assert foedus("plan", file, "--option", "light", "-o", folder) == 0
    said = capfd.readouterr().out
    assert "World 0 under “light”, T in 2030" in said
    assert "20% of the promised help is there on the deciding day" in said
    assert "HiGHS 1" not in said, "the solver's banner"
    assert pl.read_parquet(folder / "movements.parquet")["tonnes"].sum() == pytest.approx(10_000)
    assert pl.read_parquet(folder / "curve.parquet")["exact"].to_list()[:4] == [0, 0.1, 0.2, 0.2]
    page = (folder / "plan.html").read_text()
    assert "<svg" in page
    assert "<script" not in page
    assert "road: crossing" in (folder / "plan.svg").read_text()


def test_json_is_json_and_nothing_else(file: Path, tmp_path: Path, capfd) -> None:
    assert foedus("plan", file, "--json", "-o", tmp_path / "plan") == 0
    found = json.loads(capfd.readouterr().out)
    assert found["share_on_deciding_day"] == pytest.approx(0.2, abs=1e-3)
    assert Path(found["files"]["Page"]).exists()


def test_what_cannot_be_is_one_sentence_and_exit_code_2(file: Path, tmp_path: Path, capfd) -> None:
    assert foedus("plan", file, "--by", 5, "-o", tmp_path / "plan") == 2
    said = capfd.readouterr()
    assert "by day 5: 20.0% can, whatever the plan. What holds it up most is “road:" in said.err
    assert not (tmp_path / "plan").exists()
    assert foedus("plan", file, "--option", "lihgt") == 2
    assert "did you mean 'light'?" in capfd.readouterr().err
    assert foedus("plan", tmp_path / "none.yaml") == 2


def test_an_audit_of_a_run_stands_in_its_report(file: Path, tmp_path: Path, capfd) -> None:
    run = simulate(case(*CLOSURE, DENIES), 16, out=tmp_path / "run")
    assert "planned exactly" not in report(run).read_text()
    assert foedus("plan", run.folder, "--audit", 2) == 0
    said = capfd.readouterr().out
    assert said.startswith("The movements of 2 worlds were also planned exactly")
    assert "The movements of 2 worlds were also planned exactly" in report(run).read_text()
    assert foedus("plan", file, "--audit", 0) == 2


def test_an_audit_refuses_what_is_about_one_world(file: Path, capfd) -> None:
    assert foedus("plan", file, "--audit", 1, "--world", 3, "--by", 5) == 2
    assert "--audit plans many worlds: leave out --world, --by" in capfd.readouterr().err
