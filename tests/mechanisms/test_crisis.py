"""The crisis game: published forms, worked examples, inversion, and what must hold everywhere.

Where a source prints a formula and no example, the example was worked out once from that formula,
independently of the code under test, and the source says "after".
"""

from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, ndtr, ndtri

from foedus.mechanisms import crisis as cr
from foedus.mechanisms import normal

SIGNORINO = "after Signorino (1999); Kenkel & Signorino, egame123"
EXTENDED = "worked example, after Kenkel & Signorino, egame123"
VARIANTS = {"private": cr.PRIVATE, "agent_error": cr.AGENT_ERROR, "logit": cr.LOGIT}


def payoffs(**given_: float) -> cr.Payoffs:
    return cr.Payoffs(**{name: jnp.asarray(v, float) for name, v in given_.items()})


EXAMPLE = payoffs(u13=1, u15=0.2, u16=-0.9, u23=-1, u25=-0.6, u26=-0.35, u36=0.4)
ILLUSTRATION = {"u13": 1.0, "u15": 0.3, "u16": -0.05, "u25": -0.7, "u26": -0.45, "u23": 0, "u36": 0}


@partial(jax.jit, static_argnames="noise")
def solve(noise: cr.Noise, s: jax.Array, u: cr.Payoffs, u11: jax.Array) -> tuple[jax.Array, ...]:
    after = cr.crisis(noise, s, u)
    return cr.challenge(noise, after, u11), *after


@partial(jax.jit, static_argnames="noise")
def calibrate(
    noise: cr.Noise, s: jax.Array, u: cr.Payoffs, odds: jax.Array
) -> tuple[cr.Payoffs, jax.Array]:
    """Payoffs and u11 under which (challenge, resist, help) happen with the three `odds`."""
    u = u._replace(u36=cr.intervention_value(noise, s, odds[2]))
    u = u._replace(u23=cr.resistance_price(noise, s, u, odds[1]))
    return u, cr.status_quo_value(noise, cr.crisis(noise, s, u), odds[0])


def world(sigma: float, help_odds: float) -> tuple[jax.Array, cr.Payoffs, jax.Array]:
    """The illustrative payoffs, calibrated to odds of .10 (challenge), .48 (resist) and of help."""
    s = jnp.asarray(sigma)
    return s, *calibrate(
        cr.PRIVATE, s, payoffs(**ILLUSTRATION), jnp.asarray([0.1, 0.48, help_odds])
    )


# Published numbers


def test_the_private_probit_gives_the_published_forms_odds(published):
    p2, p4, p5, p6, *_ = map(float, solve(cr.PRIVATE, jnp.asarray(1.0), EXAMPLE, jnp.asarray(0.0)))
    wanted = {
        "helper intervenes": (0.61135129, p6),
        "target resists": (0.67281680, p4),
        "challenge": (0.50319487, p2),
        "status quo": (0.49680513, 1 - p2),
        "unanswered": (0.16463691, p2 * (1 - p4)),
        "fight alone": (0.13158011, p2 * p4 * p5),
        "fight with the helper": (0.20697785, p2 * p4 * p6),
    }
    for what, (known, ours) in wanted.items():
        name = f"private probit: {what}"
        published(name, SIGNORINO, published=known, ours=ours, tolerance=1e-8)


@pytest.mark.parametrize(
    ("precision", "known"),
    [(1, (0.51878827, 0.63405947, 0.59868766)), (2, (0.40968834, 0.75859413, 0.68997448))],
)
def test_the_logit_variant_is_the_agent_quantal_response_equilibrium(published, precision, known):
    s = jnp.pi / (jnp.sqrt(6.0) * precision)
    p2, p4, _, p6, *_ = map(float, solve(cr.LOGIT, s, EXAMPLE, jnp.asarray(0.0)))
    source = "after McKelvey & Palfrey (1998); agrees with Gambit 16.7.0"
    for what, want, ours in zip(("challenge", "resist", "help"), known, (p2, p4, p6), strict=True):
        name = f"logit equilibrium, precision {precision}: {what}"
        published(name, source, published=want, ours=ours, tolerance=1e-8)


