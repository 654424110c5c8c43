"""docs/licences.md: every package that foedus needs to run, and its licence.

    python docs/licences.py          writes the page
    python docs/licences.py --check  ends with 1 if a licence is not one that we may use

Read from what is installed; the packages are those that the extras of foedus ask for, and theirs.
"""

import re
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

PAGE = Path(__file__).parent / "licences.md"
EXTRAS = ("plan", "live", "optimise", "scale")
MAY = re.compile(
    r"Apache|BSD|MIT|ISC|PSF|Python Software Foundation|MPL|Mozilla|Unlicense|HPND|Zlib|CC0|0BSD|"
    r"Public Domain|NCSA|LGPL|Lesser",
    re.IGNORECASE,
)
NEVER = re.compile(r"\bA?GPL|Affero", re.IGNORECASE)
MIT = "Permission is hereby granted, free of charge"
HEAD = """# Licences

Written by `docs/licences.py` from what is installed. foedus itself is Apache-2.0; nothing below is
under the GPL or AGPL. MPL-2.0 binds changes to the package itself, not what uses it.

| package | licence | needed by |
|---|---|---|
"""


def needed() -> dict[str, set[str]]:
    """Every package that foedus needs at run time, and who asks for it."""
    found: dict[str, set[str]] = {}
    waiting = [("foedus", "", extra) for extra in ("", *EXTRAS)]
    seen: set[tuple[str, str]] = set()
    while waiting:
        name, asks, extra = waiting.pop()
        key = name.lower().replace("_", "-")
        if asks:
            found.setdefault(key, set()).add(asks)
        if (key, extra) in seen:
            continue
        seen.add((key, extra))
        try:
            wants = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        for each in map(Requirement, wants):
            if each.marker is None or each.marker.evaluate({"extra": extra}):
                waiting += [(each.name, key, part) for part in ("", *each.extras)]
    return found


def licence(name: str) -> str:
    """What a package says of its licence, in as few words as it can."""
    meta = distribution(name).metadata
    if meta.get("License-Expression"):
        return str(meta["License-Expression"])
    classed = [
        each.rpartition(" :: ")[2]
        for each in meta.get_all("Classifier") or []
        if each.startswith("License :: ") and not each.endswith("OSI Approved")
    ]
    said = (meta.get("License") or "").strip().splitlines()
    if MIT in " ".join(said):
        return "MIT"
    return ", ".join(classed) or (said[0] if said else "not said")


def main() -> int:
    """Write or check the page; 1 if a licence is not one that we may use."""
    rows, bad = [], []
    for name, asks in sorted(needed().items()):
        try:
            says = licence(name)
        except PackageNotFoundError:
            continue  # for another system or another Python
        rows.append(f"| {name} | {says} | {', '.join(sorted(asks))} |")
        if not MAY.search(says) or NEVER.search(says):
            bad.append(f"{name}: {says}")
    if not rows:
        sys.exit("foedus is not installed in this Python, so what it needs cannot be listed")
    if "--check" not in sys.argv:
        PAGE.write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    print(f"{len(rows)} packages", *bad, sep="\n")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
