"""Searching levers: what is found is what the engine gives, and stopping changes nothing."""

from pathlib import Path

import numpy as np
import pytest
from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting

import foedus
from foedus import cli, optimise
from foedus.case.schema import Case
from foedus.downhill import _direction, downhill, gradients
from foedus.errors import FoedusError
from foedus.worlds.points import unit_rows

TEXT = (
    (Path(__file__).parent / "engine" / "break-even.yaml")
    .read_text("utf-8")
    .replace("rates.challenge: {exactly: 0.10,", "rates.challenge: {between: [0.05, 0.2],")
    .replace("base.troops: {exactly: 1000,", "base.troops: {between: [500, 3000],")
)
OVER = ["base.troops=0:6000", "treaty.obligation=none|defence"]
AIMS = ["challenge.T", "cost:mean"]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    path = tmp_path_factory.mktemp("case") / "tiny.yaml"
    path.write_text(TEXT, "utf-8")
    return foedus.read(path)


def search(case: Case, folder: Path, generations: int) -> optimise.Found:
    over, aims = optimise.levers(case, OVER), optimise.objectives(case, AIMS)
    return optimise.optimise(case, over, aims, folder, generations=generations)


def test_a_search_that_was_stopped_ends_as_one_that_was_not(case: Case, tmp_path: Path) -> None:
    whole = search(case, tmp_path / "whole", 4)
    search(case, tmp_path / "parts", 2)
    log = tmp_path / "parts" / optimise.LOG
    log.write_bytes(log.read_bytes() + b'{"torn')
    again = search(case, tmp_path / "parts", 4)
    assert again.settings == whole.settings
    np.testing.assert_array_equal(again.values, whole.values)
    assert log.read_bytes() == (tmp_path / "whole" / optimise.LOG).read_bytes()
    assert whole.evaluated == 4 * 12
    rising = np.array(whole.hypervolume)
    assert (np.diff(rising) >= -0.05).all()  # an archive by boxes may lose a sliver
    assert 0 < rising[-1] <= 1
    for kept, value in zip(whole.settings, whole.values, strict=True):
        (_, obligation), troops = list(kept.items())[1], kept["base.troops"]
        assert obligation in ("none", "defence")
        assert isinstance(troops, float)
        assert 0 <= troops <= 6000
        assert np.isfinite(value).all()
    # More troops cost more, so nothing is unbeaten but where more troops mean fewer challenges.
    assert (np.diff(whole.values[:, 0]) >= 0).all()


def test_objectives_of_a_setting_are_those_of_the_same_option_in_a_run(
    case: Case, tmp_path: Path
) -> None:
    over, aims = optimise.levers(case, OVER), optimise.objectives(case, AIMS)
    unit = unit_rows(len(optimise.bound(case).columns), 0, 2_048, 0)
    found = optimise.evaluate(case, over, aims, np.array([[0.5, 0.9], [0.0, 0.0]]), unit)
    text = TEXT.replace("base.troops: {between: [500, 3000],", "base.troops: {exactly: 3000,")
    path = tmp_path / "same.yaml"
    path.write_text(text, "utf-8")
    run = foedus.simulate(foedus.read(path), 2_048, out=tmp_path / "run")
    for k, aim in enumerate(aims):
        values = run.kept(aim.outcome, ["light"])["light"].to_numpy().astype(float)
        expected = values.mean() if aim.metric == "mean" else np.quantile(values, 0.9)
        assert found[0, k] == pytest.approx(expected, rel=1e-6)


def test_gradients_of_objectives_are_their_central_differences(case: Case) -> None:
    """By the rounded settings that are played: a thousandth of these ranges is not rounded."""
    over = optimise.levers(case, ["base.troops=1000:2000", "training.exercises=0:10", *OVER[1:]])
    aims = optimise.objectives(case, ["challenge.T", "cost:mean", "cost", "wins_helped.T:mean"])
    unit = unit_rows(len(optimise.bound(case).columns), 0, 512, 0)
    places = np.array([[0.5, 0.5, 0.2], [0.3, 0.7, 0.8]])
    found = gradients(case, over, aims, places, unit)
    assert (found[:, :, 2] == 0).all()  # words have no slope
    step = 0.02
    for j in range(2):
        ahead, behind = places.copy(), places.copy()
        ahead[:, j] += step
        behind[:, j] -= step
        here = [optimise.evaluate(case, over, aims, x, unit) for x in (ahead, behind)]
        expected = (here[0] - here[1]) / (2 * step)
        np.testing.assert_allclose(found[:, :, j], expected, rtol=5e-3, atol=1e-5)
    assert (np.abs(found[:, 1:3, 0]) > 1).all()  # a larger base costs more


