"""A number in the report, on the live page, by the command line and by Python is one number."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from foedus import open_run, read
from foedus.cli import main
from foedus.judge.claims import verdicts
from foedus.live.guard import Pace
from foedus.live.server import PREVIEW, Site, application
from foedus.report import words

CHANGED = "a:rates.challenge=0.06~0.1&t:effort=shirks&w:light=denial&m:rare:hardly=7 %25"
SHARE = re.compile(r'<strong><data value="([^"]+)">([^<]+)</data>')


@pytest.mark.parametrize("state", ["", CHANGED])
def test_one_number_on_the_page_in_the_report_by_the_command_line_and_by_python(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str], state: str
) -> None:
    app = application(site, ("localhost",), Pace(1e6, 1e6))
    with TestClient(app, base_url="http://localhost") as client:
        page = client.post("/play", json={"state": state, "worlds": PREVIEW}).json()["html"]
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
        for where in (page[f"row-{claim}"], article):
            found = SHARE.search(where)
            assert found is not None
            assert float(found[1]) == share
            assert unescape(found[2]) == words.percent(share)
            assert f"</span> {said['verdict']}</span>" in where
