"""A number in the report, on the live page, by the command line and by Python is one number."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import polars as pl
import pytest
from small_live import text
from starlette.testclient import TestClient

from foedus import open_run, read
from foedus.case.read import draft_text
from foedus.cli import main
from foedus.engine.reading import sound
from foedus.judge.claims import verdicts
from foedus.judge.screens import screened
from foedus.live.guard import Pace
from foedus.live.serve import site_of
from foedus.live.server import PREVIEW, Site, application
from foedus.report import words

SCREENED = text().replace(
    "\nclaims:\n",
    "\nscreens:\n  small: {says: A base changes little., source: made, "
    "change: {outcome: disputes, option: light, than: without, percent: [-1, 4]}}\nclaims:\n",
)
CHANGED = "a:rates.challenge=0.06~0.1&t:effort=shirks&w:light=denial&m:rare:hardly=7 %25"
SHARE = re.compile(r'<strong><data value="([^"]+)">([^<]+)</data>')


@pytest.fixture(scope="module")
def screened_site() -> Iterator[Site]:
    found = site_of(sound(draft_text(SCREENED, "screened.yaml")))
    yield found
    found.desk.close()


@pytest.mark.parametrize(
    ("which", "state"), [("site", ""), ("site", CHANGED), ("screened_site", "")]
)
def test_one_number_on_the_page_in_the_report_by_the_command_line_and_by_python(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    which: str,
    state: str,
) -> None:
    site: Site = request.getfixturevalue(which)
    app = application(site, ("localhost",), Pace(1e6, 1e6))
    with TestClient(app, base_url="http://localhost") as client:
        asked = {"state": state, "worlds": PREVIEW, "outcome": "disputes"}
        answer = client.post("/play", json=asked).json()
        file = tmp_path / "case.yaml"
        file.write_text(client.get(f"/case.yaml?{state}").text, "utf-8")
    read(file)  # the saved file is a case
    run = tmp_path / "run"
    main(["run", str(file), "-n", str(PREVIEW), "-o", str(run), "--json"])
    told = json.loads(capsys.readouterr().out)
    report = Path(told["report"]).read_text("utf-8")
    by_python = {v.claim: v for v in verdicts(open_run(run))}
    tested = [v for v in told["verdicts"] if v["share"]]
    assert [v["claim"] for v in tested] == ["fewer", "rare"]
    for said in tested:
        claim, share = said["claim"], said["share"]["share"]
        python = by_python[claim].share
        assert python is not None
        assert python.share == share
        article = report.partition(f'id="claim-{claim}"')[2].partition("</article>")[0]
        for where in (answer["html"][f"row-{claim}"], article):
            found = SHARE.search(where)
            assert found is not None
            assert float(found[1]) == share
            assert unescape(found[2]) == words.percent(share)
            assert f"</span> {said['verdict']}</span>" in where
    kept = screened(open_run(run))
    assert (kept.set_aside > 0) == (which == "screened_site")
    middles = {
        row["option"]: row["median"] for row in told["outcomes"] if row["outcome"] == "disputes"
    }
    by_python = kept.kept("disputes", list(middles))
    for option, drawn in _drawn(answer["charts"]["level-disputes"]["data"]).items():
        assert drawn == pytest.approx(middles[option], rel=1e-12)
        assert drawn == pytest.approx(by_python[option].cast(pl.Float64).median(), rel=1e-12)
    specs = json.loads(report.partition('id="chart-data">')[2].partition("</script>")[0])
    assert _drawn(specs["level-disputes"]["datasets"]) == _drawn(
        answer["charts"]["level-disputes"]["data"]
    )


def _drawn(datasets: dict[str, list[dict[str, float | str]]]) -> dict[str, float]:
    """The middle world of each option in a chart of levels."""
    (rows,) = datasets.values()
    return {str(row["name"]).removesuffix(" (reference)"): float(row["p50"]) for row in rows}
