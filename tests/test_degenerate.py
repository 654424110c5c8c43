"""Claims that always or never hold, nothing that varies, few worlds: sentences, no tracebacks."""

import re
from pathlib import Path

import pytest

import foedus
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
