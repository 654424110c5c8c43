"""A number is the same wherever it is read: in Python, on the command line, in the report."""

import json
import re

import pytest
from small_report import MakeRun
from test_report_page import Read

import foedus
from foedus.cli import main
from foedus.judge.claims import Verdict
from foedus.report.page import report
from foedus.report.words import interval, percent
from foedus.table import Run


@pytest.fixture
def run(make_run: MakeRun) -> Run:
    return make_run(worlds=1_024)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    main(list(arguments))
    return capsys.readouterr().out


def card(html: str, claim: str) -> str:
    """One claim's part of the report."""
    start = html.index('<article class="claim', html.index(f'id="claim-{claim}"') - 200)
    return html[start : html.index("</article>", start)]


def test_share_interval_and_word_of_every_claim_are_the_same_in_all_three(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    by_python: list[Verdict] = foedus.judge(foedus.open_run(run.folder))
    printed = json.loads(told(capsys, "judge", str(run.folder), "--json"))["verdicts"]
    page = report(run).read_text("utf-8")
    table = re.sub(r"\s+", " ", told(capsys, "judge", str(run.folder)))
    assert len(by_python) == len(printed) == 4
    for verdict, said in zip(by_python, printed, strict=True):
        shown = card(page, verdict.claim)
        assert said["verdict"] == verdict.verdict
        assert f'data-headline="{verdict.headline}"' in shown
        if verdict.share is None:
            assert said["share"] is None
            assert "of worlds</strong>" not in shown
            continue
        share = verdict.share
        assert said["share"] == {"share": share.share, "low": share.low, "high": share.high}
        values = [float(x) for x in re.findall(r'<data value="([^"]+)"', shown)]
        assert values[:3] == [share.share, share.low, share.high]
        text = Read(shown).text
        assert f"{percent(share.share)} of worlds" in text
        assert percent(share.share) in table
        assert interval(share) in table


def test_every_test_of_a_claim_has_its_number_in_the_report(run: Run) -> None:
    page = report(run).read_text("utf-8")
    for verdict in foedus.judge(run):
        for tested in verdict.tests if len(verdict.tests) > 1 else ():
            assert f'<data value="{tested.share.share}">' in card(page, verdict.claim)


def test_the_middle_of_an_outcome_is_the_same_on_the_command_line_and_in_the_report(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    page = report(run).read_text("utf-8")
    specs = json.loads(page.split('id="chart-data">')[1].split("</script>")[0])
    (rows,) = specs["level-disputes"]["datasets"].values()
    drawn = {row["name"].removesuffix(" (reference)"): row["p50"] for row in rows}
    said = json.loads(told(capsys, "judge", str(run.folder), "--json"))["outcomes"]
    middles = {row["option"]: row["median"] for row in said if row["outcome"] == "disputes"}
    for option, middle in middles.items():
        assert drawn[option.replace("_", " ")] == pytest.approx(middle, rel=1e-6), option
