"""What stands under `examples/` works as it stands."""

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
    assert all(each.share is not None for each in verdicts), "each claim is tested"
    page = foedus.report(run).read_text("utf-8")
    assert all(each.says in page for each in verdicts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_option_that_says_it_has_no_obligation_sets_none(path: Path) -> None:
    nothing = foedus.read(path).options["nothing"]
    assert "No obligation" in nothing.says
    assert nothing.sets["treaty.obligation"].exactly == "none"


def test_the_readme_speaks_of_every_example() -> None:
    said = (EXAMPLES / "README.md").read_text("utf-8")
    assert [path.name for path in FILES if f"({path.name})" not in said] == []
    assert len(FILES) >= 2, "at least two were written from the tutorial"
