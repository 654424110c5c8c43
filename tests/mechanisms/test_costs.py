"""Costs: a bill worked by hand, and what cannot depend on who pays."""

import jax
import jax.numpy as jnp
import pytest
from hypothesis import given
from legal_box import finite, legal, number, of

from foedus.mechanisms import costs as cs

PRICES = {
    "capital": 0.2,
    "fixed": 30,
    "person": 50,
    "rotation": 0.25,
    "rent": 12,
    "host_share": 0.4,
    "exercise": 4,
}


yearly = jax.jit(cs.yearly)


def bill(p, troops, places=0.0, rotating=0.0, exercises=0.0):
    return yearly(p, *map(jnp.asarray, (troops, places, rotating, exercises)))


def test_a_years_bill_is_the_one_worked_by_hand():
    """(30 + 1,000 x .05) x 1.25 + .2 x 400 = 180, of which .4; 3 x 4 / 2 = 6 each; rent 12."""
    found = bill(of(cs.Prices, **PRICES), 1_000.0, 400.0, 1.0, 3.0)
    assert (float(found.host), float(found.helper)) == pytest.approx((66, 126))


def test_a_permanent_base_costs_less_to_run_than_a_rotating_one_at_a_premium():
    p = of(cs.Prices, **PRICES)
    stays, rotates = bill(p, 1_000.0), bill(p, 1_000.0, rotating=1.0)
    assert sum(rotates) - sum(stays) == pytest.approx(0.25 * 80)


def test_no_base_and_no_exercises_cost_nothing():
    assert [float(each) for each in bill(of(cs.Prices, **PRICES), 0.0)] == [0, 0]


MEN, PLACES, SHARE, EXERCISES = number(0, 1e5), number(0, 1e5), number(0, 1), number(0, 100)


@given(p=legal(cs.Prices), men=MEN, places=PLACES, rotating=SHARE, n=EXERCISES, other=SHARE)
def test_who_pays_changes_no_total(p, men, places, rotating, n, other):
    found = yearly(p, men, places, rotating, n)
    total = float(sum(found))
    assert finite(found)
    assert total >= -1e-6
    for name, value in (("rent", 0.0), ("rent", 1_000.0), ("host_share", other)):
        moved = cs.Prices(**{**vars(p), name: jnp.asarray(value)})
        again = float(sum(yearly(moved, men, places, rotating, n)))
        assert again == pytest.approx(total, rel=1e-12, abs=1e-9)


@given(p=legal(cs.Prices), men=MEN, more=MEN)
def test_more_troops_never_cost_less(p, men, more):
    assert sum(bill(p, men + more)) >= sum(bill(p, men)) - 1e-9


@given(amount=number(-1e6, 1e6), year=number(0, 40), rate=number(0, 0.5))
def test_discounting_shrinks_towards_zero_and_at_no_rate_changes_nothing(amount, year, rate):
    assert float(cs.present_value(amount, year, jnp.asarray(0.0))) == float(amount)
    now = float(cs.present_value(amount, year, rate))
    assert abs(now) <= abs(float(amount))
    assert now == pytest.approx(float(amount) / (1 + float(rate)) ** float(year), rel=1e-12)
