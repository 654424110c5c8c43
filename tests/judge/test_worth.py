"""What the money of an option buys: worlds counted by hand, and nothing divided by nothing."""

from pathlib import Path

import numpy as np
import pytest
import small_run
from rich.console import Console

from foedus.judge.options import choice
from foedus.judge.worth import LEAST, residual, residuals, worth, worths
from foedus.table import Run
from foedus.telling_options import tell_choice


def test_worlds_are_counted_by_what_the_option_does_and_priced_only_where_it_buys() -> None:
    averted = np.array([2.0, 0.5, 1.0, 1.0, -3.0, 0.0, LEAST / 2, -LEAST / 2])
    dearer = np.array([100.0, 100.0, 0.0, -9.0, 50.0, 50.0, 1.0, 1.0])
    found = worth("base", averted, dearer)
    assert (found.bought, found.free, found.harmful, found.idle) == (0.25, 0.25, 0.125, 0.375)
    assert found.price == pytest.approx(np.quantile([50.0, 200.0], (0.05, 0.5, 0.95)))
    assert found.per_billion == pytest.approx(np.quantile([20.0, 5.0], (0.05, 0.5, 0.95)))


@pytest.mark.parametrize(
    ("averted", "dearer"),
    [(0.0, 100.0), (LEAST, 100.0), (-2.0, 100.0), (2.0, 0.0), (2.0, -5.0), (0.0, 0.0)],
)
def test_where_nothing_is_bought_there_is_no_price(averted: float, dearer: float) -> None:
    found = worth("base", np.full(4, averted), np.full(4, dearer))
    assert found.price is None
    assert found.per_billion is None
    assert found.bought == 0
    assert found.free + found.harmful + found.idle == 1


def test_odds_at_a_threshold_are_not_below_it() -> None:
    found = residual("base", "war", np.array([0.0, 0.01, 0.05, 0.0999, 0.5]))
    assert found.within == ((0.01, 0.2), (0.05, 0.4), (0.10, 0.8))


def _priced(folder: Path) -> Run:
    """In every second world a base of 20 averts one dispute; else it brings one, and war."""
    drawn, good = small_run.worlds(100, 1), np.arange(100) % 2 == 0
    disputes = {"status_quo": np.full(100, 3.0), "light_base": np.where(good, 2.0, 4.0)}
    more = {
        "cost": {"status_quo": np.full(100, 5.0), "light_base": np.full(100, 25.0)},
        "war": {"status_quo": np.full(100, 0.02), "light_base": np.where(good, 0.02, 0.5)},
    }
    war = {"means": "odds of war", "unit": "probability", "better": "lower"}
    kept = {**small_run.OUTCOMES, "war": war}
    return small_run.write(folder, drawn, disputes, outcomes=kept, more=more)


def test_of_a_run_they_are_those_of_its_parquet_files_against_the_reference(tmp_path: Path) -> None:
    run = _priced(tmp_path / "run")
    (found,) = worths(run)
    assert found.option == "light_base"
    assert (found.bought, found.free, found.harmful) == (0.5, 0.0, 0.5)
    assert found.price == pytest.approx((20.0, 20.0, 20.0))
    below = {(each.option, each.outcome): dict(each.within) for each in residuals(run)}
    assert below["status_quo", "war"] == {0.01: 0.0, 0.05: 1.0, 0.10: 1.0}
    assert below["light_base", "war"] == {0.01: 0.0, 0.05: 0.5, 0.10: 0.5}
    assert choice(run).worth == (found,)


def test_the_terminal_shows_both_and_says_where_there_is_no_price(tmp_path: Path) -> None:
    run = _priced(tmp_path / "run")
    console = Console(width=80, record=True)
    tell_choice(run, choice(run), console)
    said = console.export_text()
    assert "20 (20 to 20)" in said
    assert "How likely each option leaves it: war" in said
    assert "below 10 %" in said


def test_a_run_without_costs_or_odds_has_neither(tmp_path: Path) -> None:
    drawn, same = small_run.worlds(50, 1), np.ones(50)
    kept = {"disputes": small_run.OUTCOMES["disputes"]}
    run = small_run.write(
        tmp_path / "run", drawn, {"status_quo": same, "light_base": same}, outcomes=kept
    )
    assert worths(run) == ()
    assert residuals(run) == ()
