"""What stands under `examples/` works as it stands."""

from pathlib import Path

import pytest

from foedus.engine.reading import check

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_an_example_reads_without_a_warning(path: Path) -> None:
    assert check(path) == []


def test_there_is_an_example_written_from_the_tutorial() -> None:
    assert (EXAMPLES / "philippines.yaml").exists()