def test_agent_error_has_one_spread_for_every_move():
    s, u11 = jnp.asarray(0.7), jnp.asarray(0.1)
    p2, p4, p5, p6, *_ = map(float, solve(cr.AGENT_ERROR, s, EXAMPLE, u11))
    wide = 0.7 * np.sqrt(2)
    assert p6 == pytest.approx(ndtr(0.4 / wide), abs=1e-14)
    assert p4 == pytest.approx(ndtr((p5 * -0.6 + p6 * -0.35 + 1) / wide), abs=1e-14)
    value = (1 - p4) + p4 * (p5 * 0.2 + p6 * -0.9)
    assert p2 == pytest.approx(ndtr((value - 0.1) / wide), abs=1e-14)


HELP = (0.14, 0.41, 0.61, 0.81)
BY_SPREAD = {
    0.5: ((-11, -37, -50, -58), 0.596),
    0.75: ((-8, -25, -34, -39), 0.557),
    1.0: ((-6, -20, -26, -29), 0.538),
    1.5: ((-5, -15, -19, -20), 0.518),
    2.0: ((-4, -13, -16, -15), 0.508),
}


@pytest.mark.parametrize("sigma", BY_SPREAD)
def test_credible_help_lowers_the_odds_of_a_challenge_as_in_the_worked_table(published, sigma):
    """Payoffs u13 1, u15 .3, u16 -.05, u25 -.7, u26 -.45; odds .10, .48 and .04 before."""
    s, u, u11 = world(sigma, 0.04)
    changes, resists = BY_SPREAD[sigma]
    for odds, change in zip(HELP, changes, strict=True):
        now = u._replace(u36=cr.intervention_value(cr.PRIVATE, s, jnp.asarray(odds)))
        p2, p4, *_ = map(float, solve(cr.PRIVATE, s, now, u11))
        what = f"change of challenges when help rises from .04 to {odds}, spread {sigma} [%]"
        published(what, EXTENDED, published=change, ours=(p2 / 0.1 - 1) * 100, tolerance=0.5)
    what = f"target resists at help .81, spread {sigma}"
    published(what, EXTENDED, published=resists, ours=p4, tolerance=5e-4)


BASES = {  # shift of P15 and P16, odds of help; odds of a challenge, break-even; tolerance
    "light": ((-0.02, -0.01, 0.44), (0.0967096, 0.0223210), 1e-7),
    "tripwire only": ((0.0, 0.0, 0.44), (0.09868, 0.0089), 5e-5),
    "heavy": ((-0.20, -0.10, 0.44), (0.07947, 0.1483), 5e-5),
}


def with_base(
    s: jax.Array, u: cr.Payoffs, alone: float, helped: float, help_odds: float
) -> cr.Payoffs:
    return u._replace(
        u15=u.u15 + alone,
        u16=u.u16 + helped,
        u25=u.u25 - alone,
        u26=u.u26 - helped,
        u36=cr.intervention_value(cr.PRIVATE, s, jnp.asarray(help_odds)),
    )


@pytest.mark.parametrize("base", BASES)
def test_a_base_deters_by_the_worked_amount_and_breaks_even_where_worked(published, base):
    shift, (challenge, even), tolerance = BASES[base]
    s, u, u11 = world(1.0, 0.41)
    after = cr.crisis(cr.PRIVATE, s, with_base(s, u, *shift))
    ours = float(cr.challenge(cr.PRIVATE, after, u11))
    what = f"odds of a challenge with a {base} base"
    published(what, EXTENDED, published=challenge, ours=ours, tolerance=tolerance)
    balance = float(u11 - cr.status_quo_value(cr.PRIVATE, after, jnp.asarray(0.1)))
    what = f"provocation at which a {base} base breaks even [stakes]"
    published(what, EXTENDED, published=even, ours=balance, tolerance=tolerance)
    provoked = float(cr.challenge(cr.PRIVATE, after, u11 - balance))
    assert provoked == pytest.approx(0.1, abs=1e-12)


LOG_ODDS = {  # change [%] and its tolerance, break-even; .44 is above, as .07947
    "light": ((-0.02, -0.01, 0.44), -3.3, 0.05, 0.037),
    "tripwire only": ((0.0, 0.0, 0.44), -1.3, 0.05, 0.015),
    "medium": ((-0.10, -0.05, 0.50), -13, 0.5, 0.155),
    "heavy, help .44": ((-0.20, -0.10, 0.44), None, None, 0.25),
    "heavy, help .61": ((-0.20, -0.10, 0.61), -24, 0.5, 0.30),
}


