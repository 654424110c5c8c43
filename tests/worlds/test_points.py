"""How often worlds believe each theory, and what of a world hangs on that."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import qmc

from foedus.case.read import read_text
from foedus.case.schema import Case
from foedus.engine.reading import bound
from foedus.worlds.points import unit_rows, values, which

TEXT = (Path(__file__).parents[1] / "engine" / "break-even.yaml").read_text("utf-8")
ONE = "effort: [steady]"
U = hnp.arrays(float, 64, elements=st.floats(0, 1, exclude_max=True))


def case_with(effort: str) -> Case:
    assert ONE in TEXT
    shirks = "  effort.shirks.loss: {between: [0, 0.1], unit: '1', source: made}\n"
    text = TEXT.replace(ONE, f"effort: {effort}")
    return read_text(text.replace("assumptions:\n", "assumptions:\n" + shirks), "case.yaml")


def believed(effort: str) -> tuple[np.ndarray, np.ndarray]:
    """The theory of effort each of 1,024 worlds holds, and all other numbers of those worlds."""
    case = case_with(effort)
    model = bound(case)
    table = values(case, model, unit_rows(len(model.columns), 0, 1_024, seed=3))[model.reference]
    at = model.at("theory.effort")
    return table[:, at], np.delete(table, at, axis=1)


@pytest.mark.filterwarnings("ignore:The balance properties:UserWarning")
@pytest.mark.parametrize(
    ("first", "last"), [(0, 1), (0, 64), (5, 7), (2_048, 2_100), (16 * 2**20 - 40, 16 * 2**20 + 40)]
)
def test_any_rows_are_those_that_scipy_comes_to_point_by_point(first: int, last: int) -> None:
    found = unit_rows(3, first, last, seed=2)
    for scramble in range(16):
        stream = np.random.default_rng([2, scramble])
        dealt = stream.permutation(3)
        sequence = qmc.Sobol(3, scramble=True, rng=stream)
        mine = [world for world in range(first, last) if world % 16 == scramble]
        if mine and mine[0] >= 16:
            sequence.fast_forward(mine[0] // 16)
        theirs = sequence.random(len(mine))[:, dealt]
        np.testing.assert_array_equal(found[[world - first for world in mine]], theirs)


def test_no_two_columns_are_alike_in_two_thousand_worlds() -> None:
    """Pairs of a Sobol sequence's dimensions are, in every scramble of so few points alike."""
    halves = np.where(unit_rows(220, 0, 2_048, 0) > 0.5, 1.0, -1.0)
    alike = np.abs(halves.T @ halves / len(halves))
    np.fill_diagonal(alike, 0.0)
    assert alike.max() < 0.25  # it was .75 with every dimension in its own column


def test_equal_weights_are_the_list_bit_for_bit() -> None:
    listed, weighed = believed("[steady, shirks]"), believed("{steady: 7, shirks: 7}")
    np.testing.assert_array_equal(listed[0], weighed[0])
    np.testing.assert_array_equal(listed[1], weighed[1])


def test_a_theory_is_believed_as_often_as_its_weight_says_and_nothing_else_moves() -> None:
    alike, more = believed("[steady, shirks]"), believed("{steady: 3, shirks: 1}")
    assert np.mean(alike[0] == 0) == 0.5
    assert np.mean(more[0] == 0) == 0.75
    assert np.all(more[0] <= alike[0])  # some go over to the first theory, none leaves it
    np.testing.assert_array_equal(alike[1], more[1])


@pytest.mark.parametrize(("effort", "left"), [("{steady: 0, shirks: 1}", 1), ("{steady: 2, shirks: 0}", 0)])  # fmt: skip  # noqa: E501
def test_a_weight_of_nought_switches_a_theory_off(effort: str, left: int) -> None:
    assert set(believed(effort)[0]) == {left}


def test_weights_leave_the_model_as_it_is_so_nothing_is_compiled_anew() -> None:
    alike = bound(case_with("[steady, shirks]"))
    assert alike == bound(case_with("{steady: 0.1, shirks: 0}"))
    assert hash(alike) == hash(bound(case_with("{steady: 0, shirks: 5}")))


@given(weights=st.lists(st.floats(0.01, 100), min_size=1, max_size=6), u=U)
def test_only_the_ratios_of_weights_matter(weights: list[float], u: np.ndarray) -> None:
    found = which(weights, u)
    np.testing.assert_array_equal(found, which([w * 4 for w in weights], u))
    assert found.min() >= 0
    assert found.max() < len(weights)


@given(u=U, places=st.lists(st.booleans(), min_size=2, max_size=6).filter(any))
def test_what_weighs_nought_is_never_held(u: np.ndarray, places: list[bool]) -> None:
    found = which([float(each) for each in places], u)
    assert all(places[i] for i in found)


@given(u=U, count=st.integers(1, 7))
def test_equal_weights_cut_the_unit_in_equal_parts(u: np.ndarray, count: int) -> None:
    dyadic = np.floor(u * 2**30) / 2**30  # where points of the design lie
    np.testing.assert_array_equal(which([1.0] * count, dyadic), np.floor(dyadic * count))