def test_a_search_begins_where_each_objective_is_lowest_along_its_slopes(
    case: Case, tmp_path: Path
) -> None:
    """Troops cost money, exercises too: downhill in cost is none of either."""
    over = optimise.levers(case, ["base.troops=0:6000", "training.exercises=0:10"])
    aims = optimise.objectives(case, ["cost:mean", "challenge.T"])
    unit = unit_rows(len(optimise.bound(case).columns), 0, 512, 0)

    def evaluate(places: np.ndarray) -> np.ndarray:
        return optimise.evaluate(case, over, aims, places, unit)

    begun = downhill(case, over, aims, unit, evaluate)
    assert begun.shape == (3, 2)
    np.testing.assert_allclose(begun[0], 0.0, atol=0.02)
    at = evaluate(np.vstack([begun, np.full((1, 2), 0.5)]))
    for k in range(2):
        assert at[k, k] <= at[-1, k]  # not above the middle, where it set out
    first = search(case, tmp_path / "search", 1)
    blind = np.random.default_rng(1).random((12, 2))
    assert first.values[:, 1].min() <= evaluate(blind)[:, 0].min()


def test_a_lever_that_an_outcome_jumps_with_stays_where_it_is() -> None:
    direction = _direction(np.ones((1, 1)), np.zeros((1, 1, 2)), np.full((1, 2), 0.5))
    assert (direction == 0).all()
    inward = _direction(np.ones((1, 1)), np.array([[[4.0, 1.0]]]), np.array([[0.0, 0.5]]))
    np.testing.assert_array_equal(inward, [[0.0, 1.0]])  # no step out of the range


def test_the_archive_keeps_the_pareto_front_to_within_epsilon() -> None:
    points = np.random.default_rng(0).random((300, 3))
    front = set(NonDominatedSorting().do(points, only_non_dominated_front=True).tolist())
    fine = optimise.archive(points, np.full(3, 1e-9))
    assert set(fine.tolist()) == front
    coarse = optimise.archive(points, np.full(3, 0.2))
    assert len(coarse) < len(front)
    for point in points:  # each is beaten, or nearly, by one that is kept
        assert ((points[coarse] - 0.2) <= point).all(axis=1).any()
    points[0] = np.inf
    assert 0 not in optimise.archive(points, np.full(3, 0.2))


def test_what_was_found_can_be_pasted_into_the_case(case: Case, tmp_path: Path) -> None:
    found = search(case, tmp_path / "search", 1)
    pasted = TEXT.replace("options:\n", "options:\n" + optimise.as_options(found) + "\n")
    path = tmp_path / "pasted.yaml"
    path.write_text(pasted, "utf-8")
    option = foedus.read(path).options["found_1"]
    assert {n: a.exactly for n, a in option.sets.items()} == found.settings[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--over", "base.trops"], "did you mean 'base.troops'?"),
        (["--over", "base.troops=a:b"], "cannot read the range"),
        (["--over", "base.delay"], "write base.delay=low:high"),
        (["--over", "base.troops=-5:10"], "no range within 0 to"),
        (["--over", "treaty.obligation=maybe"], "is no value of treaty.obligation"),
        (["--over", "base.troops", "--objective", "wars"], "did you mean 'war'?"),
        (["--over", "base.troops", "--objective", "war:worst"], "is no objective"),
        (["--over", "base.troops", "-o", str(Path(__file__).parent)], "is no search"),
    ],
)
def test_what_cannot_be_searched_is_a_sentence_and_the_code_2(
    case: Case, tmp_path: Path, arguments: list[str], said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    path = tmp_path / "tiny.yaml"
    path.write_text(TEXT, "utf-8")
    with pytest.raises(SystemExit) as end:
        cli.main(["optimise", str(path), *arguments])
    assert end.value.code == 2
    assert said in capsys.readouterr().err


def test_another_search_in_the_same_folder_is_refused(case: Case, tmp_path: Path) -> None:
    search(case, tmp_path / "search", 1)
    over = optimise.levers(case, OVER[:1])
    with pytest.raises(FoedusError, match="holds another search"):
        optimise.optimise(case, over, optimise.objectives(case, AIMS), tmp_path / "search")
