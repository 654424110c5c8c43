"""Public research data, for the tests that recompute published figures from them."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def research_data() -> Callable[[str], Path]:
    """The file of that name in a folder `data` beside the project; skips where there is none."""

    def find(name: str) -> Path:
        found = sorted(Path(__file__).parents[3].glob(f"*/data/{name}"))
        if not found:
            pytest.skip(f"{name} is not beside the project: it is its authors' to hand out")
        return found[0]

    return find
