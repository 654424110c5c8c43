"""Challenge models: the published example round by round, then what must hold everywhere.

The case is the emission standard of ten EC states, positions in years (4 to 10); its figures are
those of Bueno de Mesquita (1994) and of Scholz, Calbert & Smith (2011), J. Theoretical Politics
23(4). Round-by-round figures were obtained by running the authors' public programs on it.
"""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legal_box import finite, legal
from test_pressure import EMISSION

from foedus.mechanisms import bargaining as bg
from foedus.mechanisms.expectations import (
    open_round,
    perceived_round,
    perceived_views,
    risk_exponents,
)
from foedus.mechanisms.pressure import Stakeholders, influence, mean_position, median_position, span
from foedus.mechanisms.spatial import SpatialChallenge, _rounded, log_victory, position_utility

UTILITY = bg.ExpectedUtility()
DEFAULT = SpatialChallenge(jnp.asarray(1.0), jnp.asarray(1.0 / 3.0))
NAMES = ["NL", "BE", "LU", "DE", "FR", "IT", "UK", "IE", "DK", "GR"]

SCHOLZ_MEANS = [
    7.3900,
    7.4613,
    7.5525,
    7.5901,
    7.3581,
    7.3492,
    7.4149,
    7.5105,
    7.5724,
    7.3250,
    7.2421,
]
SCHOLZ_MEDIANS = [7.0, 8.4159, 9.6109, 9.9620, 9.9620, 9.9620, 7.4720, 8.8246, 9.6711, 9.6711, 7.0]
SCHOLZ_CHART = [7.4, 7.4, 7.5, 7.6, 7.3, 7.3, 7.4, 7.5, 7.6, 7.3, 7.2]
SCHOLZ_RISK = [1.4057, 0.7542, 0.5089, 1.4057, 1.0465, 1.0465, 1.9649, 0.5, 2.0, 1.1121]
BELGIUM = {  # what Belgium expects of challenging each, and of being challenged by each
    "DK": (-0.832, 0.2423),
    "UK": (-0.655, 0.2433),
    "DE": (-0.4725, 0.2423),
    "NL": (-0.4725, 0.2423),
    "FR": (-0.1148, 0.2433),
    "IT": (-0.1148, 0.2433),
    "LU": (0.606, 0.2423),
    "IE": (0.0, 0.0),
    "GR": (0.0, 0.0),
}
MASAD_RISK = [1.1272, 0.7809, 0.5, 1.1272, 1.0779, 1.0779, 2.0, 0.5248, 1.4717, 1.1405]
KTAB = [  # per cent of the scale, state by state, turns 0 to 13; KTAB's default settings
    [0, 0, 51.9, 20.3, 20.3, 20.3, 34.0, 34.3, 34.6, 34.7, 34.7, 32.5, 34.2, 34.2],
    [50, 50, 50, 50, 50, 50, 41.7, 41.8, 35.4, 31.4, 35.2, 35.2, 33.0, 33.2],
    [0, 100, 50.4, 50.4, 50.4, 50.4, 50.4, 42.1, 36.1, 37.3, 33.5, 33.5, 33.5, 33.1],
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [100, 100, 51.9, 22.6, 22.6, 42.2, 34.0, 34.4, 35.4, 33.4, 33.4, 32.3, 33.2, 33.0],
    [100, 100, 51.9, 22.6, 22.6, 22.6, 22.6, 22.6, 30.1, 30.1, 30.1, 32.5, 32.5, 33.0],
    [100, 100, 100] + [96.4] * 11,
    [50, 49.4, 50.4, 50.0, 50.0, 50.0, 50.0, 40.4, 40.4, 30.1, 33.3, 33.3, 33.3, 33.1],
    [0, 0, 0, 22.6, 46.2, 42.2, 35.8, 35.9, 36.1, 36.1, 36.1, 36.1, 36.1, 36.1],
    [50, 50, 50, 50, 46.2, 40.3, 40.4, 40.4, 27.6, 31.4, 33.5, 32.2, 33.0, 33.1],
]

