"""The guards that tests/guards.py takes out are still where it looks, and the page names each."""

from pathlib import Path

import pytest

from guards import GUARDS, Guard

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "reliability.md").read_text("utf-8")


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.says)
def test_a_guard_stands_where_it_is_taken_out_and_the_page_names_it(guard: Guard) -> None:
    text = (ROOT / "src" / "foedus" / guard.file).read_text("utf-8")
    assert text.count(guard.line) == 1
    assert f"| {guard.says} |" in PAGE
