"""The report: one file, whole without a network, with the numbers that were judged."""

import re
from html import unescape
from pathlib import Path

import pytest

from foedus.case.read import read_text
from foedus.case.schema import Case
from foedus.engine.run import simulate
from foedus.judge.claims import judge
from foedus.report import words
from foedus.report.page import report
from foedus.table import Run

BASE = (Path(__file__).parents[1] / "engine" / "break-even.yaml").read_text()
CLAIMS = """
claims:
  deters:
    quote: a base makes war less likely
    offset: 0
    says: A <script>alert(1)</script> light base lowers disputes.
    kind: counterfactual
    tests:
      any: {says: Fewer disputes., because: Any fall counts.,
            compare: {outcome: disputes, option: light, is: lower, than: without}}
  open: {quote: bases are dear, offset: 9, says: Dear., kind: value, untested: needs weights}
"""


def case() -> Case:
    text = BASE.replace("\noptions:", CLAIMS + "options:")
    drawn = ("rates.challenge: {exactly: 0.10,", "rates.challenge: {between: [0.05, 0.2],")
    return read_text(text.replace(*drawn), "test.yaml")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return simulate(case(), 64, out=tmp_path_factory.mktemp("report") / "run")


@pytest.fixture(scope="module")
def page(run: Run) -> str:
    return report(run).read_text("utf-8")


def test_the_page_asks_no_network_for_anything(page: str) -> None:
    markup = re.sub(r"<script.*?</script>", "", page, flags=re.S)
    assert not re.findall(r"""(?:src|srcset|@import)\s*[=(]\s*["']?https?:""", markup)
    assert "<link" not in markup
    assert len(page) < 5_000_000


def test_what_a_case_says_cannot_become_a_script(page: str) -> None:
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_every_claim_stands_in_order_with_the_share_that_was_judged(run: Run, page: str) -> None:
    verdicts = judge(run)
    assert re.findall(r'<article class="claim[^"]*" id="claim-([\w-]+)"', page) == [
        v.claim for v in verdicts
    ]
    assert verdicts[0].verdict == "holds"
    assert words.percent(verdicts[0].share.share) in unescape(page)
    assert "needs weights" in page
