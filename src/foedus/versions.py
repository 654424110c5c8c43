"""Which versions of what had a part in the numbers of a run: two of them are never mixed."""

import hashlib
import platform
from functools import cache
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, version
from importlib.util import find_spec
from pathlib import Path

_LIBRARIES = ("jax", "jaxlib", "numpy", "scipy", "polars")


@cache
def versions() -> dict[str, str]:
    """Of Python, the machine, the libraries, and of this very code."""
    found = {"python": platform.python_version(), "machine": platform.machine(), "code": _code()}
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "none"
    return found | contributors()


def contributors() -> dict[str, str]:
    """Of each package that offers theories or outcomes: its version, and a hash of that code."""
    offered: dict[str, list[EntryPoint]] = {}
    for group in ("foedus.theories", "foedus.outcomes"):
        for entry in entry_points(group=group):
            package = entry.dist.name if entry.dist else entry.module
            offered.setdefault(package, []).append(entry)
    return {f"package {name}": _release(entries) for name, entries in sorted(offered.items())}


def _release(entries: list[EntryPoint]) -> str:
    held = hashlib.sha256()
    for module in sorted({entry.module for entry in entries}):
        found = find_spec(module)
        if found and found.origin and Path(found.origin).is_file():
            held.update(Path(found.origin).read_bytes())
    number = entries[0].dist.version if entries[0].dist else "no version"
    return f"{number} {held.hexdigest()[:16]}"


def _code() -> str:
    """A hash of all that makes worlds and plays them, for a foedus that is being worked on."""
    here = Path(__file__).parent
    parts = ("case", "figures", "mechanisms", "closure", "worlds", "engine")
    files = [p for part in parts for p in (here / part).iterdir() if p.is_file()]
    content = b"".join(p.name.encode() + p.read_bytes() for p in sorted(files))
    return hashlib.sha256(content).hexdigest()[:16]
