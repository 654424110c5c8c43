"""Histograms: what they say is within what they promise, and parts add up to the whole."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from foedus.judge.histogram import Histogram, edges, keys_of

NUMBERS = st.lists(
    st.one_of(
        st.floats(-1e17, 1e17),
        st.floats(-1, 1),
        st.sampled_from([0.0, -0.0, 5e-324, -5e-324, 1e-12, 1.0, -1.0, 1e300, -1e300]),
    ),
    min_size=1,
    max_size=60,
)


def histogram(values: np.ndarray) -> Histogram:
    found = Histogram()
    found.add(values)
    return found


@given(NUMBERS)
def test_every_number_lies_between_the_edges_of_its_bin(numbers: list[float]) -> None:
    values = np.array(numbers)
    low, high = edges(keys_of(values))
    inside = np.abs(values) < 2.0**60
    assert ((low <= values) & (values <= high))[inside].all()
    apart = inside & (np.abs(values) > 1e-12)
    assert (np.abs(high - low) <= np.abs(values) / 128 * 1.001)[apart].all()


@given(NUMBERS)
def test_bins_rise_with_their_numbers(numbers: list[float]) -> None:
    values = np.sort(np.array(numbers))
    assert (np.diff(keys_of(values)) >= 0).all()


@given(NUMBERS, st.floats(0, 1))
@example([1.0, 2.0], 1.0)
@example([1.0, 2.0, 3.0], 0.5)
def test_a_quantile_lies_between_its_bounds(numbers: list[float], share: float) -> None:
    values = np.clip(np.array(numbers), -1e17, 1e17)
    true = np.quantile(values, share, method="lower")
    low, high = histogram(values).quantile_within(share)
    assert low <= true <= high


@given(NUMBERS, st.floats(-1e17, 1e17))
@example([1.0, 2.0], 1.0)
def test_a_share_lies_between_its_bounds(numbers: list[float], at_most: float) -> None:
    values = np.array(numbers)
    low, high = histogram(values).share_within(at_most)
    assert low <= np.mean(values <= at_most) <= high


@given(NUMBERS, NUMBERS, NUMBERS)
def test_parts_in_any_order_add_up_to_the_whole(
    a: list[float], b: list[float], c: list[float]
) -> None:
    whole = histogram(np.array([*a, *b, *c]))
    summed = Histogram()
    for part in (c, a, b):
        each = histogram(np.array(part))
        summed.add_counts(each.first, each.worlds)
    assert summed.first == whole.first
    assert summed.worlds.tolist() == whole.worlds.tolist()
    assert whole.count == len(a) + len(b) + len(c)


def test_known_quantiles_of_many_worlds() -> None:
    values = np.random.default_rng(1).normal(3.0, 1.0, 200_000)
    found = histogram(values).quantiles((0.05, 0.5, 0.95))
    np.testing.assert_allclose(found, np.quantile(values, (0.05, 0.5, 0.95)), rtol=0.004)


def test_a_histogram_takes_the_same_room_however_many_worlds_it_counts() -> None:
    dice, counter = np.random.default_rng(2), Histogram()
    counter.add(dice.lognormal(0, 1, 100_000))
    before = len(counter.worlds)
    for _ in range(20):
        counter.add(dice.lognormal(0, 1, 100_000))
    assert len(counter.worlds) < 1.5 * before
    assert counter.count == 2_100_000
