"""Hidden boxes are found, noise is not, and poor data gets a sentence."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from foedus.judge.bins import Bins, bins_of, code
from foedus.judge.checking import reproduced, wilson
from foedus.judge.discovery import box_by_prim, discover, discover_by_tree
from foedus.judge.peeling import Table, faces_of, information, peel


def hidden_box(n, seed, columns=20):
    """20 uniform columns; three of them bound a box in which 90 % are cases, outside 5 %."""
    rng = np.random.default_rng(seed)
    x = rng.random((n, columns))
    box = (x[:, 0] > 0.2) & (x[:, 0] < 0.6) & (x[:, 1] >= 0.5) & (x[:, 2] <= 0.7)
    y = rng.random(n) < np.where(box, 0.9, 0.05)
    return pl.DataFrame({f"x{j:02d}": x[:, j] for j in range(columns)}), y


def theories(n, seed):
    """A case file's sort of columns: numbers, whole numbers, theories, truth values."""
    rng = np.random.default_rng(seed)
    worlds = pl.DataFrame(
        {
            "warning": rng.uniform(0, 10, n),
            "exercises": rng.integers(0, 12, n),
            "theory": pl.Series(
                rng.choice(["spiral", "deterrence", "mixed"], n),
                dtype=pl.Enum(["spiral", "deterrence", "mixed"]),
            ),
            "access": rng.random(n) < 0.5,
            "other": rng.choice(["a", "b", "c", "d"], n),
        }
    )
    box = (
        (worlds["warning"] < 4) & (worlds["exercises"] >= 6) & (worlds["theory"] != "mixed")
    ).to_numpy()
    return worlds, rng.random(n) < np.where(box, 0.8, 0.1)


@pytest.fixture(scope="module")
def found():
    return discover(*hidden_box(5_000, 0), fresh=hidden_box(5_000, 1))


@pytest.mark.parametrize("search", [discover, discover_by_tree])
def test_the_hidden_box_is_found_with_its_three_columns_and_no_other(search):
    found = search(*hidden_box(10_000, 0), fresh=hidden_box(10_000, 1))
    (box,) = found.boxes
    assert box.columns == ("x00", "x01", "x02")
    assert [limit.side for limit in box.limits] == ["at least", "below", "at least", "below"]
    np.testing.assert_allclose([m.bound for m in box.limits], [0.2, 0.6, 0.5, 0.7], atol=0.006)
    # True density .9, coverage .126/.169, mass .14.
    for (low, high), truth in [
        (box.density_interval, 0.9),
        (box.coverage_interval, 0.126 / 0.169),
        (box.mass_interval, 0.14),
    ]:
        assert low < truth < high
    for limit, truth in zip(box.limits, [0.2, 0.6, 0.5, 0.7], strict=True):
        assert limit.interval[0] <= truth <= limit.interval[1]


@pytest.mark.parametrize("seed", range(3))
def test_a_small_run_finds_the_same_columns(seed):
    found = discover(*hidden_box(2_000, 10 + seed), fresh=hidden_box(2_000, 50 + seed))
    assert [box.columns for box in found.boxes] == [("x00", "x01", "x02")]


def test_the_peeling_runs_on_into_noise_but_the_box_does_not_follow_it(found):
    first = found.trajectory.filter(pl.col("box") == 1)
    assert first["restricted"].max() > 6  # what a peer would have offered at the end
    last = first.row(-1, named=True)
    assert last["density"] > last["fresh_density"] + 0.03  # and what it is worth elsewhere
    assert len(found.boxes[0].columns) == 3


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("rate", [0.05, 0.5])
def test_pure_noise_has_no_box(seed, rate):
    rng = np.random.default_rng(seed)
    worlds, _ = hidden_box(2_000, seed)
    fresh, _ = hidden_box(2_000, 99 + seed)
    cases = (rng.random(2_000) < rate, rng.random(2_000) < rate)
    found = discover(worlds, cases[0], fresh=(fresh, cases[1]))
    assert found.boxes == ()
    assert "fails" in found.in_words()[0]


