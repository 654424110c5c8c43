"""How whoever waits is told how far the work is."""

from collections.abc import Callable

Tell = Callable[[str, int, int], None]  # what is done, how much of it, how much in all


def silent(what: str, done: int, total: int) -> None:
    """Nobody is told."""
