"""Which versions of what had a part in the numbers of a run: two of them are never mixed."""

import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
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
    return found


def _code() -> str:
    """A hash of all that makes worlds and plays them, for a foedus that is being worked on."""
    here = Path(__file__).parent
    parts = ("case", "figures", "mechanisms", "closure", "worlds", "engine")
    files = [p for part in parts for p in (here / part).iterdir() if p.is_file()]
    content = b"".join(p.name.encode() + p.read_bytes() for p in sorted(files))
    return hashlib.sha256(content).hexdigest()[:16]
