"""The parts of an argument: what a case may say of them, and what having one changes."""

import numpy as np
import pytest
from small_report import CASE, PARTS, MakeRun

from foedus.case.read import read_text
from foedus.case.schema import Case
from foedus.engine.parts import part_problems
from foedus.errors import CaseError
from foedus.judge.claims import verdicts
from foedus.report.figures import Figures
from foedus.report.parts import sides, system

OUTCOMES = ["disputes", "readiness", "resist"]


def case(parts: str) -> Case:
    return read_text(CASE + parts, "parts.yaml")


def test_sides_are_the_shares_of_worlds_in_which_the_better_way_lies(make_run: MakeRun) -> None:
    run = make_run(CASE + PARTS)
    figures = Figures()
    found = system(run, figures, verdicts(run))
    moves = {move.outcome: move for card in found.cards for move in card.moves if move.found}
    for outcome, lower_is_better in (("disputes", True), ("readiness", False)):
        pair = run.kept(outcome, ["heavy_base", "status_quo"])
        less = pair["heavy_base"].to_numpy() < pair["status_quo"].to_numpy()
        more = pair["heavy_base"].to_numpy() > pair["status_quo"].to_numpy()
        expected = (less.mean(), more.mean()) if lower_is_better else (more.mean(), less.mean())
        assert sides(moves[outcome]) == pytest.approx(expected)
    (rows,) = (rows for rows in figures.specs["parts"]["datasets"].values() if len(rows) > 1)
    assert {row["name"] for row in rows} == {"BASE: disputes", "BASE: readiness"}
    worse = next(r for r in rows if r["name"] == "BASE: disputes" and r["side"] == "worse")
    assert worse["to"] == -100 * sides(moves["disputes"])[1]


def test_a_part_that_no_option_sets_apart_is_shown_as_it_is_under_the_reference(
    make_run: MakeRun,
) -> None:
    run = make_run(CASE + PARTS)
    found = system(run, Figures(), verdicts(run))
    (move,) = found.cards[1].moves
    middle = np.median(run.kept("readiness", ["status_quo"])["status_quo"].to_numpy())
    assert move.found is None
    assert move.typical.startswith(f"{middle:.3f}".rstrip("0"))
    assert "“status quo”" in move.typical


def test_claims_of_a_part_stand_with_the_word_of_whoever_judges_them(make_run: MakeRun) -> None:
    run = make_run(CASE + PARTS)
    base, _, arms = system(run, Figures(), verdicts(run)).cards
    assert [(v.claim, by) for v, _, by in base.claims] == [("FEWER", "worlds")]
    assert [(v.claim, by) for v, _, by in arms.claims] == [
        ("SINCE", "record"),
        ("BETTER", "worlds"),
    ]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("{says: x, outcomes: [dispute]}", "no outcome 'dispute'"),
        ("{says: x, outcomes: [disputes], claims: FEWR}", "no claim 'FEWR'"),
        ("{says: x, outcomes: [disputes], option: base, than: status_quo}", "no option 'base'"),
        ("{says: x, outcomes: [disputes], option: light_base, than: light_base}",
         "compares 'light_base' with itself"),
    ],
)  # fmt: skip
def test_a_name_that_is_not_there_is_told_with_its_line(part: str, said: str) -> None:
    (problem,) = part_problems(case(f"\nparts:\n  P: {part}\n"), OUTCOMES)
    assert problem.what == said
    assert problem.hint
    assert problem.where.startswith("parts.yaml:")


@pytest.mark.parametrize(
    "part", ["{says: x}", "{says: x, outcomes: [disputes], option: light_base}"]
)
def test_a_part_that_shows_nothing_or_half_a_comparison_is_refused(part: str) -> None:
    with pytest.raises(CaseError, match="parts"):
        case(f"\nparts:\n  P: {part}\n")