@pytest.mark.parametrize("base", LOG_ODDS)
def test_a_base_breaks_even_at_the_worked_log_odds(published, base):
    shift, percent, close, even = LOG_ODDS[base]
    s, u, u11 = world(1.0, 0.41)
    p2, *_ = map(float, solve(cr.PRIVATE, s, with_base(s, u, *shift), u11))
    if percent is not None:
        what = f"change of challenges with a base ({base}) [%]"
        published(what, EXTENDED, published=percent, ours=(p2 / 0.1 - 1) * 100, tolerance=close)
    ours = float(np.log(0.1 / 0.9) - np.log(p2 / (1 - p2)))
    what = f"provocation at which a base ({base}) breaks even [log-odds]"
    tolerance = 0.005 if even in (0.25, 0.30) else 5e-4
    published(what, EXTENDED, published=even, ours=ours, tolerance=tolerance)
    assert float(cr.shift_log_odds(jnp.asarray(p2), jnp.asarray(ours))) == pytest.approx(0.1)


def test_the_first_order_break_even_is_the_sum_of_four_terms(published):
    """p4 (-p5 dP15 - p6 dP16 + dp6 (u15 - u16)) + dp4 (u13 - p5 u15 - p6 u16)."""
    s, u, u11 = world(1.0, 0.41)
    _, p4, p5, p6, *_ = map(float, solve(cr.PRIVATE, s, u, u11))
    _, bolder, _, more, *_ = map(
        float, solve(cr.PRIVATE, s, with_base(s, u, -0.02, -0.01, 0.44), u11)
    )
    terms = {
        "denial, alone": (0.0057, p4 * p5 * 0.02),
        "denial, helped": (0.0020, p4 * p6 * 0.01),
        "tripwire": (0.0050, p4 * (more - p6) * 0.35),
        "bolder host": (0.0063, (bolder - p4) * (1 - p5 * 0.3 + p6 * 0.05)),
    }
    name = "first-order break-even of a light base"
    for what, (known, ours) in terms.items():
        published(f"{name}: {what}", EXTENDED, published=known, ours=ours, tolerance=5e-5)
    total = sum(ours for _, ours in terms.values())
    published(f"{name} [stakes]", EXTENDED, published=0.01895, ours=total, tolerance=5e-6)


def test_the_slope_of_the_challengers_expectation_is_the_limit_of_the_four_terms():
    s, u, _ = world(1.0, 0.41)

    @jax.jit
    def expects(size: jax.Array) -> jax.Array:
        base = with_base(s, u, -0.02 * size, -0.01 * size, 0.41 + 0.03 * size)
        return cr.crisis(cr.PRIVATE, s, base).expects

    slope = float(jax.grad(expects)(jnp.asarray(0.0)))
    step = float(expects(jnp.asarray(1e-5)) - expects(jnp.asarray(-1e-5))) / 2e-5
    assert slope == pytest.approx(step, rel=1e-8)
    assert slope == pytest.approx(-0.01895, rel=0.005)


def test_the_rudimentary_deterrence_game_has_its_published_threshold(published):
    ours = float(cr.unknown_resolve_threshold(*map(jnp.asarray, (-0.5, 0.0, 1.0))))
    source = "Zagare & Kilgour (2000), appendix 3"
    what = "credibility that deters, payoffs -.5, 0, 1"
    published(what, source, published=2 / 3, ours=ours, tolerance=0)


# Properties


SPREADS = st.floats(0.05, 10)
ODDS = st.tuples(st.floats(1e-5, 0.5), st.floats(0.01, 0.99), st.floats(1e-6, 1 - 1e-6))
WINS = st.floats(0, 1)
COSTS = st.floats(0, 2)


@st.composite
def structures(draw: Callable[[st.SearchStrategy[float]], float]) -> cr.Payoffs:
    """Payoffs built from every legal chance of winning and cost of fighting."""
    alone, helped = draw(WINS), draw(WINS)
    cost, more, own = draw(COSTS), draw(st.floats(0, 3)), draw(COSTS)
    return payoffs(
        u13=draw(WINS),
        u15=alone - cost,
        u16=helped - cost * (1 + more),
        u17=helped - cost,
        u23=0,
        u25=-alone - own,
        u26=-helped - own,
        u27=-helped - own,
        u36=0,
    )


