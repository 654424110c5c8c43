"""Outcomes that installed packages offer, by entry points in the group `foedus.outcomes`."""

from collections.abc import Iterable
from importlib.metadata import entry_points
from typing import Any

from foedus.errors import FoedusError


def contributed(ours: Iterable[str]) -> dict[str, Any]:
    """Every contributed outcome, by name, in the order of the alphabet.

    Raises:
        FoedusError: if a name is one of `ours`, or offered twice: results would hang on which
            package was found first.
    """
    found: dict[str, Any] = {}
    taken = set(ours)
    for entry in sorted(entry_points(group="foedus.outcomes"), key=lambda each: each.name):
        if entry.name in taken or not entry.name.isidentifier():
            package = entry.dist.name if entry.dist else entry.value
            why = "there is one of that name" if entry.name in taken else "that is no name"
            raise FoedusError(f"the package {package} offers an outcome '{entry.name}': {why}")
        taken.add(entry.name)
        found[entry.name] = entry.load()
    return found
