"""What the site adds to the pages: the menu, by what pages there are, and the gallery."""

import re
from pathlib import Path
from typing import Any

# Titles are those of the pages. A page that is not named here stands under "More".
MENU: dict[str, tuple[str, ...]] = {
    "Start": ("index.md", "tutorial.md", "how-to/run.md", "how-to/read-a-result.md", "live.md"),
    "How to": (
        "how-to/write-a-case.md",
        "analysis.md",
        "closure.md",
        "how-to/add.md",
        "clusters.md",
        "ema-workbench.md",
    ),
    "Reference": ("case-file.md", "theories.md", "outcomes.md", "cli.md"),
    "Trust": ("validation.md", "signs.md", "backtest.md", "benchmarks.md", "reliability.md"),
    "About": ("organised.md", "cite.md", "licences.md", "gallery.md"),
}


def menu(pages: set[str]) -> list[dict[str, list[str]]]:
    """The sections of the menu, each with those of its pages that exist."""
    named = {page for section in MENU.values() for page in section}
    sections = {**MENU, "More": tuple(sorted(pages - named))}
    found = {
        title: [page for page in wanted if page in pages] for title, wanted in sections.items()
    }
    return [{title: each} for title, each in found.items() if each]


def on_config(config: Any) -> Any:
    """Called by MkDocs before it looks at the pages."""
    docs = Path(config.docs_dir)
    pages = {page.relative_to(docs).as_posix() for page in docs.rglob("*.md")}
    config.nav = menu({page for page in pages if not page.startswith("writers/")})
    return config


def on_page_markdown(markdown: str, **_: Any) -> str:
    """A page whose first line says by what it was written is still called by its heading."""
    return re.sub(r"\A<!--.*?-->\s*", "", markdown, flags=re.DOTALL)
