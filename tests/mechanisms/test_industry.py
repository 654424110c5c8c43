"""Own industry: published exponents and limits first, then what must hold everywhere."""

import jax
import jax.numpy as jnp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legal_box import legal

from foedus.mechanisms.industry import (
    JointVenture,
    Learning,
    Premium,
    concentration,
    denied_share,
    domestic_premium,
    experience,
    learning_exponent,
    own_industry,
    share_of,
    steady_experience,
    supply,
    unit_cost,
)

share = st.sampled_from([0.0, 1.0]) | st.floats(1e-6, 1)
money = st.sampled_from([0.0, 1.0, 1e9]) | st.floats(1e-6, 1e9)
suppliers = arrays("float64", 4, elements=money)
shares = arrays("float64", 4, elements=share)
SUPPLY = st.tuples(money, suppliers, shares)

FEW = settings(max_examples=25)


def num(x):
    return jnp.asarray(x, dtype=jnp.float64)


def learning(rate=0.14, retention=0.8):
    return Learning(num(rate), num(retention))


@pytest.mark.parametrize(("rate", "b"), [(0.14, 0.2176), (0.09, 0.1361)])
def test_learning_rates_of_fighters_give_their_exponents(rate, b, published):
    what = f"learning exponent of fighters that get {rate:.0%} cheaper with each doubling"
    source = "after Wright (1936); rates of Bongers (2017), PLoS ONE 12(9)"
    published(what, source, published=b, ours=float(learning_exponent(num(rate))), tolerance=1e-4)


@pytest.mark.parametrize("rate", [0.09, 0.14, 0.2, 0.5])
def test_wrights_limit_each_doubling_of_all_that_was_ever_made_cuts_cost_by_the_rate(rate):
    p, made = learning(rate, retention=1.0), num(0.0)
    costs = []
    for lot in range(1, 33):
        made = experience(p, made, num(1.0))
        if lot in (1, 2, 4, 8, 16, 32):
            costs.append(float(unit_cost(p, made)))
    assert costs == pytest.approx([(1.0 - rate) ** k for k in range(6)])


def test_benkards_limit_with_forgetting_experience_settles_at_output_over_loss(published):
    p, known = learning(retention=0.61), num(0.0)
    for _ in range(80):
        known = experience(p, known, num(2.0))
    what = "experience at two lots a year, of which .61 is kept: after 80 years"
    source = "after Benkard (2000), American Economic Review 90(4): output / (1 - kept)"
    published(what, source, published=5.1282, ours=float(known), tolerance=1e-4)
    assert float(steady_experience(p, num(2.0))) == pytest.approx(2.0 / 0.39)


def test_an_industry_that_stops_forgets_what_made_it_cheap():
    p = learning(retention=0.61)
    known = [num(8.0)]
    for _ in range(6):
        known.append(experience(p, known[-1], num(0.0)))
    costs = [float(unit_cost(p, each)) for each in known]
    assert costs == sorted(costs)
    assert costs[-1] == 1.0


def test_without_loss_steady_output_learns_for_ever_and_no_output_learns_nothing():
    assert jnp.isinf(steady_experience(learning(retention=1.0), num(1.0)))
    assert float(steady_experience(learning(retention=1.0), num(0.0))) == 0.0


def test_the_premium_starts_whole_and_falls_towards_half():
    p = Premium(num(0.35))
    assert float(domestic_premium(p, num(1.0))) == 0.35
    assert float(domestic_premium(p, num(0.0))) == 0.175


def test_the_herfindahl_index_of_one_of_four_equal_and_of_no_suppliers():
    assert float(concentration(jnp.array([7.0, 0.0, 0.0, 0.0]))) == 1.0
    assert float(concentration(jnp.array([2.0, 2.0, 2.0, 2.0]))) == 0.25
    assert float(concentration(jnp.zeros(4))) == 0.0


def test_a_joint_venture_by_hand():
    source = supply(JointVenture(num(0.4)), num(20.0), jnp.array([50.0, 30.0]), jnp.array([0.5, 0]))
    assert float(source.domestic) == 45.0
    assert source.imports.tolist() == [25.0, 30.0]
    assert source.tied.tolist() == [35.0, 30.0]
    assert float(denied_share(source, jnp.array([0.2, 0.5]))) == pytest.approx(0.22)
    year = own_industry(learning(), Premium(num(0.35)), num(10.0), source, jnp.array([0.2, 0.5]))
    assert float(year.experience) == 53.0
    assert float(year.import_share) == 0.55
    assert float(year.concentration) == pytest.approx((35**2 + 30**2) / 65**2)
    assert float(year.denied) == pytest.approx(0.22)


@given(legal(Learning), legal(Premium), legal(JointVenture), SUPPLY, shares, money)
@FEW
def test_an_industry_stays_in_range_over_the_whole_legal_box(p, premium, jv, bought, refuses, old):
    domestic, imports, ventures = bought
    source = supply(jv, num(domestic), jnp.array(imports), jnp.array(ventures))
    year = own_industry(p, premium, num(old), source, jnp.array(refuses))
    assert all(jnp.isfinite(each) for each in year)
    assert 0 < year.unit_cost <= 1
    assert premium.start / 2 <= year.premium <= premium.start
    assert 0 <= year.import_share <= 1
    assert 0 <= year.denied <= 1 + 1e-12
    amount = source.tied
    if float(amount.sum()) > 0 and float(amount.min()) > 1e-100:
        assert 0.25 - 1e-12 <= year.concentration <= 1 + 1e-12
    total = source.domestic + source.imports.sum()
    assert float(total) == pytest.approx(domestic + imports.sum(), rel=1e-12)


@given(suppliers, shares, legal(JointVenture))
@FEW
def test_a_joint_venture_never_makes_supply_less_sure(imports, refuses, jv):
    own = num(1.0)
    denied = [
        float(denied_share(supply(jv, own, jnp.array(imports), jnp.full(4, j)), jnp.array(refuses)))
        for j in (0.0, 0.5, 1.0)
    ]
    assert denied[0] >= denied[1] - 1e-12
    assert denied[1] >= denied[2] - 1e-12


@given(legal(Learning), money, money)
@FEW
def test_more_experience_never_costs_more(p, before, output):
    less, more = experience(p, num(before), num(0.0)), experience(p, num(before), num(output))
    assert unit_cost(p, more) <= unit_cost(p, less)
    assert jnp.isfinite(jax.grad(lambda e: unit_cost(p, e))(more))


@given(money, money)
@FEW
def test_a_share_is_a_share(part, rest):
    assert 0 <= share_of(num(part), num(rest)) <= 1
