"""What screens set aside is seen on the page and on the terminal; screens too strict end it."""

import json
import re

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