corner = st.sampled_from([0.0, 1.0])
some = st.builds(
    lambda c, s, x: Stakeholders(jnp.array(c), jnp.array(s), jnp.array(x)),
    arrays("float64", 4, elements=st.sampled_from([0.0, 1e-9, 1.0, 1e9]) | st.floats(1e-6, 1e9)),
    arrays("float64", 4, elements=corner | st.floats(1e-6, 1)),
    arrays("float64", 4, elements=st.integers(-80, 80).map(lambda k: k / 8.0)),
)
MODELS = {
    "spatial_challenge": lambda who, n=3: bg.spatial_challenge(DEFAULT, who, n),
    "expected_utility": lambda who, n=3: bg.expected_utility(UTILITY, who, n),
    "scholz_published_output": lambda who, n=3: bg.scholz_published_output(UTILITY, who, n),
    "masad": lambda who, n=3: bg.masad(UTILITY, who, n),
}
VIEWS = jax.jit(perceived_views)
ROUND = jax.jit(partial(perceived_round, lowest=False))
STEPS = {"perceived": ROUND, "open": jax.jit(open_round)}
FAST = {name: jax.jit(model) for name, model in MODELS.items()}

FEW = settings(max_examples=25)


def path_of(outcome, centre):
    return [float(centre(influence(EMISSION), x)) for x in outcome.path]


def test_the_published_example_comes_out_round_by_round(published):
    outcome = jax.jit(lambda who: bg.scholz_published_output(UTILITY, who, 10))(EMISSION)
    means, medians = (path_of(outcome, each) for each in (mean_position, median_position))
    assert means == pytest.approx(SCHOLZ_MEANS, abs=1e-3)
    assert medians == pytest.approx(SCHOLZ_MEDIANS, abs=1e-3)
    for k, (ours, known) in enumerate(zip(means, SCHOLZ_CHART, strict=True)):
        what = f"emission standard of ten EC states, mean after {k} rounds, as in the chart [years]"
        source = "Scholz, Calbert & Smith (2011), J. Theoretical Politics 23(4)"
        published(what, source, published=known, ours=ours, tolerance=0.07)


def test_in_the_published_first_round_three_states_move():
    first = jax.jit(lambda who: bg.scholz_published_output(UTILITY, who, 1).path[1])(EMISSION)
    moved = {
        n: float(x) for n, x, old in zip(NAMES, first, EMISSION.position, strict=True) if x != old
    }
    assert moved == {"BE": pytest.approx(8.4159, abs=1e-4), "LU": 7.0, "IE": 4.0}


def test_belgium_expects_what_the_published_figure_shows(published):
    views = VIEWS(EMISSION, span(EMISSION), EMISSION.position)
    assert views.risk.tolist() == pytest.approx(SCHOLZ_RISK, abs=1e-4)
    for name, (own, theirs) in BELGIUM.items():
        other = NAMES.index(name)
        what = f"what Belgium expects of challenging {name} on the emission standard"
        source = "Scholz, Calbert & Smith (2011): their program's output"
        published(what, source, published=own, ours=float(views.own[1, other]), tolerance=1e-3)
        assert float(views.theirs[1, other]) == pytest.approx(theirs, abs=1e-3)


def test_the_printed_formula_with_net_votes_gives_masads_round_and_cycle():
    outcome = jax.jit(lambda who: bg.masad(UTILITY, who, 5))(EMISSION)
    assert path_of(outcome, mean_position)[1] == pytest.approx(7.444520171019051, abs=1e-9)
    medians = path_of(outcome, median_position)
    assert medians == pytest.approx([7.0, 10.0, 7.124, 10.0, 7.154, 10.0], abs=1e-3)
    assert bool(outcome.cycling)
    assert not bool(outcome.settled)


def test_offers_are_taken_in_the_published_order_and_none_among_those_who_agree():
    """Read out in plain Python: confrontation, then compromise, then capitulation."""
    kinds = set()
    for seed in range(60):
        draw = np.random.default_rng(seed)
        x = draw.integers(0, 4, 5) / 4.0  # actors often agree
        who = Stakeholders(*map(jnp.asarray, (draw.random(5), draw.random(5), x)))
        views = VIEWS(who, span(who), who.position)
        for i, ours in enumerate(ROUND(who, span(who), who.position)):
            offers = {"confrontation": [], "compromise": [], "capitulation": []}
            for j in range(5):
                own, theirs = float(views.own[i, j]), float(views.theirs[i, j])
                if x[i] == x[j] or theirs <= 0:
                    continue
                if 0 < own < theirs:
                    offers["confrontation"].append((abs(x[j] - x[i]), j, x[j]))
                elif own < 0 and theirs > -own:
                    met = x[i] + (x[j] - x[i]) * -own / theirs
                    offers["compromise"].append((abs(met - x[i]), j, met))
                elif own < 0:
                    offers["capitulation"].append((abs(x[j] - x[i]), j, x[j]))
            kind = next((each for each in offers if offers[each]), None)
            kinds.add(kind)
            assert float(ours) == pytest.approx(min(offers[kind])[2] if kind else x[i], abs=1e-9)
    assert kinds == {"confrontation", "compromise", "capitulation", None}


