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


def read_from(run: Run, most: int | None, designs: Sequence[str] = ()) -> list[str]:
    """What an explanation is read from: it is made again when any of this changes.

    Args:
        run: a run.
        most: so many of its worlds are looked through at most; None for all.
        designs: the names of its designs that are read, if they were played.
    """
    looked = min(most or run.sound.height, run.sound.height)
    played = [run, *map(run.design, designs)]
    blocks = ("" if each is None else json.dumps(each.blocks, sort_keys=True) for each in played)
    return [str(looked), *blocks]


def remembered(
    run: Run, claim: str, source: Sequence[str], shape: type[T], make: Callable[[str], T]
) -> T:
    """An explanation as it is kept, or made and kept.

    Args:
        run: a run.
        claim: what is explained.
        source: what the explanation is read from, as `read_from` tells it.
        shape: the dataclass of the explanation.
        make: makes it; it is given its key, a hash of what it is read from, to hold.
    """
    key = hashlib.sha256("".join([__version__, *source]).encode()).hexdigest()
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
