"""The race between the deciding day and the arrival of help."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from legal_box import finite, legal, number, of
from scipy import stats

from foedus.mechanisms import arrival as av

RACE = "race of two log-normal times, worked by hand"
share_by, in_time = jax.jit(av.share_by), jax.jit(av.in_time)
slopes = jax.jit(jax.grad(av.share_by, argnums=(0, 1)))
deciding_days, arrival_day = jax.jit(av.deciding_days), jax.jit(av.arrival_day)
USUAL = {"decided": 5, "decided_spread": 0.5, "travel": 4, "travel_spread": 0.5, "decision": 2}


@pytest.mark.parametrize(("decided", "arrives", "known"), [(2.5, 5, 0.1635), (14.0, 5, 0.9273)])
def test_help_wins_the_race_as_often_as_worked(published, decided, arrives, known):
    ours = float(av.in_time(*map(jnp.asarray, (decided, 0.5, float(arrives), 0.5))))
    what = f"help due on day {arrives} is in time for day {decided}"
    published(what, RACE, published=known, ours=ours, tolerance=5e-5)


def test_the_race_is_the_share_of_draws_in_which_help_is_first():
    rng = np.random.default_rng(3)
    decided = 7 * np.exp(0.4 * rng.normal(size=400_000))
    arrives = 9 * np.exp(0.7 * rng.normal(size=400_000))
    ours = float(av.in_time(*map(jnp.asarray, (7.0, 0.4, 9.0, 0.7))))
    assert ours == pytest.approx((arrives < decided).mean(), abs=3e-3)


def test_the_eight_deciding_days_have_the_moments_of_the_log_normal():
    t = of(av.Timing, **{**USUAL, "decided_spread": 0.8})
    days, weights = np.asarray(av.deciding_days(t)), np.asarray(av.WEIGHTS)
    law = stats.lognorm(s=0.8, scale=5)
    assert weights.sum() == pytest.approx(1, abs=1e-15)
    assert weights @ days == pytest.approx(law.mean(), rel=1e-6)
    assert weights @ days**2 == pytest.approx(law.moment(2), rel=2e-3)


def test_the_eight_days_give_the_race_itself():
    t = of(av.Timing, **USUAL)
    share = float(jnp.asarray(av.WEIGHTS) @ av.share_by(t, av.deciding_days(t)))
    spread = (t.decided_spread, t.travel_spread)
    race = float(av.in_time(t.decided, spread[0], av.arrival_day(t), spread[1]))
    assert share == pytest.approx(race, abs=1e-4)


@given(t=legal(av.Timing), day=number(0.1, 1000), later=number(0, 100))
def test_the_share_that_has_arrived_is_a_share_and_grows_with_time(t, day, later):
    share = float(share_by(t, day))
    assert 0 <= share <= 1
    assert float(share_by(t, day + later)) >= share - 1e-15
    assert float(arrival_day(t)) >= 0.1
    assert finite(deciding_days(t))
    assert finite(slopes(t, day))


@pytest.mark.parametrize(("word", "sign"), [("warning", 1), ("decision", -1), ("travel", -1)])
def test_warning_helps_and_delay_harms(word, sign):
    @given(t=legal(av.Timing), day=number(0.1, 1000), more=number(0, 100))
    def check(t, day, more):
        changed = av.Timing(**{**vars(t), word: vars(t)[word] + more})
        gained = float(share_by(changed, day) - share_by(t, day))
        assert sign * gained >= -1e-15

    check()


@given(times=number(0.1, 1000), more=number(0.1, 1000), s=number(0.01, 3))
def test_the_race_is_even_between_equals_and_fair_when_sides_are_swapped(times, more, s):
    assert float(in_time(times, s, times, s)) == pytest.approx(0.5, abs=1e-15)
    one, other = float(in_time(times, s, more, s)), float(in_time(more, s, times, s))
    assert one + other == pytest.approx(1, abs=1e-12)


def test_strength_falls_to_37_percent_over_its_length_or_not_at_all():
    p = of(av.Fades, distance=4000, length=4000)
    assert float(av.fades(p)) == pytest.approx(np.exp(-1), abs=1e-15)
    assert float(av.no_fade(of(av.NoFade))) == 1


@given(p=legal(av.Fades))
def test_strength_left_is_a_share(p):
    left, slope = FADES(p)
    assert 0 < float(left) <= 1
    assert finite(slope)


FADES = jax.jit(jax.value_and_grad(av.fades))
