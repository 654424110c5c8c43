"""A page is its template, `docs/writers/<page>.md`, with what the code says put in."""

from collections.abc import Iterable, Sequence
from pathlib import Path

MADE = "<!-- Written by `make docs`: change the code or docs/writers/, not this page. -->"


def page(name: str, **parts: Iterable[str]) -> str:
    """The template of a page, each `<!-- part -->` replaced by that part's paragraphs."""
    text = (Path(__file__).parent / f"{name}.md").read_text(encoding="utf-8")
    for part, paragraphs in parts.items():
        mark = f"<!-- {part} -->"
        if text.count(mark) != 1:
            raise ValueError(f"{name}.md must have {mark} once")
        text = text.replace(mark, "\n\n".join(each.strip("\n") for each in paragraphs if each))
    return f"{MADE}\n\n{text}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a `|` within a cell does not end it."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    """Text set as code; nothing for nothing."""
    return f"`{text}`" if text else ""
