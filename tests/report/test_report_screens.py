"""What screens set aside is seen on the page and on the terminal; screens too strict end it."""

import json
import re

import polars as pl
import pytest
from small_report import CASE, MakeRun
from test_report_page import Read

from foedus import cli
from foedus.judge.claims import judge
from foedus.report.page import report

SCREENS = """
screens:
  small_step:
    says: A light base does not change disputes by more than 10 %.
    source: book
    change: {outcome: disputes, option: light_base, than: status_quo, percent: [-10, 10]}
claims:
"""
TEXT = CASE.replace("\nclaims:\n", SCREENS)


def test_the_page_says_what_a_screen_does_and_both_shares_of_a_claim(make_run: MakeRun) -> None:
    run = make_run(TEXT)
    page = Read(report(run).read_text("utf-8"))
    verdict = judge(run)[0]
    assert 0 < verdict.set_aside < 320
    text = re.sub(r"\s+", " ", page.text)
    assert "Which worlds are set aside" in text
    assert "Small step : A light base does not change disputes by more than 10 %." in text
    assert "Published: −10 % to 10 %." in text
    assert f"{verdict.worlds} worlds, {100 * verdict.kept:.3g} % of those explored" in text
    assert f"without the screens {100 * verdict.unscreened.share:.3g} %" in text
    assert f"they keep {100 * verdict.kept:.3g} % of worlds" in text


def test_a_case_without_screens_says_nothing_of_them(make_run: MakeRun) -> None:
    text = Read(report(make_run()).read_text("utf-8")).text
    assert "set aside" not in text
    assert "without the screens" not in text


def test_the_terminal_and_the_files_say_both_shares(
    make_run: MakeRun, capsys: pytest.CaptureFixture[str]
) -> None:
    run = make_run(TEXT)
    with pytest.raises(SystemExit) as ended:
        cli.main(["judge", str(run.folder), "--json", "--fail-on", "depends"])
    assert ended.value.code == 1
    said = json.loads(capsys.readouterr().out)
    kept = json.loads((run.folder / "verdicts.json").read_text("utf-8"))
    for each in (said["verdicts"][0], kept[0]):
        assert each["unscreened"]["share"] != each["share"]["share"]
        assert each["worlds"] + each["set_aside"] == 320
        assert each["kept"] == each["worlds"] / 320
    assert said["kept"] == kept[0]["worlds"]
    assert said["screens"][0]["name"] == "small_step"
    cli.main(["judge", str(run.folder)])
    out = capsys.readouterr().out
    assert f"The screens set {320 - kept[0]['worlds']} worlds aside" in out
    assert f"of all {100 * kept[0]['unscreened']['share']:.3g} %" in out
    assert max(map(len, out.splitlines())) <= 80


def test_a_screen_that_is_too_strict_ends_with_2_and_its_line(
    make_run: MakeRun, capsys: pytest.CaptureFixture[str]
) -> None:
    run = make_run(TEXT.replace("percent: [-10, 10]", "percent: [-0.0001, 0.0001]"))
    with pytest.raises(SystemExit) as ended:
        cli.main(["judge", str(run.folder)])
    line = TEXT[: TEXT.index("  small_step:")].count("\n") + 1
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert re.match(rf"small.yaml:{line}:3: screens.small_step: it keeps 0.00% of the worlds", said)
    assert not (run.folder / "verdicts.json").exists()


def test_a_value_claim_is_shown_with_what_its_weights_mean(make_run: MakeRun) -> None:
    weigh = (
        "    weigh:\n      says: Today is better.\n      because: All weights are tried.\n"
        "      option: status_quo\n      better_than: light_base\n      outcomes:\n"
        "        disputes: {better: lower, swing: 0.5}\n"
        "        war.CCC-AAA: {better: lower, swing: 0.01}\n"
        "        cost: {better: lower, swing: changes}\n"
    )
    untested = "    untested: needs a list of other uses and what they bring\n"
    assert untested in CASE
    run = make_run(CASE.replace(untested, weigh))
    html = report(run).read_text("utf-8")
    text = re.sub(r"\s+", " ", Read(html).text)
    assert "of worlds and weightings" in text
    assert "One unit of weight is worth 0.5 disputes, 1 percentage points (war.CCC-AAA)" in text
    assert "1,500 million USD (cost)" in text  # the same in every world, so its whole change
    assert 'data-chart="weights-BETTER"' in html
    assert "When BETTER breaks" not in html  # no test, so nothing breaks in a world
    assert "foedus explain RUN BETTER" in html  # which says which weights decide
    rows = pl.read_parquet(run.folder / "weighed" / "BETTER.parquet") if judge(run) else None
    assert rows is not None
    assert rows.columns == ["disputes", "war.CCC-AAA", "cost", "share"]
    assert rows.height == 1_024
