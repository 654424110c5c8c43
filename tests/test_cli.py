"""The command line as a person and a script meet it."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import foedus
from foedus import cli, table, terminal
from foedus.case import shipped
from foedus.commands import listing, verdicts
from foedus.listing import rows

TEXT = shipped.find("south-caucasus").read_text("utf-8")
BREAK_EVEN = Path(__file__).parent / "engine" / "break-even.yaml"
HEAVY = ("jax", "polars", "altair", "scipy", "pydantic", "numpy", "rich.table", "ruamel.yaml")


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = 0
    try:
        cli.main(list(arguments))
    except SystemExit as end:
        code = int(end.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose outcomes are made up: the tables need no engine."""
    case = foedus.read("south-caucasus")
    from foedus.engine.outcomes import columns
    from foedus.engine.reading import bound
    from foedus.engine.run import _plan

    model = bound(case)
    plan = {**_plan(case, model, 32, 0), "blocks": 1}
    run = table.begin(tmp_path_factory.mktemp("run") / "run", case, plan)
    worlds = pl.DataFrame({"world": range(32), "scramble": [k % 16 for k in range(32)]})
    worlds = worlds.with_columns(
        pl.Series("scramble", worlds["scramble"], pl.Int8), sound=pl.col("world") != 31
    )
    frame = worlds.select("world").join(
        pl.DataFrame({"option": model.options}).with_row_index("o"), how="cross"
    )
    values = {name: (pl.col("world") + pl.col("o") / 2.0) / 100.0 for name in columns(model)}
    outcomes = frame.with_columns(**values).drop("o")
    return table.add(run, 0, {"worlds": worlds, "outcomes": outcomes}, 1).folder


def test_names_of_levers_are_whole_on_a_narrow_screen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    said = call(capsys, "list", "levers")[1]
    words = said.split()
    assert [row["lever"] for row in rows("levers") if row["lever"] not in words] == []
    assert "…" not in said


def test_help_and_import_load_nothing_heavy() -> None:
    helped = "from foedus.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass"
    for line in ("import foedus", helped):
        code = f"import sys\n{line}\nprint('HEAVY', [m for m in {HEAVY!r} if m in sys.modules])"
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert done.stdout.rstrip().endswith("HEAVY []")


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("run", "check", "show", "list", "judge", "explain", "optimise", "report"):
        code, out, _ = call(capsys, command, "--help")
        assert code == 0
        assert out.startswith(f"Usage: foedus {command}")


def test_a_good_case_is_said_to_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "check", "south-caucasus")[:2] == (0, "south-caucasus can be run.\n")
    code, out, _ = call(capsys, "check", "south-caucasus", "--json")
    assert (code, json.loads(out)) == (0, {"sound": True, "problems": [], "warnings": []})


def test_every_problem_is_printed_and_the_code_is_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.yaml"
    text = TEXT.replace("rivals: true", "rivals: [maybe]", 1).replace(
        "timing.travel:", "timing.trvel:", 1
    )
    path.write_text(text, "utf-8")
    for command in ("check", "run", "show"):
        code, out, err = call(capsys, command, str(path))
        assert (code, out) == (2, "")
        assert "bad.yaml:" in err
        assert "threats.ARM-AZE.rivals: true or false is needed" in err
        assert "did you mean 'timing.travel'?" in err
        assert "2 problems." in err
        assert "Traceback" not in err
    code, out, _ = call(capsys, "check", str(path), "--json")
    assert code == 2
    assert [p["path"] for p in json.loads(out)["problems"]] == [
        "threats.ARM-AZE.rivals",
        "assumptions.timing.trvel",
    ]


