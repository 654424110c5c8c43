"""Ishigami, Sobol's G, Morris' function, the Gaussian shift: known answers first."""

from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.stats import qmc

from foedus.errors import FoedusError
from foedus.judge.sensitivity import dgsm, given_data, saltelli, sobol


def design(n, columns, seed=0):
    """World k is row k // 16 of scramble k mod 16, as in a run."""
    rows = [qmc.Sobol(columns, rng=np.random.default_rng([seed, g])) for g in range(16)]
    return np.stack([s.random(n // 16) for s in rows], axis=1).reshape(n, columns)


def frame(u):
    return pl.DataFrame(u, schema=[f"x{j}" for j in range(u.shape[1])])


def ishigami(u):
    """Ishigami & Homma 1990, a = 7, b = 0.1."""
    x = np.pi * (2 * u - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


ISHIGAMI_FIRST = [0.3139, 0.4424, 0.0]
ISHIGAMI_TOTAL = [0.5576, 0.4424, 0.2437]

G = np.array([0, 1, 4.5, 9, 99])  # Sobol's G function: Saltelli & Sobol 1995


def g_function(u):
    return np.prod((np.abs(4 * u - 2) + G) / (1 + G), axis=1)


G_PARTS = 1 / (3 * (1 + G) ** 2)
G_VARIANCE = np.prod(1 + G_PARTS) - 1
G_FIRST = G_PARTS / G_VARIANCE
G_TOTAL = G_PARTS * np.prod(1 + G_PARTS) / (1 + G_PARTS) / G_VARIANCE


def morris_terms():
    """Coefficients of Morris' function (1991) by set of inputs; signs alternate for the rest."""
    terms = {(i,): 20.0 if i < 10 else (-1.0) ** (i + 1) for i in range(20)}
    for i, j in combinations(range(20), 2):
        terms[i, j] = -15.0 if j < 6 else (-1.0) ** (i + j)
    terms |= dict.fromkeys(combinations(range(5), 3), -10.0)
    terms[0, 1, 2, 3] = 5.0
    return terms


def morris_weights(u):
    w = 2 * (u - 0.5)
    for i in (2, 4, 6):
        w[:, i] = 2 * (1.1 * u[:, i] / (u[:, i] + 0.1) - 0.5)
    return w


def morris(u):
    w = np.asfortranarray(morris_weights(u.copy()))
    y = np.zeros(len(u))
    for at, c in morris_terms().items():
        term = c * w[:, at[0]]
        for i in at[1:]:
            term *= w[:, i]
        y += term
    return y


def morris_indices():
    """Exact: the function is a polynomial of degree one in each of twenty independent weights."""
    grid = (np.arange(200_000) + 0.5) / 200_000
    w = morris_weights(np.repeat(grid[:, None], 20, axis=1))
    mean, variance = w.mean(axis=0), w.var(axis=0)
    centred = {}
    for at, c in morris_terms().items():
        for size in range(len(at) + 1):
            for part in combinations(at, size):
                rest = [i for i in at if i not in part]
                centred[part] = centred.get(part, 0.0) + c * np.prod(mean[rest])
    parts = {at: c**2 * np.prod(variance[list(at)]) for at, c in centred.items() if at}
    total = sum(parts.values())
    return (
        np.array([parts[i,] for i in range(20)]) / total,
        np.array([sum(v for at, v in parts.items() if i in at) for i in range(20)]) / total,
    )


def test_sobol_gives_the_published_indices_of_the_ishigami_function():
    rows = saltelli(4096, 3, 0)
    found = sobol(rows, ishigami(rows), ["x0", "x1", "x2"])
    np.testing.assert_allclose(found["first_order"], ISHIGAMI_FIRST, atol=0.01)
    np.testing.assert_allclose(found["total"], ISHIGAMI_TOTAL, atol=0.01)
    assert (found["first_half"] > 0).all()
    inside = (found["total"] - pl.Series(ISHIGAMI_TOTAL)).abs() <= found["total_half"]
    assert inside.all()


def test_sobol_gives_the_analytic_indices_of_the_g_function():
    rows = saltelli(4096, 5, 0)
    found = sobol(rows, g_function(rows), list("abcde"))
    np.testing.assert_allclose(found["first_order"], G_FIRST, atol=0.01)
    np.testing.assert_allclose(found["total"], G_TOTAL, atol=0.01)


def test_sobol_gives_the_exact_indices_of_the_morris_function():
    first, total = morris_indices()
    # With 4096 base points two pairs of the 40 columns of Sobol's sequence are still uneven, and
    # two indices are .03 and .04 off; with 16384 none is.
    rows = saltelli(2**14, 20, 0)
    found = sobol(rows, morris(rows), [f"x{j}" for j in range(20)])
    np.testing.assert_allclose(found["first_order"], first, atol=0.01)
    np.testing.assert_allclose(found["total"], total, atol=0.01)
    # Morris 1991: the first ten matter, the other ten do not.
    assert found["total"][:10].min() > 3 * found["total"][10:].max()


@pytest.mark.parametrize(
    ("function", "first"),
    [(ishigami, ISHIGAMI_FIRST), (g_function, G_FIRST), (morris, morris_indices()[0])],
)
def test_the_run_itself_gives_the_same_first_order_indices(function, first):
    u = design(2**15, len(first))
    found = given_data(frame(u), function(u))
    np.testing.assert_allclose(found["first_order"], first, atol=0.012)


def test_the_intervals_of_the_first_order_index_hold_the_truth():
    caught = 0
    for seed in range(8):
        u = design(4096, 3, seed)
        found = given_data(frame(u), ishigami(u), seed=seed)
        truth = pl.Series(ISHIGAMI_FIRST)
        # The bins flatten a little of the curvature: a bias of a hundredth of the index.
        caught += ((found["first_low"] <= truth) & (truth <= found["first_high"] + 0.005))[:2].sum()
    assert caught >= 14


def test_the_intervals_are_as_wide_as_the_indices_scatter():
    rows = [np.random.default_rng(seed).random((2_000, 3)) for seed in range(40)]
    found = pl.concat([given_data(frame(u), ishigami(u))[:2] for u in rows])
    for kind, name in (("first", "first_order"), ("delta", "delta")):
        first = found.filter(pl.col("assumption") == "x0")
        scatter = 2 * first[name].std()
        half = ((first[f"{kind}_high"] - first[f"{kind}_low"]) / 2).mean()
        assert 0.7 < half / scatter < 1.7


def test_an_assumption_that_does_not_matter_has_an_index_of_zero_not_of_noise():
    rng = np.random.default_rng(0)
    noise = [
        given_data(frame(rng.random((2_000, 1))), rng.random(2_000), seed=seed)["first_order"][0]
        for seed in range(20)
    ]
    assert np.mean(noise) < 0.005  # fifty bins of 2000 worlds would give .025 uncorrected


def gaussian_delta(share):
    """Area between N(0, 1) and N(sqrt(share) x, 1 - share), halved, averaged over x ~ N(0, 1)."""
    y, x = np.linspace(-9, 9, 4001), np.linspace(-6, 6, 241)[:, None]
    known = stats.norm.pdf(y, np.sqrt(share) * x, np.sqrt(1 - share))
    area = 0.5 * np.trapezoid(np.abs(stats.norm.pdf(y) - known), y, axis=1)
    return np.trapezoid(area * stats.norm.pdf(x[:, 0]), x[:, 0])


@pytest.mark.parametrize("n", [2_000, 20_000])
def test_delta_is_the_area_between_the_densities_at_any_number_of_worlds(n):
    shares = np.array([0.5, 0.3, 0.2])
    x = np.random.default_rng(0).standard_normal((n, 3))
    found = given_data(frame(x), x @ np.sqrt(shares))
    truth = [gaussian_delta(share) for share in shares]
    np.testing.assert_allclose(found["delta"], truth, atol=0.03 if n < 5_000 else 0.012)


def test_delta_sees_what_changes_the_spread_alone():
    x = np.random.default_rng(0).random((8_000, 2))
    found = given_data(frame(x), (0.5 + x[:, 0]) * np.random.default_rng(1).standard_normal(8_000))
    assert found["first_order"][0] < 0.01
    assert found["delta"][0] > 2 * found["delta_floor"][0]
    assert found["matters"].to_list() == [True, False]


def test_a_theory_is_an_assumption_like_any_other():
    rng = np.random.default_rng(0)
    theory = rng.choice(["spiral", "deterrence"], 8_000)
    other = rng.choice(list("abc"), 8_000)
    y = (theory == "spiral") + rng.standard_normal(8_000)
    found = given_data(pl.DataFrame({"theory": theory, "other": other}), y)
    assert found["first_order"][0] == pytest.approx(0.2, abs=0.02)  # 1/4 of 1/4 + 1
    assert found["matters"].to_list() == [True, False]
    # N(0, 1) or N(1, 1) against their mean: half of 2 Phi(1/2) - 1.
    assert found["delta"][0] == pytest.approx(stats.norm.cdf(0.5) - 0.5, abs=0.02)


def test_what_does_not_matter_rarely_exceeds_the_floor():
    rng = np.random.default_rng(0)
    false = 0
    for seed in range(20):
        x = rng.random((500, 8))
        false += given_data(frame(x), rng.standard_normal(500), seed=seed)["matters"].any()
    assert false <= 6  # two floors of 5 % each: 2 of 20 expected


def test_missing_outcomes_are_left_out_and_the_worlds_counted():
    u = design(4096, 3)
    y = ishigami(u)
    y[::7] = np.nan
    found = given_data(frame(u), y)
    assert found["worlds"].unique().to_list() == [np.isfinite(y).sum()]
    assert found["first_order"][1] == pytest.approx(0.4424, abs=0.03)


@pytest.mark.parametrize(
    ("worlds", "outcome", "words"),
    [
        (frame(np.random.default_rng(0).random((500, 2))), np.ones(500), "never varies"),
        (frame(np.random.default_rng(0).random((500, 2))), np.full(500, np.nan), "too few"),
        (frame(np.random.default_rng(0).random((10, 2))), np.arange(10.0), "too few"),
        (frame(np.random.default_rng(0).random((1, 2))), np.ones(1), "too few"),
        (frame(np.ones((500, 2))), np.arange(500.0), "never varies"),
    ],
)
def test_too_little_to_go_on_gets_a_sentence_of_given_data(worlds, outcome, words):
    found = given_data(worlds, outcome)
    assert found["first_order"].null_count() == found.height == 2
    assert not found["matters"].any()
    assert all(words in note for note in found["note"])


def test_the_slopes_of_the_ishigami_function_give_the_published_dgsm():
    # Sobol & Kucherenko 2009, table 1: 7.7, 24.5, 11.0 in the units of x.
    u = design(2**15, 3)
    x = np.pi * (2 * u - 1)
    slopes = np.column_stack(
        [
            np.cos(x[:, 0]) * (1 + 0.1 * x[:, 2] ** 4),
            14 * np.sin(x[:, 1]) * np.cos(x[:, 1]),
            0.4 * x[:, 2] ** 3 * np.sin(x[:, 0]),
        ]
    )
    found = dgsm(2 * np.pi * slopes, ishigami(u), ["x0", "x1", "x2"])
    np.testing.assert_allclose(found["nu"] / (2 * np.pi) ** 2, [7.7, 24.5, 11.0], atol=0.05)
    assert (found["total_at_most"] >= pl.Series(ISHIGAMI_TOTAL)).all()
    assert (found["nu_low"] < found["nu"]).all()


def test_the_slopes_of_sobols_g_function_give_its_closed_form_dgsm():
    # |4u - 2| has the slope 4 on either side of its kink, so nu_i is
    # (4 / (1 + a_i))^2 times the product of 1 + 1 / (3 (1 + a_j)^2) over all others.
    u = design(2**14, len(G))
    factors = (np.abs(4 * u - 2) + G) / (1 + G)
    slopes = 4 * np.sign(4 * u - 2) / (1 + G) * g_function(u)[:, None] / factors
    found = dgsm(slopes, g_function(u), list("abcde"))
    parts = 1 / (3 * (1 + G) ** 2)
    others = np.prod(1 + parts) / (1 + parts)
    np.testing.assert_allclose(found["nu"], 16 / (1 + G) ** 2 * others, rtol=2e-3)
    variance = np.prod(1 + parts) - 1
    bound = 16 / (1 + G) ** 2 * others / (np.pi**2 * variance)
    np.testing.assert_allclose(found["total_at_most"], bound, rtol=5e-3)
    assert (found["total_at_most"] >= pl.Series(parts * others / variance)).all()


def test_the_bound_is_the_total_index_itself_for_one_wave_of_cosine():
    # Equality in Sobol & Kucherenko's inequality: f = cos(pi u).
    u = design(2**12, 1)
    found = dgsm(-np.pi * np.sin(np.pi * u), np.cos(np.pi * u[:, 0]), ["x"])
    assert found["total_at_most"][0] == pytest.approx(1, abs=1e-3)


def test_slopes_of_categories_are_refused():
    with pytest.raises(FoedusError, match="theory can only take separate values"):
        dgsm(np.ones((9, 2)), np.ones(9), ["x", "theory"], discrete=["theory", "other"])
    with pytest.raises(FoedusError, match="gradients of that shape"):
        dgsm(np.ones((9, 3)), np.ones(9), ["x", "y"])
    assert dgsm(np.ones((9, 1)), np.ones(9), ["x"])["total_at_most"][0] is None


def test_what_is_no_sobol_design_is_refused():
    rows = saltelli(64, 3)
    with pytest.raises(FoedusError, match="power of two"):
        saltelli(100, 3)
    with pytest.raises(FoedusError, match="blocks of 5"):
        sobol(rows[:-1], rows[:-1, 0], list("abc"))
    with pytest.raises(FoedusError, match="no Sobol design"):
        sobol(rows[::-1], rows[:, 0], list("abc"))
    with pytest.raises(FoedusError, match="do not fit"):
        sobol(rows, rows[:, 0], list("ab"))


def test_a_missing_outcome_costs_its_block_and_a_flat_one_has_no_index():
    rows = saltelli(1024, 3)
    y = ishigami(rows)
    y[7] = np.nan
    found = sobol(rows, y, list("abc"))
    assert found["base_points"].to_list() == [1023] * 3
    assert "1 blocks" in found["note"][0]
    flat = sobol(rows, np.ones(len(rows)), list("abc"))
    assert flat["total"].null_count() == 3
    assert flat["note"][0] == "The outcome never varies."
    with pytest.raises(FoedusError, match="Fewer than two blocks"):
        sobol(rows, np.full(len(rows), np.nan), list("abc"))


@settings(max_examples=6)
@given(st.floats(0.1, 1e6), st.floats(-1e6, 1e6), st.booleans())
def test_the_units_of_outcome_and_assumption_do_not_matter(scale, shift, turned):
    u = design(1024, 3)
    y = ishigami(u)
    plain = given_data(frame(u), y)
    moved = given_data(frame(1 - u if turned else 3 * u + 7), scale * y + shift)
    for column in ("first_order", "delta"):  # not to the last digit: cuts are rounded in units
        np.testing.assert_allclose(moved[column], plain[column], atol=0.03)