@pytest.mark.parametrize("variant", VARIANTS)
@given(s=SPREADS, u=structures(), odds=ODDS)
def test_calibration_reproduces_the_odds_it_was_given(variant, s, u, odds):
    noise, spread = VARIANTS[variant], jnp.asarray(s)
    fitted, u11 = calibrate(noise, spread, u, jnp.asarray(odds))
    p2, p4, _, p6, *_ = map(float, solve(noise, spread, fitted, u11))
    assert (p2, p4, p6) == pytest.approx(odds, abs=1e-10)


@pytest.mark.parametrize("variant", VARIANTS)
@given(
    s=SPREADS,
    u=structures(),
    values=st.tuples(*[st.floats(-100, 100)] * 4),
    aid=st.one_of(st.none(), st.tuples(st.floats(-100, 100), st.floats(0.01, 0.99))),
)
def test_odds_are_odds_and_slopes_are_finite_for_any_payoffs(variant, s, u, values, aid):
    noise = VARIANTS[variant]
    u11, u23, u36, _ = map(jnp.asarray, values)
    u = u._replace(u23=u23, u36=u36)
    if aid is not None and variant != "logit":
        u = u._replace(u37=jnp.asarray(aid[0]), r=jnp.asarray(aid[1]))
    found = solve(noise, jnp.asarray(s), u, u11)
    odds = np.asarray(found[:5])
    assert np.isfinite(odds).all()
    assert (odds >= 0).all()
    assert (odds <= 1).all()
    assert float(found[2] + found[3] + found[4]) == pytest.approx(1, abs=1e-15)
    if aid is None:
        slopes = SLOPES[variant](jnp.asarray(s), u, u11)
        assert all(np.isfinite(np.asarray(each)) for each in jax.tree.leaves(slopes))


SLOPES = {
    name: jax.jit(
        jax.grad(lambda s, u, u11, n=noise: sum(solve(n, s, u, u11)[:4]), argnums=(0, 1, 2))
    )
    for name, noise in VARIANTS.items()
}


@given(s=SPREADS, u=structures(), odds=ODDS, more=st.floats(0, 5))
def test_each_player_does_more_often_what_is_worth_more_to_it(s, u, odds, more):
    spread = jnp.asarray(s)
    u, u11 = calibrate(cr.PRIVATE, spread, u, jnp.asarray(odds))
    before = solve(cr.PRIVATE, spread, u, u11)
    assert solve(cr.PRIVATE, spread, u, u11 + more)[0] <= before[0]
    assert solve(cr.PRIVATE, spread, u._replace(u23=u.u23 + more), u11)[1] <= before[1]
    assert solve(cr.PRIVATE, spread, u._replace(u36=u.u36 + more), u11)[3] >= before[3]


def test_the_slope_of_the_odds_is_the_density_at_even_odds_too():
    x = jnp.asarray([0.0, -0.0, 1.0, -7.5, 40.0, -jnp.inf])
    slopes = np.asarray(jax.vmap(jax.grad(normal.cdf))(x))
    density = [0.3989422804014327, 0.3989422804014327, 0.24197072451914337, 2.434320533e-13, 0, 0]
    assert slopes == pytest.approx(density, rel=1e-9, abs=1e-300)


@given(st.floats(-50, 50))
def test_the_normal_odds_are_those_of_the_error_function(x):
    assert float(normal.cdf(jnp.asarray(x))) == pytest.approx(ndtr(x), abs=1e-15)


@given(x=st.floats(-60, 60))
def test_worlds_of_either_belief_share_one_function_and_keep_their_odds(x):
    both = normal.cdf_or_logistic(jnp.asarray([False, True]), jnp.asarray(x) * jnp.ones(2))
    assert float(both[0]) == pytest.approx(float(normal.cdf(jnp.asarray(x))), abs=1e-16, rel=1e-13)
    assert float(both[1]) == pytest.approx(expit(x), abs=3e-16, rel=1e-13)
    slope = jax.grad(normal.cdf_or_logistic, argnums=1)
    here = jnp.asarray(x)
    bell = float(jax.grad(normal.cdf)(here))
    assert float(slope(jnp.asarray(False), here)) == pytest.approx(bell, abs=1e-300, rel=1e-13)
    logistic = float(slope(jnp.asarray(True), here))
    assert logistic == pytest.approx(expit(x) * expit(-x), abs=3e-16)  # 1 - p is rounded