@pytest.fixture(scope="module")
def found_theories():
    return discover(*theories(6_000, 0), fresh=theories(6_000, 1))


def test_theories_and_whole_numbers_are_limits_like_any_other(found_theories):
    (box,) = found_theories.boxes
    limits = {limit.column: limit for limit in box.limits}
    assert set(limits) == {"warning", "exercises", "theory"}
    assert limits["warning"].side == "below"
    assert limits["warning"].bound == pytest.approx(4, abs=0.1)
    assert (limits["exercises"].side, limits["exercises"].bound) == ("at least", 6)
    assert set(limits["theory"].bound) == {"spiral", "deterrence"}
    assert limits["theory"].others == ("mixed",)


def test_a_box_is_said_in_the_case_s_own_words_and_units(found_theories):
    said = found_theories.in_words(
        {"warning": "the warning", "exercises": "the number of exercises"}, {"warning": "days"}
    )[0]
    limit = found_theories.boxes[0].limits[0].bound
    assert f"the warning is below {limit:g} days and the number of exercises is at least 6" in said
    assert "theory is not 'mixed'" in said
    assert said.startswith("fails in 8")
    assert "of all worlds and hold" in said


def test_two_boxes_are_found_one_after_the_other_and_shares_are_of_all_worlds():
    def two(n, seed):
        rng = np.random.default_rng(seed)
        x = rng.random((n, 6))
        y = ((x[:, 0] < 0.3) & (x[:, 1] < 0.5)) | ((x[:, 2] > 0.8) & (x[:, 3] > 0.5))
        return pl.DataFrame({f"x{j}": x[:, j] for j in range(6)}), y

    found = discover(*two(8_000, 0), fresh=two(8_000, 1))
    assert {box.columns for box in found.boxes} == {("x0", "x1"), ("x2", "x3")}
    first, second = found.boxes
    assert first.adds == first.coverage
    assert second.adds < second.coverage
    assert first.adds + second.adds == pytest.approx(1, abs=0.02)


def test_every_number_of_a_box_can_be_recounted_with_polars(found):
    fresh, y = hidden_box(5_000, 1)
    (box,) = found.boxes
    counted = fresh.with_columns(y=y).filter(box.expr)
    assert box.density == counted["y"].mean()
    assert box.coverage == counted["y"].sum() / y.sum()
    assert box.mass == counted.height / fresh.height
    np.testing.assert_array_equal(
        box.contains(fresh), fresh.select(box.expr).to_series().to_numpy()
    )


def test_the_limits_are_tested_by_the_exact_permutation_null_times_all_that_were_tried():
    fresh, y = hidden_box(400, 1)
    (box,) = discover(*hidden_box(2_000, 0), fresh=(fresh, y)).boxes
    limit = box.limits[0]
    rest = fresh.with_columns(y=y).filter(*[m.expr for m in box.limits[1:]])
    n, t = rest.filter(limit.expr).height, rest.filter(limit.expr)["y"].sum()
    table = [[t, n - t], [rest["y"].sum() - t, rest.height - n - (rest["y"].sum() - t)]]
    p = stats.fisher_exact(table, alternative="greater").pvalue
    assert 0 < limit.p == pytest.approx(min(1, 40 * p), rel=1e-6, abs=0)


def test_quasi_p_is_the_binomial_of_bryant_and_lempert(found):
    worlds, y = hidden_box(5_000, 0)
    (box,) = found.boxes
    inside = worlds.with_columns(y=y).filter(box.expr)
    rest = worlds.with_columns(y=y).filter(*[m.expr for m in box.limits[1:]])
    p = stats.binomtest(
        int(inside["y"].sum()), inside.height, rest["y"].mean(), alternative="greater"
    ).pvalue
    assert 0 < box.limits[0].quasi_p == pytest.approx(p, rel=1e-6, abs=0)


def test_the_true_columns_reproduce_in_half_samples(found):
    assert all(limit.reproduced > 0.9 for limit in found.boxes[0].limits)


