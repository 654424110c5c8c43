"""The page of small runs: what stands on it, where, and that nothing a case says gets out."""

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import altair as alt
import pytest
from small_report import CASE, MakeRun, write_run

from foedus.errors import RunError
from foedus.judge.claims import judge
from foedus.report import page
from foedus.report.page import report
from foedus.report.sections import questions
from foedus.report.spread import compare
from foedus.table import Run

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


class Read(HTMLParser):
    """Tags and the text of a page; what a browser would make of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.raw = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.raw = tag if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self.raw = ""

    def handle_data(self, data: str) -> None:
        if not self.raw:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def read(run: Run) -> Read:
    return Read(report(run).read_text("utf-8"))


@pytest.fixture(scope="session")
def found(small_page: Path) -> Read:
    return Read(small_page.read_text("utf-8"))


def test_the_file_is_written_where_asked_and_else_in_the_run_folder(
    make_run: MakeRun, tmp_path: Path
) -> None:
    run = make_run()
    there = report(run)
    assert there == run.folder / "report.html"
    assert report(run, tmp_path / "new" / "page.html").read_bytes() == there.read_bytes()


def test_who_waits_is_told_how_far_the_page_is(small_run: Run, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    report(small_run, tmp_path / "page.html", tell=lambda *each: told.append(each))
    assert told[0] == ("Reading the run", 0, 1)
    drawn = [each for each in told if each[0] == "Drawing the claims"]
    assert drawn == [("Drawing the claims", n, 4) for n in range(4)]


def test_only_links_to_sources_lead_out_of_the_page(found: Read) -> None:
    for tag, attrs in found.tags:
        for name in ("src", "href", "srcset", "action", "data"):
            value = attrs.get(name) or ""
            assert value.startswith("#") or (tag, value) in (
                ("a", "https://example.org/page?a=1&b=2"),
                ("data", value),
            ) or not value  # fmt: skip
    assert found.all("link") == []


def test_claims_stand_in_the_order_of_the_case_with_quote_and_both_sides(found: Read) -> None:
    ids = [a["id"] for a in found.all("article") if "data-claim" in a]
    assert ids == ["claim-FEWER", "claim-SAFE", "claim-SINCE", "claim-BETTER"]
    for said in ("“a base brings fewer disputes”", "One study finds fewer.",
                 "Another study finds more.", "needs a list of other uses"):  # fmt: skip
        assert said in found.text
    assert found.text.count("For") >= 2
    assert "Nothing found." in found.text  # an empty side is said to be empty


def test_every_claim_is_found_by_its_words_before_the_first_section(small_page: Path) -> None:
    top = small_page.read_text("utf-8").partition("</header>")[0].partition('"in-words"')[2]
    found = Read(top)
    inside = [(a["href"] or "") for a in found.all("a")]
    assert inside == ["#claim-FEWER", "#claim-SAFE", "#claim-SINCE", "#claim-BETTER"]
    assert "A light base lowers the number of disputes." in found.text
    assert "“a base brings fewer disputes”" in found.text


def test_every_share_on_the_page_is_the_share_that_was_judged(
    small_run: Run, small_page: Path
) -> None:
    html = small_page.read_text("utf-8")
    cards = re.split(r'<article class="claim', html)[1:]
    for card, verdict in zip(cards, judge(small_run), strict=True):
        shown = re.findall(r'<data value="([^"]+)">', card)
        if verdict.share is None:
            assert shown == []
            continue
        tests = [] if len(verdict.tests) == 1 else [t.share.share for t in verdict.tests]
        theories = [share for each in verdict.by_theory.values() for share in each.values()]
        share = verdict.share
        assert [float(x) for x in shown] == [
            share.share, share.low, share.high, *tests, *theories
        ]  # fmt: skip


def test_the_headline_number_reads_as_the_judged_one(small_run: Run, found: Read) -> None:
    share = judge(small_run)[0].share
    assert share is not None
    low, high = round(100 * share.low, 1), round(100 * share.high, 1)
    said = f"{round(100 * share.share, 1):g} % of worlds (95 % interval {low:g} to {high:g} % )"
    assert said.replace(" ", "") in found.text.replace(" ", "")


def test_every_chart_has_a_box_a_sentence_and_a_valid_spec(small_run: Run, found: Read) -> None:
    charts = page.content(small_run)["charts"]
    boxes = {a["data-chart"]: a for a in found.all("div") if "data-chart" in a}
    assert boxes.keys() == charts.keys()
    assert {"claim-shares", "level-disputes", "difference-disputes", "curve-SAFE-steps",
            "theory-FEWER"} <= charts.keys()  # fmt: skip
    for name, spec in charts.items():
        alt.LayerChart.from_dict(spec).to_dict(validate=True)
        assert boxes[name]["role"] == "img"
        assert len((boxes[name]["aria-label"] or "").split()) > 8


def test_headings_go_down_one_step_at_a_time_and_ids_are_unique(found: Read) -> None:
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    ids = [attrs["id"] for _, attrs in found.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    inside = [a["href"][1:] for a in found.all("a") if (a["href"] or "").startswith("#")]
    assert set(inside) <= set(ids)


def test_a_share_is_called_probability_only_to_say_that_it_is_none(found: Read) -> None:
    text = found.text
    uses = [text[m.start() - 25 : m.end()] for m in re.finditer("probability", text)]
    assert uses
    assert all("not a" in use or "no probability" in use for use in uses)


def test_what_a_case_says_cannot_become_markup_or_script(make_run: MakeRun) -> None:
    text = CASE
    for said in ("A base in Alphaland", "a base brings fewer disputes", "One study finds fewer.",
                 "A Book (2001)", "War stays rare.", "Nobody pays.", "A light base."):  # fmt: skip
        text = text.replace(said, f"'{HOSTILE}'" if said != "War stays rare." else f"'{HOSTILE}.'")
    text = text.replace('"https://example.org/page?a=1&b=2"', "'javascript:alert(3)'")
    run = make_run(text)
    found, html = read(run), report(run).read_text("utf-8")
    assert found.all("img") == []
    assert html.count("<script") == 3
    assert all(not key.startswith("on") for _, attrs in found.tags for key in attrs)
    assert all(not (a["href"] or "").startswith("javascript") for a in found.all("a"))
    data = re.search(r'id="chart-data">(.*?)</script>', html, re.S)
    assert data is not None
    assert json.loads(data[1]).keys() == page.content(run)["charts"].keys()


def test_the_policy_allows_these_scripts_and_nothing_else(found: Read) -> None:
    policy = next(a["content"] for a in found.all("meta") if "http-equiv" in a)
    assert "default-src 'none'" in policy
    assert policy.count("'sha256-") == 2
    assert "unsafe-eval" not in policy
    assert "script-src 'unsafe-inline'" not in policy


def test_a_case_without_claims_still_shows_its_options(make_run: MakeRun) -> None:
    start, end = CASE.index("claims:"), CASE.index("sources:\n")
    found = read(make_run(CASE[:start] + CASE[end:]))
    assert "makes no claim yet" in found.text
    assert "Heavy base" in found.text or "heavy base" in found.text
    assert found.all("form") == []


def test_a_case_whose_claims_are_all_untested_says_so(make_run: MakeRun) -> None:
    start, end = CASE.index("  FEWER:"), CASE.index("  SINCE:")
    found = read(make_run(CASE[:start] + CASE[end:]))
    assert "These worlds can test none of the 2 claims." in found.text
    assert "1 partly supported and 1 untested" in found.text
    assert "claim-shares" not in [a.get("data-chart") for a in found.all("div")]


def test_refused_worlds_are_counted_and_left_out(make_run: MakeRun) -> None:
    run = make_run(refused=20)
    text = read(run).text
    assert "300 worlds" in text
    assert "20 worlds, whose numbers contradict one another" in text


def test_a_run_in_which_no_world_could_be_computed_says_so(make_run: MakeRun) -> None:
    text = read(make_run(refused=320)).text
    assert "No world of this run could be computed" in text
    assert "no world was computed" in text


def test_an_unfinished_run_carries_a_warning_and_an_empty_one_is_refused(
    make_run: MakeRun, tmp_path: Path
) -> None:
    run = make_run(blocks=3)
    assert "1 of 3 blocks are here" in read(run).text
    (run.folder / "blocks.log").unlink()
    with pytest.raises(RunError, match="no finished block"):
        report(type(run)(run.folder))


def test_judgement_is_marked_and_counted(found: Read) -> None:
    text = found.text
    assert "4 of 6 numbers" in text
    assert "2 to 8 %, centre 4" in text
    assert "0.2 to 20 % a year (log scale)" in text


def test_what_theories_say_is_shown_where_the_run_tells_it(
    make_run: MakeRun, tmp_path: Path
) -> None:
    assert "how far a defence pact" not in read(make_run()).text
    told = {"theories": {"pact": {"spiral": "A pact alarms the challenger."}}}
    assert (
        "spiral : A pact alarms the challenger."
        in read(write_run(tmp_path / "told", told=told)).text
    )


def test_regret_is_what_an_option_loses_in_nine_worlds_of_ten(small_run: Run) -> None:
    cost = next(row for row in page.content(small_run)["regrets"] if row.says == "cost to both")
    assert cost.values == pytest.approx({"status_quo": 0, "light_base": 1500, "heavy_base": 3000})
    assert cost.tints == {"status_quo": 0, "light_base": 2, "heavy_base": 5}


def test_differences_are_taken_world_by_world(small_run: Run) -> None:
    cost = compare(small_run, "cost")
    assert [each.option for each in cost.differences] == ["light_base", "heavy_base"]
    for each, more in zip(cost.differences, (1500, 3000), strict=True):
        assert each.points == pytest.approx([more] * 5)  # though the levels spread
        assert (each.lower, each.higher) == (0, 1)
    assert cost.levels[0].points[4] - cost.levels[0].points[0] > 5


def test_a_theory_is_shown_with_the_numbers_it_needs(small_run: Run) -> None:
    (pact, asks, theories), (contest, _, only) = questions(small_run)
    assert (pact, asks, contest) == ("pact", "What does a pact do?", "contest")
    assert [[row.name for row in each.numbers] for each in theories] == [[], ["pact.spiral.alarm"]]
    assert [each.name for each in only] == ["ratio"]
