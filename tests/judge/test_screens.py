"""Screens on tables made up by hand: which worlds are kept, and what then stands beside a share."""

from typing import Any

import numpy as np
import pytest
from made import claim, made

from foedus.errors import CaseError
from foedus.judge.claims import verdicts
from foedus.judge.screens import screened

ODDS = {"now": np.array([0.2, 0.2, 0.2, 0.0, 0.0] + [0.2] * 11),
        "base": np.array([0.1, 0.2, 0.4, 0.0, 0.1] + [0.2] * 11)}  # fmt: skip


def screen(form: str, name: str = "s") -> str:
    return f"  {name}: {{says: It is published., source: judgement, {form}}}\n"


def change(bounds: str) -> str:
    form = screen(f"change: {{outcome: war, option: base, than: now, {bounds}}}")
    return f"screens:\n{form}"


def set_aside(text: str, **more: Any) -> list[int]:
    """The worlds, of the first five, that a screen sets aside."""
    kept = screened(made(text, {"war": ODDS}, **more))
    assert kept.passes[5:].all()
    return np.flatnonzero(~kept.passes).tolist()


@pytest.mark.parametrize(
    ("bounds", "aside"),
    [
        ("percent: [-50, 100]", []),  # -50 %, none, +100 %, nothing to nothing; from nothing: inf
        ("percent: [-49, 100]", [0]),
        ("percent: [-50, 99]", [2]),
        ("difference: [-0.1, 0.1]", [2]),
        ("difference: [-0.05, 0.05]", [0, 2, 4]),
        # logit .1 - logit .2 = -ln(9/4) = -.811; logit .4 - logit .2 = ln(8/3) = .981
        ("log_odds: [-0.82, 0.99]", []),
        ("log_odds: [-0.81, 0.99]", [0]),
        ("log_odds: [-0.82, 0.98]", [2]),
    ],
)
def test_a_world_is_set_aside_if_what_it_implies_is_outside(bounds: str, aside: list[int]) -> None:
    from_nothing = [] if "difference" in bounds else [4]
    assert set_aside(change(bounds)) == sorted(aside + from_nothing)


def test_a_level_is_screened_and_its_ends_belong_to_it() -> None:
    form = screen("level: {outcome: war, option: base, between: [0.1, 0.2]}")
    assert set_aside(f"screens:\n{form}") == [2, 3]


def test_two_numbers_of_a_world_are_kept_in_their_order_only() -> None:
    form = screen("keep: a.x < b.x")
    columns = {"a.x": np.array([1.0, 2.0, 3.0, 1.0, 1.0] + [1.0] * 11), "b.x": np.full(16, 2.0)}
    assert set_aside(f"screens:\n{form}", columns=columns) == [1, 2]


def test_a_world_must_meet_every_screen() -> None:
    text = change("percent: [-49, 1000]") + screen(
        "change: {outcome: war, option: base, than: now, percent: [-90, 99]}", "t"
    )
    kept = screened(made(text, {"war": ODDS}))
    assert np.flatnonzero(~kept.passes).tolist() == [0, 2, 4]
    assert [each.meets.share for each in kept.screens] == [14 / 16, 14 / 16]
    assert kept.set_aside == 3


def test_kept_worlds_are_a_table_with_the_same_case() -> None:
    run = made(change("difference: [-0.05, 1]"), {"war": ODDS})
    kept = screened(run)
    assert kept.sound["world"].to_list() == [1, 2, 3, *range(4, 16)]
    np.testing.assert_array_equal(kept.kept("war", ["base"])["base"], np.delete(ODDS["base"], 0))
    assert kept.case is run.case
    assert screened(kept) is kept


def test_what_worlds_imply_is_told_with_what_is_published() -> None:
    (each,) = screened(made(change("percent: [-50, 100]"), {"war": ODDS})).screens
    assert each.bounds == (-50, 100)
    assert each.implied == (-50, 0, None)  # the most is infinite: from nothing to something
    assert each.unit == "%"


# Shares of the kept worlds.

# 320 worlds, 20 a scramble. `base` is lower in the first 160 worlds; a screen sets aside worlds 0
# to 79 (a difference of -3). So 80 of 240 kept worlds are right, and 160 of all 320.
BASE = np.concatenate([np.full(80, -3.0), np.full(80, -1.0), np.full(160, 1.0)])
NOW = np.zeros(320)
LOWER = "compare: {outcome: war, option: base, is: lower, than: now}"


def test_a_share_is_of_the_kept_worlds_and_that_of_all_stands_beside_it() -> None:
    text = change("difference: [-2, 2]") + claim(LOWER)
    believes = np.tile(["deters", "spiral"], 160)
    (verdict,) = verdicts(
        made(text, {"war": {"base": BASE, "now": NOW}}, columns={"theory.pact": believes})
    )
    (test,) = verdict.tests
    for each in (verdict, test):
        assert each.share.share == pytest.approx(80 / 240)
        assert each.unscreened.share == pytest.approx(0.5)
        assert each.by_theory == {
            "pact": {"deters": pytest.approx(1 / 3), "spiral": pytest.approx(1 / 3)}
        }
    assert (verdict.worlds, verdict.set_aside, verdict.kept) == (240, 80, 0.75)
    assert test.quantiles[0] == -1.0


def test_without_screens_nothing_stands_beside_a_share() -> None:
    (verdict,) = verdicts(made(claim(LOWER), {"war": {"base": BASE, "now": NOW}}))
    assert verdict.unscreened is None
    assert verdict.tests[0].unscreened is None
    assert (verdict.worlds, verdict.set_aside, verdict.kept) == (320, 0, 1.0)


def test_a_screen_acts_on_worlds_so_also_on_options_it_does_not_name() -> None:
    text = change("difference: [-2, 2]") + claim(
        "level: {outcome: war, option: more, is: at_least, value: 1}"
    )
    more = np.concatenate([np.ones(80), np.zeros(240)])  # only in worlds that are set aside
    (verdict,) = verdicts(made(text, {"war": {"base": BASE, "now": NOW, "more": more}}))
    assert verdict.share.share == 0.0
    assert verdict.unscreened.share == 0.25


# Screens that are too strict.


def strict(*forms: str) -> list[Any]:
    text = "screens:\n" + "".join(screen(form, f"s{i}") for i, form in enumerate(forms))
    values = np.linspace(0, 1, 1_000, endpoint=False)
    run = made(text, {"war": {"base": values, "now": 0 * values}})
    with pytest.raises(CaseError) as caught:
        screened(run)
    return list(caught.value.problems)


def level(low: float, high: float) -> str:
    return f"level: {{outcome: war, option: base, between: [{low}, {high}]}}"


def test_a_screen_that_keeps_under_one_percent_is_refused_by_name_and_line() -> None:
    (problem,) = strict(level(0, 0.5), level(0, 0.0085))
    assert problem.path == "screens.s1"
    assert problem.what == "it keeps 0.90% of the worlds, under 1%"
    assert problem.where.startswith("made.yaml:")


def test_one_percent_is_enough() -> None:
    text = "screens:\n" + screen(level(0, 0.0095))
    values = np.linspace(0, 1, 1_000, endpoint=False)
    assert screened(made(text, {"war": {"base": values}})).passes.sum() == 10


def test_screens_that_keep_too_little_together_are_refused_too() -> None:
    (problem,) = strict(level(0, 0.5), level(0.495, 1))
    assert problem.path == "screens"
    assert problem.what == "all screens together keep 0.60% of the worlds, under 1%"
