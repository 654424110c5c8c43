"""Claims that always or never hold, nothing that varies, few worlds, worlds that could not be
computed: sentences, no tracebacks."""

import re
from pathlib import Path

import numpy as np
import pytest

import foedus
from foedus.errors import FoedusError
from foedus.table import Run
from test_explaining import TEXT, call

EDGES = (("ALWAYS", "at_least", 0), ("NEVER", "at_most", 0))
CLAIMS = "claims:\n" + "".join(
    f"  {name}:\n    says: So.\n    kind: cause\n    tests: {{t: {{says: So., because: So., level: "
    f"{{outcome: challenge.T, option: without, is: {is_}, value: {value}}}}}}}\n"
    for name, is_, value in EDGES
)
VARIES = TEXT.replace("claims:\n", CLAIMS)
CONSTANT = re.sub(r"between: \[[-0-9.]+, ([0-9.]+)\]", r"exactly: \1", VARIES)
# War can be no likelier than bloodshed: where it is, a world is not computed.
REFUSED = {
    "some": VARIES.replace("rates.war: {exactly: 0.042", "rates.war: {between: [0.1, 0.4]"),
    "all": VARIES.replace("rates.war: {exactly: 0.042", "rates.war: {between: [0.45, 0.5]"),
}


@pytest.fixture(scope="module", params=[VARIES, CONSTANT], ids=["16 worlds", "nothing varies"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("edges")
    (folder / "edges.yaml").write_text(request.param, "utf-8")
    run = foedus.simulate(foedus.read(folder / "edges.yaml"), 16, out=folder / "run")
    foedus.judge(run)
    return run


def test_every_claim_and_the_choice_are_explained_in_sentences(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    for claim in run.case.claims:
        more = [] if run.case.claims[claim].weigh else ["--gradients", "16"]
        code, out, err = call(capsys, "explain", str(run.folder), claim, *more)
        assert code == 0, err
        assert not re.search(r"\bnan\b|\binf\b", out)
    assert call(capsys, "explain", str(run.folder))[0] == 0
    assert call(capsys, "report", str(run.folder))[0] == 0


def test_sobol_indices_of_a_case_in_which_nothing_varies_are_refused(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = call(capsys, "explain", str(run.folder), "NEVER", "--sobol", "2")
    constant = run.case.text == CONSTANT
    assert code == (2 if constant else 0)
    assert ("no assumption differs from world to world" in err) == constant


@pytest.mark.parametrize(("worlds", "said"), [("1", "1 world is too few"), ("10", "10 worlds are")])
def test_too_few_worlds_are_refused_before_anything_is_written(
    worlds: str, said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "edges.yaml").write_text(VARIES, "utf-8")
    out = tmp_path / "run"
    code, _, err = call(capsys, "run", str(tmp_path / "edges.yaml"), "-n", worlds, "-o", str(out))
    assert (code, out.exists()) == (2, False)
    assert said in err


def refusing(text: str, folder: Path) -> Run:
    (folder / "refusing.yaml").write_text(text, "utf-8")
    return foedus.simulate(foedus.read(folder / "refusing.yaml"), 256, out=folder / "run")


def test_worlds_that_could_not_be_computed_are_left_out_of_all_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = refusing(REFUSED["some"], tmp_path)
    worlds = 256 - run.refused
    assert 20 < worlds < 236
    every = foedus.judge(run)
    assert {each.worlds for each in every} == {worlds}
    for claim in run.case.claims:
        more = [] if run.case.claims[claim].weigh else ["--gradients", "16", "--sobol", "2"]
        code, out, err = call(capsys, "explain", str(run.folder), claim, *more)
        assert code == 0, err
        assert not re.search(r"\bnan\b|\binf\b", out)
        assert foedus.explain(run, claim).worlds == worlds
    for command in ("explain", "report", "judge"):
        assert call(capsys, command, str(run.folder))[0] == 0
    found = foedus.sensitivity(run, "challenge.T")
    assert set(found["worlds"].drop_nulls()) <= {worlds}
    assert set(foedus.robustness(run, "challenge.T")["worlds"]) == {worlds}
    experiments, outcomes = run.to_ema()
    assert len(experiments) == 2 * worlds
    assert all(np.isfinite(value).all() for value in outcomes.values())
    assert run.inputs().shape == (worlds, run.problem()["num_vars"])
    fresh = run.design("fresh")
    assert fresh is not None
    assert fresh.refused > 0


def test_where_the_design_of_sobol_indices_could_not_be_computed_the_rest_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two blocks of worlds, of each of which some could not be: no index, and a sentence."""
    run = refusing(REFUSED["some"], tmp_path)
    code, out, err = call(capsys, "explain", str(run.folder), "RARE", "--sobol", "2")
    assert code == 0, err
    assert "blocks of the Sobol design" in " ".join(out.split())


def test_without_any_world_every_command_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = refusing(REFUSED["all"], tmp_path)
    assert run.refused == 256
    assert {each.verdict for each in foedus.judge(run)} == {"untested"}
    for claim in ("ALWAYS", "WORTH"):
        code, _, err = call(capsys, "explain", str(run.folder), claim)
        assert code == 2
        assert "no world of" in err
    assert call(capsys, "explain", str(run.folder))[0] == 2
    code, out, _ = call(capsys, "judge", str(run.folder))
    assert code == 0
    assert "No world could be computed" in out
    assert call(capsys, "judge", str(run.folder), "--json")[0] == 0
    assert call(capsys, "report", str(run.folder))[0] == 0
    with pytest.raises(FoedusError, match="No world has every outcome"):
        foedus.robustness(run, "challenge.T")
    assert foedus.discover(run, "ALWAYS") == []
    assert foedus.sensitivity(run, "challenge.T")["matters"].sum() == 0
    assert run.problem() == {"num_vars": 0, "names": [], "bounds": []}
    assert run.inputs().shape == (0, 0)
    assert len(run.to_ema()[0]) == 0
