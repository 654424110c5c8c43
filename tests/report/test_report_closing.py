"""By when help arrives: read from the run folder, told in a sentence, drawn an option a panel."""

import json

from small_report import STATES, MakeRun

from foedus.report.beside import beside
from foedus.report.page import content, html

FOUND = {
    "threat": "IRN-AZE", "year": 2036, "worlds": 40, "days": [0, 10, 20],
    "decided": [2.0, 5.0, 9.0],
    "curves": {
        "status_quo": [[0, 0, 0], [0, 0.4, 0.8], [0, 0.8, 1]],
        "light_base": [[0, 0, 0.2], [0.1, 0.5, 0.8], [0.3, 0.9, 1]],
        "heavy_base": [[0.2, 0.2, 0.2], [0.5, 0.9, 1], [0.9, 1, 1]],
    },
}  # fmt: skip


def test_the_page_says_and_draws_how_much_has_arrived_on_the_deciding_day(
    make_run: MakeRun,
) -> None:
    run = make_run(text=STATES)
    (run.folder / "closing.json").write_text(json.dumps(FOUND))
    page = content(run, beside(run))
    told = page["closing"].says
    assert "On day 5," in told
    # Half way from day 0 to day 10: 0, 20 and 40 %; under the heavy base 70 %.
    assert "20 % of the promised help has arrived under “status quo”" in told
    assert "(0 % to 40 % in eight worlds of ten)" in told
    assert "most is there under “heavy base” (70 %)" in told
    assert 'data-chart="closing"' in html(run)
    (rows,) = page["charts"]["closing"]["datasets"].values()
    at = {row["name"]: row["p50"] for row in rows if row["day"] == 10}
    assert at == {"status quo (reference)": 40, "light base": 50, "heavy base": 90}


def test_a_run_whose_help_was_not_followed_has_no_such_chart(make_run: MakeRun) -> None:
    assert 'data-chart="closing"' not in html(make_run(text=STATES))
