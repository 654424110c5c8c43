"""The gallery of reports: every shipped case played and reported; built, never committed.

`python docs/writers/gallery.py [WORLDS]`; some minutes.
"""

import sys
import tempfile
from pathlib import Path

import foedus
from foedus.case import shipped

DOCS = Path(__file__).parents[1]
WORLDS = 4_096
HEAD = """# Reports of the shipped cases

Each is the one HTML file that `foedus run` writes; it opens without a network. Played with
{worlds:,} worlds, seed 0.
"""


def main(worlds: int) -> Path:
    """Play and report every shipped case, and write the page that leads to the reports."""
    (DOCS / "gallery").mkdir(exist_ok=True)
    lines = [HEAD.format(worlds=worlds)]
    for name in shipped.names():
        case = foedus.read(name)
        with tempfile.TemporaryDirectory() as folder:
            run = foedus.simulate(case, worlds, out=folder)
            foedus.report(run, DOCS / "gallery" / f"{name}.html")
        lines.append(f"- [{case.title}](gallery/{name}.html): {case.question}")
        print(name)
    page = DOCS / "gallery.md"
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return page


if __name__ == "__main__":
    print(main(int(sys.argv[1]) if sys.argv[1:] else WORLDS))
