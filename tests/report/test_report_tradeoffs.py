"""What options can lose, and what they trade for what: drawn from the worlds, not made up."""

import re

import numpy as np
import pytest
from small_report import CASE, MakeRun

from foedus.report import sections, words
from foedus.report.figures import Figures
from foedus.report.page import html
from foedus.report.tradeoffs import losses, trade_offs
from foedus.table import Run


def drawn(figures: Figures, name: str) -> dict[str, dict[str, float]]:
    """The rows of a chart, by option."""
    (rows,) = (rows for rows in figures.specs[name]["datasets"].values() if "option" in rows[0])
    return {row["option"]: row for row in rows}


def values(run: Run, outcome: str) -> np.ndarray:
    options = run.manifest["options"]
    return run.kept(outcome, options).select(options).to_numpy().astype(np.float64)


def test_a_cell_is_what_the_option_loses_against_the_best_of_the_same_world(
    small_run: Run,
) -> None:
    figures = Figures()
    regrets = sections.regrets(small_run, sections.compared(small_run))
    figure = losses(figures, regrets)
    assert figure is not None
    (rows,) = (r for r in figures.specs["regrets"]["datasets"].values() if "loss" in r[0])
    found = values(small_run, "disputes")
    lost = np.percentile(found - found.min(axis=1, keepdims=True), 90, axis=0)
    here = [row for row in rows if row["outcome"] == "disputes"]
    assert [row["loss"] for row in here] == pytest.approx(list(lost))
    assert max(row["of_most"] for row in here) == 1.0
    assert "“status quo” keeps furthest from the worst" in figure.says


def test_the_front_holds_whom_nobody_beats_on_average_and_counts_worlds_one_by_one(
    small_run: Run,
) -> None:
    figures = Figures()
    first, *_ = trade_offs(small_run, figures, sections.compared(small_run))
    assert first.name == "trade-cost-disputes"
    rows = drawn(figures, first.name)
    cost, disputes = values(small_run, "cost"), values(small_run, "disputes")
    for k, (option, row) in enumerate(rows.items()):
        assert row["x"] == pytest.approx(cost[:, k].mean()), option
        assert row["y"] == pytest.approx(disputes[:, k].mean()), option
        ahead = [
            (cost[:, j] <= cost[:, k]) & (disputes[:, j] <= disputes[:, k])
            & ((cost[:, j] < cost[:, k]) | (disputes[:, j] < disputes[:, k]))
            for j in range(len(rows))
        ]  # fmt: skip
        assert row["share"] == pytest.approx(100 * (1 - np.any(ahead, axis=0).mean()))
    assert rows["status quo"]["beaten"] == "no other option beats it in both"


def test_a_case_without_money_trades_the_outcomes_most_asked_for(make_run: MakeRun) -> None:
    run = make_run(CASE)
    found = [c for c in sections.compared(run) if c.outcome != "cost"]
    names = [figure.name for figure in trade_offs(run, Figures(), found)]
    assert names == ["trade-disputes-war.CCC-AAA", "trade-war.CCC-AAA-readiness"]


def test_nothing_is_drawn_of_a_run_without_a_sound_world(make_run: MakeRun) -> None:
    run = make_run(CASE, worlds=32, refused=32)
    figures = Figures()
    found = sections.compared(run)
    assert losses(figures, sections.regrets(run, found)) is None
    assert trade_offs(run, figures, found) == []
    assert figures.specs == {}


def test_the_price_of_a_dispute_averted_is_counted_where_there_is_one(small_run: Run) -> None:
    disputes, cost = (
        dict(zip(small_run.manifest["options"], values(small_run, name).T, strict=True))
        for name in ("disputes", "cost")
    )
    averted = disputes["status_quo"] - disputes["light_base"]
    dearer = cost["light_base"] - cost["status_quo"]
    bought = (averted > 0.01) & (dearer > 0)
    assert 0.1 < bought.mean() < 0.999, "the run must show both"
    page = html(small_run)
    table = page.partition("What a dispute averted costs")[2].partition("</table>")[0]
    row = table.partition("light base")[2].partition("</tr>")[0]
    cells = re.findall(r"<td>(.*?)</td>", row)
    assert cells[0] == words.percent(float(bought.mean()))
    middle = float(np.median(dearer[bought] / averted[bought]))
    assert cells[4] == words.number(middle)
    assert "How likely does each option leave the worst?" not in page  # it keeps no odds in all