def test_the_normal_odds_never_fall():
    x = np.linspace(-37, 37, 20_001)
    assert (np.diff(np.asarray(normal.cdf(jnp.asarray(x)))) >= -1e-16).all()


# Aid short of troops


@given(s=SPREADS, u=structures(), odds=ODDS, r=st.floats(0.01, 0.99), short=st.floats(0, 10))
def test_worthless_aid_leaves_the_three_branch_game_to_the_last_bit(s, u, odds, r, short):
    spread = jnp.asarray(s)
    u, u11 = calibrate(cr.PRIVATE, spread, u, jnp.asarray(odds))
    aid = u._replace(u37=r * u.u36 - short, r=jnp.asarray(r))
    for one, other in zip(
        solve(cr.PRIVATE, spread, u, u11), solve(cr.PRIVATE, spread, aid, u11), strict=True
    ):
        assert float(one) == float(other)


@pytest.mark.parametrize("noise", [cr.PRIVATE, cr.AGENT_ERROR])
@given(
    s=SPREADS,
    r=st.floats(0.05, 0.95),
    troops=st.floats(1e-4, 0.9),
    aid=st.floats(1e-3, 0.09),
)
def test_the_inverse_of_the_aid_branch_returns_the_odds_of_troops_and_of_aid(
    noise, s, r, troops, aid
):
    """u_a = r s sqrt2 PhiInv(pi_i + pi_a); u36 - u_a = (1 - r) s sqrt2 PhiInv(pi_i)."""
    wide = s * np.sqrt(2)
    value = r * wide * ndtri(troops + aid)
    u = EXAMPLE._replace(
        u37=jnp.asarray(value),
        u36=jnp.asarray(value + (1 - r) * wide * ndtri(troops)),
        r=jnp.asarray(r),
    )
    p6, p7 = cr.helper_choice(noise, jnp.asarray(s), u)
    assert (float(p6), float(p7)) == pytest.approx((troops, aid), abs=1e-12)


def test_odds_of_aid_are_never_below_zero_however_narrow_its_band():
    rng = np.random.default_rng(0)
    troops = rng.normal(0, 3, 100_000)
    r = rng.uniform(0.01, 0.99, troops.size)
    aid = r * troops + np.abs(troops) * 10 ** rng.uniform(-16, -12, troops.size)

    def choice(u36: jax.Array, u37: jax.Array, share: jax.Array) -> tuple[jax.Array, jax.Array]:
        return cr.helper_choice(
            cr.PRIVATE, jnp.asarray(1.0), EXAMPLE._replace(u36=u36, u37=u37, r=share)
        )

    p6, p7 = jax.jit(jax.vmap(choice))(*map(jnp.asarray, (troops, aid, r)))
    assert (p7 >= 0).all()
    assert (p7 > 0).any()
    assert (p6 + p7 <= 1).all()


def test_aid_is_chosen_in_the_middle_band_of_the_helpers_shock():
    rng = np.random.default_rng(1)
    theta = rng.normal(0, np.sqrt(2), 400_000)
    troops, aid, r = -0.5, 0.1, 0.4
    best = np.stack([np.zeros_like(theta), aid + r * theta, troops + theta]).argmax(axis=0)
    u = EXAMPLE._replace(u36=jnp.asarray(troops), u37=jnp.asarray(aid), r=jnp.asarray(r))
    p6, p7 = cr.helper_choice(cr.PRIVATE, jnp.asarray(1.0), u)
    assert float(p6) == pytest.approx((best == 2).mean(), abs=3e-3)
    assert float(p7) == pytest.approx((best == 1).mean(), abs=3e-3)


# Odds and log-odds


@given(p=st.floats(0, 1), shift=st.floats(-20, 20))
def test_a_shift_in_log_odds_keeps_odds_odds_and_turns_back(p, shift):
    moved = cr.shift_log_odds(jnp.asarray(p), jnp.asarray(shift))
    assert 0 <= float(moved) <= 1
    assert float(cr.shift_log_odds(jnp.asarray(p), jnp.asarray(0.0))) == pytest.approx(p, abs=1e-16)
    if abs(shift) < 5 and 1e-6 < p < 1 - 1e-6:
        back = cr.shift_log_odds(moved, jnp.asarray(-shift))
        assert float(back) == pytest.approx(p, abs=1e-12)
        gained = cr.logit(moved) - cr.logit(jnp.asarray(p))
        assert float(gained) == pytest.approx(shift, abs=1e-8)
