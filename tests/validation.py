"""Published numbers beside ours: a test asks for the fixture `published` and calls it.

    def test_x(published):
        published("odds of war", "Fearon (1995)", published=1 / 3, ours=f(.1, .3), tolerance=0)

It asserts |ours - published| <= tolerance, and that docs/validation.md has the row; after a new or
changed call, `python docs/validation.py` writes the page anew from the tests themselves.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, astuple, dataclass
from math import log10
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "validation.md"
BEGIN, END = "<!-- rows: written by docs/validation.py -->", "<!-- end of rows -->"
HEAD = ("what", "source", "published", "ours", "difference", "test")
_FIXED = (0, 1, 2, 5)  # ours and difference may move in the last digit from machine to machine

Call = Callable[..., None]


@dataclass(frozen=True)
class Row:
    """One line of the table, as it is printed."""

    what: str
    source: str
    published: str
    ours: str
    difference: str
    test: str

    def fixed(self) -> tuple[str, ...]:
        """The columns that must not differ between the page and the tests."""
        return tuple(astuple(self)[i] for i in _FIXED)


def page_rows() -> list[Row]:
    """The rows of the committed page; none where there is no page yet."""
    if not PAGE.exists():
        return []
    lines = PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line]
    return [Row(*each) for each in cells[2:]]


def table(rows: list[Row]) -> str:
    """The rows as Markdown, between the two marks."""
    lines = [HEAD, ("---",) * len(HEAD), *map(astuple, rows)]
    return "\n".join([BEGIN, *("| " + " | ".join(cells) + " |" for cells in lines), END])


def _row(what: str, source: str, published: float, ours: float, test: str) -> Row:
    gap = ours - published
    finest = 6 if abs(gap) < 1e-12 or published == 0 else 2 - int(log10(abs(gap / published)))
    return Row(
        what,
        source,
        f"{published:.10g}",
        f"{ours:.{min(12, max(4, finest))}g}",
        f"{gap:.1e}" if abs(gap) > 1e-12 else "0",
        test,
    )


@pytest.fixture
def published(request: pytest.FixtureRequest) -> Call:
    """Compare one of our numbers with a published one; see the top of tests/validation.py."""
    path = request.node.path.relative_to(PAGE.parents[1]).as_posix()
    test = f"`{path}::{request.node.originalname}`"
    collected: list[Row] | None = request.config.stash.get(_ROWS, None)
    known = {row.fixed() for row in page_rows()} if collected is None else set()

    def compare(what: str, source: str, *, published: float, ours: float, tolerance: float) -> None:
        assert abs(ours - published) <= tolerance, f"{what}: published {published}, ours {ours}"
        row = _row(what, source, published, float(ours), test)
        if collected is None:
            assert row.fixed() in known, f"{PAGE.name} lacks {row}: run python docs/validation.py"
        else:
            collected.append(row)

    return compare


# `pytest --validation FILE` runs the tests that ask for the fixture, and writes their rows.

_ROWS = pytest.StashKey[list[Row]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--validation", metavar="FILE", help="write the published numbers to FILE")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--validation"):
        config.stash[_ROWS] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--validation"):
        items[:] = [item for item in items if "published" in getattr(item, "fixturenames", ())]


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Also the tests that were skipped, whose rows the page must keep."""
    if config.getoption("--validation"):
        skipped = [report.nodeid for report in terminalreporter.stats.get("skipped", [])]
        found = {"rows": [asdict(row) for row in config.stash[_ROWS]], "skipped": skipped}
        Path(config.getoption("--validation")).write_text(json.dumps(found), encoding="utf-8")
    return (yield)