@pytest.mark.parametrize("step", ["perceived", "open"])
def test_actors_who_agree_but_for_rounding_do_as_those_who_agree(step):
    for seed in range(60):
        draw = np.random.default_rng(seed)
        x = jnp.asarray(draw.choice([0.0, 0.21, 0.53, 1.0], 5))  # no two distances alike
        who = Stakeholders(*map(jnp.asarray, (draw.random(5), draw.random(5), x)))
        after = STEPS[step](who, span(who), x)
        nearly = STEPS[step](who, span(who), x + jnp.asarray(1e-9 * draw.normal(size=5)))
        # losses grow with the root of small distances: 1e-9 becomes 3e-5
        assert nearly.tolist() == pytest.approx(after.tolist(), abs=1e-3)


def test_masads_risk_exponents():
    d = jnp.abs(EMISSION.position[:, None] - EMISSION.position[None, :]) / 6.0
    loss = influence(EMISSION)[:, None] * d
    votes = loss[:, None, :] - loss[:, :, None]
    cast = jnp.abs(votes).sum(0)
    odds = jnp.where(cast > 0, jnp.maximum(votes.sum(0), 0.0) / jnp.where(cast > 0, cast, 1), 0.0)
    expected = 2.0 * d - 4.0 * d * EMISSION.salience[None, :] * (1.0 - odds)
    assert risk_exponents(expected).tolist() == pytest.approx(MASAD_RISK, abs=1e-4)


def test_ktabs_turns_come_out_for_every_state(published):
    outcome = jax.jit(lambda who: bg.spatial_challenge(DEFAULT, who, 13))(EMISSION)
    ours = np.asarray((outcome.path - 4.0) / 6.0 * 100.0).T
    assert np.abs(ours - np.array(KTAB)).max() < 0.0501  # one printed decimal
    source = "KTAB's own program: Wise, Lester & Efird (2015)"
    for which, ours, known in (("policy", outcome.policy, 5.99), ("mean", outcome.mean, 6.44)):
        what = f"emission standard by the spatial challenge model, turn 13: {which} [years]"
        published(what, source, published=known, ours=float(ours), tolerance=0.005)


def test_ktabs_primitives():
    assert float(position_utility(jnp.asarray(0.5), jnp.asarray(0.5))) == 0.625
    odds = jnp.exp(log_victory(jnp.asarray(3.0), jnp.asarray(1.0), jnp.asarray(2.0)))
    assert float(odds) == pytest.approx(0.9, abs=1e-15)


def test_the_ensemble_shows_every_theory_and_that_they_disagree_over_most_of_the_scale():
    every = jax.jit(lambda who: bg.ensemble(DEFAULT, UTILITY, who, 10))(EMISSION)
    answers = dict(zip(bg.VARIANTS, every.policy.tolist(), strict=True))
    assert answers["weighted_mean"] == float(every.mean) == pytest.approx(7.389956, abs=1e-6)
    assert answers["weighted_median"] == float(every.median) == 7.0
    assert answers["scholz_published_output"] == 7.0
    assert answers["masad"] == pytest.approx(7.225, abs=1e-3)
    assert answers["spatial_challenge"] == pytest.approx(6.011, abs=1e-3)
    assert max(answers.values()) - min(answers.values()) > 3.0
    assert every.settled.tolist() == [True, True, False, False, False, False]
    assert every.cycling.tolist() == [False, False, False, False, False, True]


def test_two_actors_of_whom_one_is_powerless_settle_on_the_others_position():
    who = Stakeholders(jnp.array([1.0, 0.0]), jnp.array([0.9, 0.9]), jnp.array([2.0, 5.0]))
    outcome = jax.jit(MODELS["spatial_challenge"])(who)
    assert outcome.path[-1].tolist() == pytest.approx([2.0, 2.0], abs=1e-3)
    assert bool(outcome.settled)


