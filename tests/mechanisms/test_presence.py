"""Foreign troops: four separate channels, each nothing without troops."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from legal_box import finite, legal, number, of

from foedus.mechanisms import presence as pr

TROOPS = number(0, 100_000)
NONE = jnp.asarray(0.0)
EFFECTS = [
    (pr.within, pr.Within),
    (pr.nothing, pr.Nothing),
    (pr.cross_step, pr.CrossStep),
    (pr.cross_slope, pr.CrossSlope),
]
TRIPWIRES = [(pr.troops_at_risk, pr.TroopsAtRisk), (pr.balance_at_risk, pr.BalanceAtRisk)]
EFFORTS = [(pr.shirks, pr.Shirks), (pr.steady, pr.Steady)]


COUNTED = "computed for foedus: US troops abroad and first moves in disputes (GML), 1951-2010"


# The published effects, at the sizes for which they were estimated


def test_ten_times_the_troops_multiply_the_odds_by_the_ratio_given(published):
    """Odds ratio 1.20 per log10 of troops, across pairs of states 1951-2010."""
    p = of(pr.CrossSlope, slope=np.log(1.20))
    step = pr.cross_slope(p, jnp.asarray(9_999.0)) - pr.cross_slope(p, jnp.asarray(999.0))
    what = "odds ratio of a challenge for tenfold troops, at the published slope"
    published(what, COUNTED, published=1.20, ours=float(jnp.exp(step)), tolerance=1e-12)


def test_ten_thousand_troops_have_the_effect_given_for_them(published):
    """Across pairs a ratio of 1.76; within pairs -.0045 on a base of .0095, so .55 or so."""
    many = jnp.asarray(10_000.0)
    step = pr.cross_step(of(pr.CrossStep, step=np.log(1.76)), many)
    what = "odds ratio of a challenge at 10,000 troops, at the published step"
    published(what, COUNTED, published=1.76, ours=float(jnp.exp(step)), tolerance=1e-12)
    within = pr.within(of(pr.Within, effect=np.log(0.55)), many)
    assert float(jnp.exp(within)) == pytest.approx(0.55, abs=1e-5)


def test_a_few_thousand_troops_are_as_good_a_tripwire_as_tens_of_thousands():
    """Musgrave & Ward: three points either way."""
    p = of(pr.TroopsAtRisk, gain=0.03)
    for troops in (3_000.0, 30_000.0):
        assert float(pr.troops_at_risk(p, jnp.asarray(troops), NONE)) == 0.03


@pytest.mark.parametrize(("troops", "share"), [(50, 0.0025), (300, 0.5), (2_000, 0.998)])
def test_effort_drops_between_one_and_five_hundred_troops(troops, share):
    """sigmoid((ln N - ln 300) / .3), by hand; the range: Jakobsen & Jakobsen (2019)."""
    effort = float(pr.shirks(of(pr.Shirks, loss=0.1), jnp.asarray(float(troops))))
    assert (1 - effort) / 0.1 == pytest.approx(share, abs=1e-3)


# The base itself


def test_a_base_counts_from_its_opening_and_half_in_a_half_year():
    base = of(pr.Base, troops=2_000, weight=1, presence=0.5, delay=2.5, brigade=4_000)
    found = [float(troops_in(base, jnp.asarray(float(year)))) for year in range(5)]
    assert found == [0, 0, 500, 1000, 1000]
    assert float(pr.brigades(base, jnp.asarray(1000.0))) == 0.25


@given(base=legal(pr.Base), year=number(0, 40), later=number(0, 5))
def test_troops_are_never_more_than_the_base_holds_and_only_grow_towards_it(base, year, later):
    now, slope = TROOPS_IN(base, year)
    assert 0 <= float(now) <= float(base.troops)
    assert float(TROOPS_IN(base, year + later)[0]) >= float(now)
    assert float(pr.brigades(base, now)) >= 0
    assert finite(slope)


def troops_in(base, year):
    """Of a base that is decided when there is none."""
    return pr.troops_in(base, planned(base), year)


def planned(base):
    none = of(pr.Base, troops=0, weight=1, presence=1, delay=0, brigade=4_000)
    return pr.decided(none, base, jnp.zeros(()), ())


TROOPS_IN = jax.jit(jax.value_and_grad(troops_in))


def test_every_place_is_built_once_and_by_the_time_it_is_used():
    for delay, known in ((0.0, [1, 0, 0, 0]), (2.0, [0, 0, 1, 0]), (1.25, [0, 0.75, 0.25, 0])):
        base = of(pr.Base, troops=100, presence=1, delay=delay)
        built = [float(pr.built_in(planned(base), jnp.asarray(float(year)))) for year in range(4)]
        assert built == pytest.approx([100 * share for share in known])


@pytest.mark.parametrize(("presence", "known"), [(1, 1), (0.99, 0.4), (0, 0.4)])
def test_only_troops_that_are_always_there_provoke_in_full(presence, known):
    rotation = of(pr.Rotation, provocation=0.4)
    assert float(pr.provocation_share(rotation, of(pr.Base, presence=presence))) == known


# No troops, no effect; and odds stay finite


@pytest.mark.parametrize(("theory", "params"), EFFECTS)
def test_without_troops_no_theory_shifts_the_odds_of_a_challenge(theory, params):
    slope = jax.jit(jax.value_and_grad(theory, argnums=(0, 1)))

    @given(p=legal(params), troops=TROOPS)
    def check(p, troops):
        assert float(slope(p, NONE)[0]) == 0
        assert finite(slope(p, troops))

    check()


@pytest.mark.parametrize(("theory", "params"), TRIPWIRES)
def test_a_tripwire_adds_at_most_its_gain_and_nothing_without_troops(theory, params):
    gain = jax.jit(theory)

    @given(p=legal(params), troops=TROOPS, shift=number(0, 1), more=number(0, 1))
    def check(p, troops, shift, more):
        assert float(gain(p, NONE, shift)) == 0
        added = float(gain(p, troops, shift))
        assert min(0.0, float(p.gain)) <= added <= max(0.0, float(p.gain))
        assert abs(float(gain(p, troops, shift + more))) >= abs(added)

    check()


def test_troops_that_shift_no_balance_are_no_tripwire_in_the_sceptical_theory():
    p = of(pr.BalanceAtRisk, gain=0.1, threshold=0.04)
    many = jnp.asarray(5_000.0)
    added = [float(pr.balance_at_risk(p, many, jnp.asarray(x))) for x in (0.0, 0.01, 0.04, 0.3)]
    assert added == pytest.approx([0, 0.025, 0.1, 0.1])


@given(effect=number(-2, 2), channels=number(-3, 3))
def test_read_as_net_the_total_is_the_published_effect_and_read_as_pure_it_adds(effect, channels):
    p = of(pr.Reading)
    assert float(pr.net(p, effect, channels) + channels) == pytest.approx(float(effect), abs=1e-12)
    assert float(pr.pure(p, effect, channels)) == float(effect)


@pytest.mark.parametrize(("theory", "params"), EFFORTS)
def test_the_hosts_effort_is_whole_without_troops_and_never_rises_with_them(theory, params):
    slope = jax.jit(jax.value_and_grad(theory, argnums=(0, 1)))

    @given(p=legal(params), troops=TROOPS, more=TROOPS)
    def check(p, troops, more):
        assert float(slope(p, NONE)[0]) == 1
        effort = float(slope(p, troops)[0])
        assert 1 - float(getattr(p, "loss", 0)) - 1e-15 <= effort <= 1
        assert float(slope(p, troops + more)[0]) <= effort
        assert finite(slope(p, troops))

    check()


@given(p=legal(pr.Restraint), troops=TROOPS, treaty=number(0, 1))
def test_the_hosts_appetite_shifts_by_at_most_the_given_ratios(p, troops, treaty):
    base, pact = pr.restraint(p, troops, treaty)
    assert abs(float(base)) <= abs(float(jnp.log(p.base))) + 1e-12
    assert float(jnp.exp(pact)) == pytest.approx(float(p.pact) ** float(treaty), rel=1e-12)
    assert [float(each) for each in pr.restraint(p, NONE, NONE)] == [0, 0]


@pytest.mark.parametrize("troops", [10_000.0, 50_000.0])
def test_at_ten_thousand_troops_the_hosts_odds_move_by_the_whole_ratio(troops):
    base, pact = pr.restraint(of(pr.Restraint, base=0.7, pact=1.3), jnp.asarray(troops), NONE + 1)
    assert (float(jnp.exp(base)), float(jnp.exp(pact))) == pytest.approx((0.7, 1.3))
