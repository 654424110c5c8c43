"""The gallery of reports: every shipped case played, judged, explained; built, never committed.

`python docs/writers/gallery.py [WORLDS]`; some minutes. Nothing is fetched.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]

import foedus  # noqa: E402
from foedus.case import shipped  # noqa: E402
from writers.markdown import table  # noqa: E402

DOCS = Path(__file__).parents[1]
WORLDS = 512
MOST = 5_000_000  # bytes of one report
HEAD = """# Reports of the shipped cases

Each report is the one HTML file that `foedus run` writes, and opens without a network. These were
played with {worlds:,} worlds, seed 0, when the site was built: enough to look around, too few to
quote; a run plays 65,536.
"""


def main(cases: Iterable[str], folder: Path, worlds: int) -> Path:
    """Run each case, keep its report in `folder/gallery`, and write the page that leads there."""
    (folder / "gallery").mkdir(exist_ok=True)
    parts = [HEAD.format(worlds=worlds)]
    for case in cases:
        name = Path(case).stem
        parts.append(_entry(case, folder / "gallery" / f"{name}.html", worlds))
        print(name, flush=True)
    page = folder / "gallery.md"
    page.write_text("\n".join(parts), encoding="utf-8")
    return page


def within(report: Path) -> Path:
    """The report, if it is small enough for a site."""
    if (size := report.stat().st_size) > MOST:
        raise SystemExit(f"{report}: {size:,} bytes, more than {MOST:,}")
    return report


def _entry(case: str, report: Path, worlds: int) -> str:
    """The part of the page about one case, whose report is written to `report`."""
    read = foedus.read(case)
    with tempfile.TemporaryDirectory() as place:
        asked = ["run", case, "-n", str(worlds), "-o", f"{place}/run", "--json"]
        done = subprocess.run(
            [sys.executable, "-c", "from foedus import cli; cli.main()", *asked],
            check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        shutil.move(within(Path(place) / "run" / "report.html"), report)
    verdicts = json.loads(done.stdout)["verdicts"]
    tested = [each for each in verdicts if each["share"]]
    said = Counter(each["verdict"] for each in verdicts)
    counts = ", ".join(f"{word} {n}" for word, n in said.most_common())
    rows = [
        (each["says"], each["verdict"], f"{100 * each['share']['share']:.0f} %")
        for each in tested[:5]
    ]
    return (
        f"## {read.title}\n\n{read.question}\n\n"
        f"**[Open the report](gallery/{report.name})**: "
        f"{len(read.options)} options, {len(verdicts)} claims: {counts}.\n\n"
        + table(("claim, of those tested", "verdict", "share of worlds"), rows)
        + "\n"
    )


if __name__ == "__main__":
    print(main(shipped.names(), DOCS, int(sys.argv[1]) if sys.argv[1:] else WORLDS))