def test_a_column_of_noise_does_not_reproduce_in_half_samples():
    worlds, y = hidden_box(5_000, 0)
    table = tabled(worlds, y)
    half = np.arange(200)
    again = reproduced(
        table, {0: (half >= 40) & (half < 120), 1: half >= 100, 2: half < 140, 9: half < 195}
    )
    assert min(again[0], again[1], again[2]) > 0.9
    assert again[9] < 0.5


def test_no_more_columns_are_restricted_than_asked_for():
    found = discover(*hidden_box(2_000, 0), fresh=hidden_box(2_000, 1), max_columns=2)
    assert all(len(box.columns) <= 2 for box in found.boxes)
    assert set(found.boxes[0].columns) <= {"x00", "x01", "x02"}


def test_without_fresh_worlds_the_even_ones_find_and_the_odd_ones_check():
    worlds, y = hidden_box(6_000, 0)
    alone = discover(worlds, y)
    halves = discover(worlds[::2], y[::2], fresh=(worlds[1::2], y[1::2]))
    assert alone.boxes[0].limits == halves.boxes[0].limits
    assert alone.boxes[0].checked_on == "odd-numbered worlds"
    assert any("even-numbered" in note for note in alone.notes)
    assert not any("even-numbered" in note for note in halves.notes)


def test_screened_worlds_are_left_out_and_the_mass_is_among_those_kept():
    worlds, y = hidden_box(8_000, 0, columns=5)
    kept = (worlds["x03"] < 0.5).to_numpy()
    y = y | ~kept  # were the screened worlds looked at, x03 would decide everything
    box = discover(worlds, y, kept=kept, max_boxes=1).boxes[0]
    assert box.columns == ("x00", "x01", "x02")
    odd = worlds.filter(kept & (np.arange(8_000) % 2 == 1))
    assert box.mass == odd.filter(box.expr).height / odd.height
    assert "of the worlds that pass the screens" in box.in_words()


def test_the_front_of_the_trajectory_holds_what_no_other_step_beats(found):
    steps = found.trajectory.filter(pl.col("box") == 1)
    for row in steps.iter_rows(named=True):
        beaten = steps.filter(
            (pl.col("coverage") >= row["coverage"])
            & (pl.col("density") >= row["density"])
            & ((pl.col("coverage") > row["coverage"]) | (pl.col("density") > row["density"]))
        )
        assert row["front"] == beaten.is_empty()


