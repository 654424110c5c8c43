"""Pages that are written from the code say what the code says."""

import pytest

from writers.pages import DOCS, PAGES, text
from writers.theories import cited


@pytest.mark.parametrize("page", PAGES)
def test_a_written_page_says_what_the_code_says(page: str) -> None:
    committed = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    assert committed == text(page), "run `make docs` and commit what it writes"


def test_every_key_of_a_case_file_says_what_it_means() -> None:
    lines = (DOCS / "case-file.md").read_text(encoding="utf-8").splitlines()
    silent = [line for line in lines if line.startswith("| `") and line.endswith("|  |")]
    assert not silent, "comment these keys where they are defined"


def test_keys_of_sources_are_those_in_brackets_after_the_word_source() -> None:
    said = """In [0, 1].

    Source:
        Two studies [gml, atop]; a third, with a broken line [lee2023,
        kenwick2015]; 95 % in [.1, .2].
    """
    assert cited(said) == {"gml", "atop", "lee2023", "kenwick2015"}
    assert cited("Not a source [gml].") == set()
