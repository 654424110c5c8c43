"""What was explained is kept in the run folder, as `explained/<claim>.json`, and read there."""

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter

from foedus import __version__, disk
from foedus.errors import RunError
from foedus.judge.screens import keeping
from foedus.table import Run

FOLDER = "explained"

T = TypeVar("T")


def explained(run: Run, claim: str) -> dict[str, Any] | None:
    """What is kept of an explanation, as JSON; None if there is none that can be read."""
    path = run.folder / FOLDER / f"{claim}.json"
    try:
        found = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError, UnicodeDecodeError):
        return None
    return found if isinstance(found, dict) else None


def remembered(
    run: Run, claim: str, read_from: Sequence[str], shape: type[T], make: Callable[[str], T]
) -> T:
    """An explanation as it is kept, or made and kept.

    Args:
        run: a run.
        claim: what is explained.
        read_from: all that the explanation is read from; one of other worlds is made anew.
        shape: the dataclass of the explanation.
        make: makes it; it is given its key, a hash of what it is read from, to hold.
    """
    key = hashlib.sha256("".join([__version__, *read_from]).encode()).hexdigest()
    adapter, kept = TypeAdapter(shape), explained(run, claim)
    if kept is not None and kept.get("key") == key:
        return adapter.validate_python(kept)
    found = make(key)
    (run.folder / FOLDER).mkdir(exist_ok=True)
    said = adapter.dump_json(found, indent=1, by_alias=True)
    disk.replace(run.folder / FOLDER / f"{claim}.json", said)
    return found


def refuse_empty(run: Run) -> None:
    """Refuse to explain what no world says anything of.

    Raises:
        RunError: no world could be computed, or no screen keeps one.
    """
    if keeping(run).sound.is_empty():
        raise RunError(
            f"no world of {run.folder} could be computed, so there is nothing to explain"
        )
