"""No link of the documentation leads nowhere."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

HOME = Path(__file__).parents[2]
PAGES = sorted([*HOME.glob("*.md"), *(HOME / "docs").rglob("*.md")])
PAGES = [page for page in PAGES if page.parent.name != "writers"]


def _tokens(page: Path) -> Iterator[Token]:
    for token in MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8")):
        yield token
        yield from token.children or ()


def _links(page: Path) -> list[str]:
    found = [token.attrGet("href") or token.attrGet("src") for token in _tokens(page)]
    return [str(each) for each in found if each]


def _anchors(page: Path) -> set[str]:
    """The names of the headings, as GitHub and the built site make them."""
    tokens = list(_tokens(page))
    headings = [
        tokens[i + 1].content for i, token in enumerate(tokens) if token.type == "heading_open"
    ]
    plain = [re.sub(r"[^\w\s-]", "", heading).strip().lower() for heading in headings]
    return {re.sub(r"[-\s]+", "-", heading) for heading in plain}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(HOME).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for link in _links(page):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            assert parts.scheme in ("http", "https"), link
            assert re.fullmatch(r"[\w.-]+\.[a-z]{2,}(:\d+)?", parts.netloc), link
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        assert target.exists(), f"{link}: there is no {target}"
        assert target.is_relative_to(HOME), link
        if parts.fragment:
            assert parts.fragment in _anchors(target), f"{link}: no heading of that name"


def test_the_pages_that_are_checked_are_all_there_are() -> None:
    names = {page.relative_to(HOME).as_posix() for page in PAGES}
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/validation.md"} <= names
