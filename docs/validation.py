"""Write docs/validation.md: run every test that compares us with a published number.

Rows of tests that could not run here (their data or their solver is absent) are kept as they are.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

HOME = Path(__file__).parents[1]
sys.path.insert(0, str(HOME / "tests"))

from validation import BEGIN, END, PAGE, Row, page_rows, table  # noqa: E402

INTRODUCTION = f"""# Published numbers and ours

Each row is a test: it computes a known number with the functions that the simulation runs, or
counts again what our figures rest on, and fails if the two differ by more than the tolerance that
the test states. A source that begins with "after" or says "worked" gives a formula: the number was
worked out from it once, apart from our code. The table is written from the tests by
`python docs/validation.py`; a test that finds its row missing or changed here fails.

{BEGIN}
{END}
"""


def _compares(path: Path) -> bool:
    return "published(" in path.read_text(encoding="utf-8")


def main() -> int:
    """Run the tests and replace the table; the rest of the page is written by hand and stays."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "rows.json"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:xdist",
            "--validation",
            str(found),
        ]
        tests = [path for path in sorted((HOME / "tests").rglob("test_*.py")) if _compares(path)]
        done = subprocess.run([*command, *map(str, tests)], cwd=HOME, check=False)
        if done.returncode:
            return done.returncode
        new = json.loads(found.read_text(encoding="utf-8"))
    skipped = {f"`{each.split('[')[0]}`" for each in new["skipped"]}
    kept = [row for row in page_rows() if row.test in skipped]
    rows = [*kept, *(Row(**each) for each in new["rows"])]
    rows.sort(key=lambda row: row.test.split("::")[0])
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else INTRODUCTION
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    PAGE.write_text(before + table(rows) + after, encoding="utf-8")
    print(f"{len(rows)} rows, {len(kept)} of them kept from before")
    return 0


if __name__ == "__main__":
    sys.exit(main())
