"""The cases that come with foedus."""

from importlib.resources import files
from pathlib import Path

from foedus.errors import CaseError, Problem, did_you_mean


def names() -> list[str]:
    """The names of the shipped cases."""
    return sorted(path.stem for path in _folder().glob("*.yaml"))


def find(case: str | Path) -> Path:
    """The file that is meant: a path, or the name of a shipped case.

    Raises:
        CaseError: if there is neither.
    """
    path, known = Path(case), names()
    if path.exists():
        return path
    if str(case) in known:
        return _folder() / f"{case}.yaml"
    hint = f"{did_you_mean(path.stem, known)}; or give the path of a case file."
    raise CaseError([Problem(str(case), "", "no such file, and no shipped case", hint)])


def _folder() -> Path:
    return Path(str(files("foedus"))) / "cases"
