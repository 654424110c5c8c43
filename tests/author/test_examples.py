"""What stands under `examples/` works as it stands."""

import re
from pathlib import Path

import pytest

import foedus
from foedus.engine.reading import check

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted(EXAMPLES.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_example_reads_without_a_warning(path: Path) -> None:
    assert check(path) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_example_runs_to_its_report(path: Path, tmp_path: Path) -> None:
    run = foedus.simulate(foedus.read(path), 64, out=tmp_path / "run")
    verdicts = foedus.judge(run)
    assert [each.claim for each in verdicts] == list(run.case.claims)
    assert all(each.share or each.record for each in verdicts), "each claim is tested or recorded"
    page = foedus.report(run).read_text("utf-8")
    assert all(each.says in page for each in verdicts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_option_that_says_it_has_no_obligation_has_none(path: Path) -> None:
    case = foedus.read(path)
    without = [o for o in case.options.values() if re.search("no obligation", o.says, re.I)]
    assert without, "one option at least does without the treaty, or the case cannot ask its worth"
    for option in without:
        obligation = {**case.assumptions, **option.sets}["treaty.obligation"]
        assert obligation.exactly == "none", option.says


def test_the_readme_speaks_of_every_example() -> None:
    said = (EXAMPLES / "README.md").read_text("utf-8")
    assert [path.name for path in FILES if f"({path.name})" not in said] == []
    assert len(FILES) >= 3, "at least three were written from the tutorial"
