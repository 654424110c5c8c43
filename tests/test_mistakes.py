"""What a user gets wrong about folders, files and counts is told in a sentence, with the code 2."""

import json
import os
from importlib.metadata import EntryPoint
from pathlib import Path

import polars as pl
import pytest

from foedus import cli, disk, table, versions
from foedus.case.read import draft, draft_text, read_text
from foedus.errors import CaseError, RunError

TEXT = (Path(__file__).parent / "engine" / "break-even.yaml").read_text("utf-8")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A run that is whole, of a layout that says less than ours."""
    plan = {"worlds": 16, "seed": 0, "block": 16, "blocks": 1, "scrambles": 16}
    run = table.begin(tmp_path / "old", read_text(TEXT, "made.yaml"), plan)
    frame = pl.DataFrame({"world": range(16), "sound": True})
    return table.add(run, 0, {"worlds": frame, "outcomes": frame}, 0).folder


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as end:
        cli.main(list(arguments))
    assert end.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("command", ["judge", "report", "explain"])
def test_a_run_of_another_layout_is_refused(
    command: str, old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = told(capsys, command, str(old))
    assert "was made by another foedus" in said
    assert "says nothing of title, options," in said


@pytest.mark.parametrize("manifest", ["[]", "3", "null"])
def test_a_manifest_without_keys_is_damaged(manifest: str, old: Path) -> None:
    (old / "manifest.json").write_text(manifest, "utf-8")
    with pytest.raises(RunError, match="damaged: it holds no keys"):
        table.open_run(old)


def test_a_file_is_no_run_folder(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(TEXT, "utf-8")
    with pytest.raises(RunError, match="is no run folder"):
        table.open_run(tmp_path / "case.yaml")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "-n", "99999999999999999999"], "are too many: a design has at most"),
        (["run", "--seed", "-1"], "there is no seed -1"),
        (["story", "--world", "99999999999999999999"], "there is no world"),
        (["optimise", "--over", "base.troops=9:1"], "from 9 to 1 is no range"),
    ],
)
def test_counts_out_of_reach_are_refused_and_nothing_is_written(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("case.yaml").write_text(TEXT, "utf-8")
    assert words in told(capsys, arguments[0], "case.yaml", *arguments[1:])
    assert os.listdir() == ["case.yaml"]


@pytest.mark.parametrize("used", ["3", "true", "{a: b}", "1e308"])
def test_uses_that_is_no_list_is_a_problem_of_its_line(used: str) -> None:
    found = draft_text(TEXT.replace("foedus: 1", f"foedus: 1\nuses: {used}"), "case.yaml")
    assert [each.where for each in found.problems] == ["case.yaml:2:1"]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without an end")
def test_a_file_without_an_end_is_too_large() -> None:
    with pytest.raises(CaseError, match="is too large: over 1 MB"):
        draft("/dev/zero")


def test_a_file_never_takes_the_place_of_a_folder_or_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    before = sorted(os.listdir(tmp_path))
    for name in before:
        with pytest.raises(RunError, match="choose another name"):
            disk.replace(tmp_path / name, b"text")
    assert sorted(os.listdir(tmp_path)) == before


def test_code_of_contributing_packages_is_part_of_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    entry = EntryPoint("war2", "offered_for_test:war2", "foedus.outcomes")
    offered = {"foedus.outcomes": [entry], "foedus.theories": []}
    monkeypatch.setattr(versions, "entry_points", lambda group: offered[group])
    said = []
    for body in ("war2 = 1", "war2 = 2"):
        (tmp_path / "offered_for_test.py").write_text(body, "utf-8")
        said.append(json.dumps(versions.contributors()))
    assert "package offered_for_test" in said[0]
    assert said[0] != said[1]