def test_brackets_in_a_problem_are_printed_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(TEXT.replace("[ratio, logistic]", '"[bold]ratio[/bold]"', 1), "utf-8")
    assert "write it in brackets: [[bold]ratio[/bold]]" in call(capsys, "check", str(path))[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "south-caucasos"], "did you mean 'south-caucasus'?"),
        (["check", "no/such.yaml"], "no such file, and no shipped case"),
        (["chekc", "x"], "No such command 'chekc'"),
        (["run", "south-caucasus", "-n", "many"], "'many' is not a valid integer"),
        (["run", "south-caucasus", "-n", "3"], "3 worlds are too few"),
        (["judge", "."], "is no run folder"),
        (["report", "no-such-run"], "is no run folder"),
        (["list", "levres"], "'levres' is not one of"),
    ],
)
def test_what_a_user_can_mend_is_a_sentence_and_the_code_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = call(capsys, *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_a_fault_of_ours_is_one_sentence_and_the_code_3(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(case: object) -> None:
        raise ZeroDivisionError("by accident")

    monkeypatch.setattr("foedus.engine.reading.check", broken)
    code, _, err = call(capsys, "check", "south-caucasus")
    assert code == 3
    assert err.startswith("This is a fault of foedus, not of your case: ZeroDivisionError")
    assert err.count("\n") == 1
    monkeypatch.setenv("FOEDUS_TRACEBACK", "1")
    assert "Traceback" in call(capsys, "check", "south-caucasus")[2]


def test_a_folder_that_may_not_be_written_is_the_users_to_mend(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    code, _, err = call(capsys, "run", "south-caucasus", "-o", str(file / "run"))
    assert code == 2
    assert "not a directory" in err


def test_stopping_says_that_work_is_kept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(case: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("foedus.engine.reading.check", stop)
    code, _, err = call(capsys, "check", "south-caucasus")
    assert code == 130
    assert "What is finished is kept" in err


@pytest.mark.parametrize("kind", listing.KINDS)
def test_lists_are_tables_for_people_and_rows_for_scripts(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = call(capsys, "list", kind)
    rows = json.loads(call(capsys, "list", kind, "--json")[1])
    assert code == 0
    assert out.startswith(next(iter(rows[0])))
    assert len({tuple(row) for row in rows}) == 1


def test_show_reads_a_case_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert "WHAT IS NOT KNOWN" in call(capsys, "show", "south-caucasus")[1]
    said = json.loads(call(capsys, "show", "south-caucasus", "--json")[1])
    assert said["reference"] == "status_quo"


def test_tables_fit_eighty_columns_and_leave_nothing_out(
    small: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = call(capsys, "judge", str(small))
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    assert "…" not in out
    case = foedus.read("south-caucasus")
    assert all(f" {name} " in out for name in (*case.options, *case.claims))
    assert "1 could not be computed" in out


def test_the_spread_over_worlds_leaves_out_those_not_computed(small: Path) -> None:
    frame = terminal.spread(foedus.open_run(small), ["war"])
    first = frame.filter(pl.col("option") == "status_quo").row(0, named=True)
    assert first["median"] == pytest.approx(0.15)  # worlds 0 to 30
    assert first["low"] == pytest.approx(0.015)
    assert first["high"] == pytest.approx(0.285)


def test_a_verdict_that_is_named_gives_the_code_1(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = call(capsys, "judge", str(small), "--json")
    said = json.loads(out)
    words = {each["verdict"] for each in said["verdicts"]}
    assert code == 0
    assert len(said["verdicts"]) == 46
    both = ("--fail-on", "holds", "--fail-on", sorted(words)[0])
    assert call(capsys, "judge", str(small), *both)[0] == 1
    others = [v for v in foedus.judge(foedus.open_run(small)) if v.verdict != "fails"]
    verdicts.exit_on(others, ("fails",))  # and does not exit


def test_what_to_keep_and_where_to_play_is_asked_clearly(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, small: Path
) -> None:
    kept = []
    monkeypatch.setattr("foedus.keep.planned", lambda *asked: kept.append(asked[-1]))
    monkeypatch.setattr("foedus.engine.run.carry_out", lambda *_: foedus.open_run(small))
    monkeypatch.setattr("foedus.report.page.report", lambda run, tell: run.folder / "report.html")
    for said in ("all", "summary", "500"):
        assert call(capsys, "run", "south-caucasus", "--no-explain", "--keep", said)[0] == 0
    assert kept == ["all", "summary", 500]
    code, _, err = call(capsys, "run", "south-caucasus", "--keep", "some")
    assert code == 2
    assert "'some' is not all, summary or a number" in err
    both = ("--workers", "2", "--dask", "tcp://somewhere:8786")
    code, _, err = call(capsys, "run", "south-caucasus", *both)
    assert code == 2
    assert "not both" in err


def test_run_plays_judges_and_reports(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, small: Path, tmp_path: Path
) -> None:
    """The engine and the page have tests of their own: here only that they are asked rightly."""
    asked: dict[str, object] = {}

    def planned(case: object, worlds: int, seed: int, out: str, keep: object) -> None:
        asked.update(worlds=worlds, seed=seed, out=out, keep=keep)

    monkeypatch.setattr("foedus.keep.planned", planned)
    monkeypatch.setattr("foedus.engine.run.carry_out", lambda *_: foedus.open_run(small))
    monkeypatch.setattr("foedus.report.page.report", lambda run, tell: run.folder / "report.html")
    explained: list[table.Run] = []
    monkeypatch.setattr("foedus.explaining.explain_all", lambda run, _: explained.append(run))
    arguments = ("run", "south-caucasus", "-n", "32", "--seed", "5", "-o", str(tmp_path / "r"))
    code, out, _ = call(capsys, *arguments)
    assert code == 0
    assert asked == {"worlds": 32, "seed": 5, "out": str(tmp_path / "r"), "keep": "all"}
    assert out.rstrip().splitlines()[-2:] == [
        f"Run folder: {small}",
        f"Report:     {small / 'report.html'}",
    ]
    said = json.loads(call(capsys, *arguments, "--json", "--no-explain")[1])
    assert said["run"] == str(small)
    assert [each.folder for each in explained] == [small]


def test_a_story_fits_the_terminal_and_says_that_it_is_an_illustration(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    asked = ("story", str(BREAK_EVEN), "--option", "light")
    code, out, _ = call(capsys, *asked)
    assert code == 0
    assert "no verdict." in out
    assert max(map(len, out.splitlines())) <= 80
    said = json.loads(call(capsys, *asked, "--json")[1])
    assert "no verdict." in said["illustration"]
    assert [each["year"] for each in said["years"]] == [2030]
    assert said["years"][0]["troops"] == 1000
    code, _, err = call(capsys, "story", str(BREAK_EVEN), "--option", "lihgt")
    assert code == 2
    assert "did you mean 'light'?" in err
