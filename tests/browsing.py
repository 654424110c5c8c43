"""A real browser for tests: which one, where its pictures are kept, what is wrong with a page."""

import shutil
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
SCREENS = Path(__file__).parents[1] / "build" / "screens"  # kept by CI, to be looked at
LOOKS = [(1280, "light"), (390, "dark")]  # a desk and a phone

in_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium"),
]


def complaints_of(tab: Any, home: tuple[str, ...]) -> list[str]:
    """Errors and warnings of a page, and each address it asks for that does not begin with `home`.

    The list grows while the page is open.
    """
    found: list[str] = []
    tab.on("pageerror", lambda error: found.append(str(error)))
    tab.on("console", lambda m: m.type in ("error", "warning") and found.append(m.text))
    tab.on("request", lambda r: r.url.startswith(home) or found.append(r.url))
    return found


def barriers(tab: Any) -> list[tuple[str, list[str]]]:
    """What axe-core finds, minor matters aside: the rule, and where it is broken."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(tab).response["violations"]
    return [
        (rule["id"], [node["html"][:160] for node in rule["nodes"]][:4])
        for rule in found
        if rule["impact"] != "minor"
    ]