@pytest.mark.parametrize("search", [discover, discover_by_tree])
@pytest.mark.parametrize(
    ("n", "cases", "words"),
    [
        (0, "none", "no worlds"),
        (1, "all", "all of the 1"),
        (1, "none", "none of the 1"),
        (10, "some", "too few"),
        (500, "none", "none of the 500"),
        (500, "all", "all of the 500"),
        (500, "one", "too few"),
    ],
)
def test_too_little_to_go_on_gets_a_sentence(search, n, cases, words):
    worlds, _ = hidden_box(n, 0)
    y = np.zeros(n, bool)
    y[: {"none": 0, "all": n, "some": n // 2, "one": 1}[cases]] = True
    found = search(worlds, y)
    assert found.boxes == ()
    assert words in found.in_words()[0]
    assert "{" not in found.in_words()[0]


def test_columns_that_cannot_be_used_are_left_out_and_named():
    worlds, y = hidden_box(2_000, 0, columns=4)
    worlds = worlds.with_columns(
        constant=pl.lit(1.0),
        nothing=pl.lit(None, pl.Float64),
        nan=pl.when(pl.int_range(2_000) % 3 == 0).then(float("nan")).otherwise(pl.col("x00")),
        gaps=pl.when(pl.int_range(2_000) % 3 == 0).then(None).otherwise(pl.lit("a")),
        names=pl.int_range(2_000).cast(pl.String),
        when=pl.date(2025, 1, 1),
    )
    found = discover(worlds, y)
    assert found.boxes[0].columns == ("x00", "x01", "x02")
    said = " ".join(found.notes)
    for column in ("constant", "nothing", "nan", "gaps", "names", "when"):
        assert f"Column {column} was left out" in said
    nothing = discover(worlds.select("constant", "nan"), y)
    assert "No assumption varies" in nothing.in_words()[0]


def test_a_wrong_length_is_refused():
    worlds, y = hidden_box(100, 0)
    with pytest.raises(ValueError, match="100 worlds"):
        discover(worlds, y[:50])
    with pytest.raises(ValueError, match="100 fresh worlds"):
        discover(worlds, y, fresh=(worlds, y[:50]))


def test_wilson_gives_the_interval_of_brown_cai_and_dasgupta():
    # 20 of 100: (.1334, .2888), Brown, Cai & DasGupta 2001, Statistical Science 16, 101-133.
    np.testing.assert_allclose(wilson(20, 100), (0.1334, 0.2888), atol=5e-5)


def tabled(worlds, y):
    bins = tuple(bins_of(column) for column in worlds)
    return Table(bins, tuple(code(s, b) for s, b in zip(worlds, bins, strict=True)), y)


def test_a_peel_is_the_one_that_raises_the_density_most_per_world_lost():
    worlds, y = theories(400, 3)
    table = tabled(worlds, y)
    before, after = peel(table)[:2]
    candidates = []
    for j, (b, c) in enumerate(zip(table.bins, table.codes, strict=True)):
        if not b.ordered:
            candidates += [(j, c == k) for k in range(len(b))]
            continue
        for tail in (c, len(b) - 1 - c.astype(int)):
            taken = [tail <= k for k in range(len(b)) if (tail <= k).sum() >= 0.05 * 400]
            candidates.append((j, taken[0]))
    rises = [(y[~out].mean() - y.mean()) / out.sum() for _, out in candidates]
    j, out = candidates[int(np.argmax(rises))]
    assert (after.column, after.worlds, after.cases) == (j, (~out).sum(), y[~out].sum())
    assert before.worlds == 400


@pytest.mark.parametrize(("n", "t"), [(30, 20), (50, 10), (1, 1), (100, 40)])
def test_what_a_box_explains_is_the_likelihood_ratio_of_its_two_by_two_table(n, t):
    found = float(information(n, t, 100, 40))
    if n * 40 >= t * 100:  # no denser inside than outside
        assert found == 0
        return
    table = [[t, n - t], [40 - t, 60 - n + t]]
    g = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    assert found == pytest.approx(g)


@pytest.mark.parametrize("seed", range(3))
def test_noise_leaves_few_limits_for_the_fresh_worlds_to_reject(seed):
    worlds, _ = hidden_box(2_000, seed)
    table = tabled(worlds, np.random.default_rng(seed).random(2_000) < 0.5)
    _, box = box_by_prim(table, table.faces(), 4)
    assert len(faces_of(table, box)) <= 2


@settings(max_examples=60)
@given(
    st.lists(
        st.floats(-1e6, 1e6, allow_subnormal=False) | st.integers(-3, 3).map(float),
        min_size=2,
        max_size=300,
    )
)
def test_bins_keep_the_order_of_the_values(values):
    series = pl.Series("x", values)
    bins = bins_of(series)
    if not isinstance(bins, Bins):
        assert len(set(values)) == 1
        return
    codes = code(series, bins)
    order = np.argsort(values, kind="stable")
    assert (np.diff(codes[order].astype(int)) >= 0).all()
    assert codes.max() < len(bins) <= 200
    assert codes.min() == 0


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.floats(0.02, 0.98), st.integers(5, 300))
def test_whatever_the_cases_a_sentence_comes_back(seed, rate, n):
    rng = np.random.default_rng(seed)
    worlds, _ = theories(n, seed)
    y = rng.random(n) < rate
    found = discover(worlds, y)
    assert all(isinstance(sentence, str) and sentence for sentence in found.in_words())
    for box in found.boxes:
        assert 0 < box.mass <= 1
        assert box.density > box.overall
