"""Searching levers: what is found is what the engine gives, and stopping changes nothing."""

from pathlib import Path

import numpy as np
import pytest
from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting

import foedus
from foedus import cli, optimise
from foedus.case.schema import Case
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
