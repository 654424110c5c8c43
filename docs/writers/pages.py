"""The pages that are written from the code, each by a module with a function `text`."""

from importlib import import_module
from pathlib import Path

DOCS = Path(__file__).parents[1]
PAGES = {
    "case-file": "writers.case_file",
    "cli": "writers.cli",
    "outcomes": "writers.outcomes",
    "theories": "writers.theories",
}


def text(page: str) -> str:
    """What a page has to say, by the code as it is."""
    made: str = import_module(PAGES[page]).text()
    return made


def write(page: str) -> Path:
    """Write a page anew."""
    path = DOCS / f"{page}.md"
    path.write_text(text(page), encoding="utf-8")
    return path
