"""The small case, read, and everything that is served of it."""

from collections.abc import Iterator

import pytest
from small_live import text

from foedus.case.read import draft_text
from foedus.case.schema import Case
from foedus.engine.reading import sound
from foedus.live.edits import Base, base_of
from foedus.live.serve import site_of
from foedus.live.server import Site


@pytest.fixture(scope="session")
def small_case() -> Case:
    return sound(draft_text(text(), "small.yaml"))


@pytest.fixture(scope="session")
def base(small_case: Case) -> Base:
    return base_of(small_case)


@pytest.fixture(scope="session")
def site(small_case: Case) -> Iterator[Site]:
    found = site_of(small_case)
    yield found
    found.desk.close()