@pytest.mark.parametrize("name", MODELS)
@given(who=some)
@FEW
def test_positions_stay_finite_and_between_the_outermost_for_any_actors(name, who):
    outcome = FAST[name](who)
    slack = 1e-12 + 1e-9 * float(span(who))
    assert finite(outcome)
    assert who.position.min() - slack <= outcome.path.min()
    assert outcome.path.max() <= who.position.max() + slack
    assert not bool(outcome.settled & outcome.cycling)


@pytest.mark.parametrize("name", MODELS)
def test_actors_who_agree_stay_where_they_are(name):
    who = Stakeholders(jnp.array([1.0, 0, 1e9, 3]), jnp.array([0.0, 1, 0.5, 1]), jnp.full(4, 2.5))
    outcome = FAST[name](who)
    assert outcome.path.tolist() == [[2.5] * 4] * 4
    assert bool(outcome.settled)


@pytest.mark.parametrize("name", MODELS)
def test_neither_the_unit_of_capability_nor_that_of_the_scale_matters(name):
    one = FAST[name](jax.tree.map(lambda a: a[:4], ROUGH))
    other = Stakeholders(1e6 * ROUGH.capability, ROUGH.salience, 50.0 + 12.0 * ROUGH.position)
    moved = FAST[name](jax.tree.map(lambda a: a[:4], other))
    assert ((moved.path - 50.0) / 12.0).ravel().tolist() == pytest.approx(
        one.path.ravel().tolist(), abs=1e-3
    )


@pytest.mark.parametrize("name", ["spatial_challenge", "expected_utility", "masad"])
def test_turning_the_scale_round_turns_the_answer_round(name):
    who = jax.tree.map(lambda a: a[:4], ROUGH)
    turned = FAST[name](who._replace(position=-who.position))
    assert (-turned.path).ravel().tolist() == pytest.approx(
        FAST[name](who).path.ravel().tolist(), abs=1e-3
    )


@pytest.mark.parametrize("name", MODELS)
def test_the_answer_has_a_finite_gradient_in_every_number_of_every_actor(name):
    extremes_and_ties = jax.tree.map(lambda a: a[jnp.array([0, 3, 6])], EMISSION)
    slope = jax.jit(jax.jacfwd(lambda who: MODELS[name](who, 1).mean))(extremes_and_ties)
    assert finite(slope)
    assert float(jnp.abs(slope.position).max()) > 0


def test_bargains_are_rounded_but_follow_what_they_depend_on():
    value, slope = jax.jvp(_rounded, (jnp.array([0.12344, 0.12346]),), (jnp.ones(2),))
    assert value.tolist() == pytest.approx([0.1234, 0.1235], abs=1e-12)
    assert slope.tolist() == [1.0, 1.0]


@given(legal(SpatialChallenge))
@FEW
def test_the_spatial_model_is_finite_over_its_legal_box(p):
    outcome = SPATIAL(p, EMISSION)
    assert finite(outcome)
    assert 4.0 <= outcome.policy <= 10.0


@pytest.mark.parametrize("name", MODELS)
def test_many_worlds_at_once_give_what_each_gives_alone(name):
    worlds = jax.tree.map(lambda a: jnp.stack([a[:4], a[1:5], a[2:6]]), ROUGH)
    many = jax.jit(jax.vmap(MODELS[name]))(worlds)
    for k in range(3):
        alone = FAST[name](jax.tree.map(lambda a, k=k: a[k], worlds))
        assert many.path[k].ravel().tolist() == pytest.approx(alone.path.ravel().tolist(), abs=1e-9)


def test_a_game_that_comes_back_every_second_round_is_said_to_cycle():
    flip = bg.play(lambda x: 1.0 - x, influence(TWO), TWO, 6)
    still = bg.play(lambda x: x, influence(TWO), TWO, 6)
    wander = bg.play(lambda x: 0.8 * x, influence(TWO), TWO, 6)
    flags = [(bool(each.settled), bool(each.cycling)) for each in (flip, still, wander)]
    assert flags == [(False, True), (True, False), (False, False)]


ROUGH = Stakeholders(
    jnp.array([0.31, 0.77, 0.52, 0.18, 0.93, 0.44]),
    jnp.array([0.83, 0.27, 0.64, 0.91, 0.38, 0.55]),
    jnp.array([0.13, 0.86, 0.42, 0.97, 0.05, 0.61]),
)
TWO = Stakeholders(jnp.ones(2), jnp.ones(2), jnp.array([0.0, 1.0]))
SPATIAL = jax.jit(lambda p, who: bg.spatial_challenge(p, who, 2))
