"""When a claim breaks and what decides it: shown as it was worked out, or how to get it."""

import json

import pytest
from small_report import CASE, MakeRun
from test_report_page import HOSTILE, Read, read

from foedus.errors import RunError
from foedus.judge.explain import explain, explain_tested
from foedus.judge.weighed import explain_weighed
from foedus.table import Run


def part(html: str, claim: str) -> str:
    """The text of one claim's section on when it breaks."""
    start = html.index(f'aria-label="When {claim} breaks')
    return Read(html[start : html.index("</section>", start)]).text


def test_an_explanation_is_shown_number_by_number(make_run: MakeRun) -> None:
    run = make_run(CASE, worlds=1_024)
    found = explain_tested(run, "FEWER")
    read(run)
    html = (run.folder / "report.html").read_text("utf-8")
    said = part(html, "FEWER")
    box = found.boxes[0]
    assert ("When it breaks" if found.case == "fails" else "When it holds") in said
    assert box.words.rstrip(".")[1:] in said
    assert f'<data value="{box.density}">' in html
    for each in found.decides:
        assert each.words in said
        assert f'<data value="{each.index}">' in html
    top = html.partition('id="claim-FEWER"')[2].partition("</header>")[0]
    assert f'{found.decides[0].words}. <a href="#why-FEWER">' in top
    assert found.boxes
    assert found.decides  # the theory decides this made-up claim


def test_of_a_claim_that_is_weighed_the_report_says_which_weights_decide(make_run: MakeRun) -> None:
    weigh = (
        "    weigh:\n      says: Today is better.\n      because: All weights are tried.\n"
        "      option: status_quo\n      better_than: light_base\n      outcomes:\n"
        "        disputes: {better: lower, swing: 0.5}\n        cost: {better: lower, swing: 100}\n"
    )
    untested = "    untested: needs a list of other uses and what they bring\n"
    run = make_run(CASE.replace(untested, weigh), worlds=1_024)
    found = explain_weighed(run, "BETTER")
    html = (read(run), (run.folder / "report.html").read_text("utf-8"))[1]
    start = html.index('aria-label="What decides BETTER"')
    section = html[start : html.index("</section>", start)]
    said = Read(section).text
    assert found.decides  # the theory decides disputes in this made-up run
    for each in (*found.weights, *found.decides):
        assert each.words[1:] in said
    for value in (found.always, found.never, *(each.index for each in found.decides)):
        assert f'<data value="{value}">' in section


def test_a_claim_that_was_not_explained_says_how_to_get_it(small_run: Run) -> None:
    html = read(small_run).text
    assert "foedus explain RUN FEWER" in html
    assert "foedus explain RUN SINCE" not in html  # a claim without tests has nothing to explain


def test_a_damaged_explanation_is_refused_by_its_path(make_run: MakeRun) -> None:
    run = make_run()
    (run.folder / "explained").mkdir()
    (run.folder / "explained" / "FEWER.json").write_text("{", "utf-8")
    with pytest.raises(RunError, match=r"explained/FEWER\.json is damaged"):
        read(run)


def test_a_hostile_explanation_stays_text(make_run: MakeRun) -> None:
    run = make_run(CASE, worlds=1_024)
    explain(run, "FEWER")
    path = run.folder / "explained" / "FEWER.json"
    told = json.loads(path.read_text("utf-8"))
    told["note"] = HOSTILE
    path.write_text(json.dumps(told), "utf-8")
    page = read(run)
    assert HOSTILE in page.text
    assert page.all("img") == []
