"""Which worlds of a run too long to keep are kept row by row: a fair sample, the same anywhere.

World k has a ticket, a random number that depends on (seed, k) alone; the worlds with the lowest
tickets are kept. So whoever makes a block knows which of its worlds to keep, in any split.
"""

import numpy as np

Tickets = np.ndarray  # uint64

_AT_ONCE = 1 << 20
_OF_FOUR = 4  # Philox makes four numbers a step


def tickets(first: int, last: int, seed: int) -> Tickets:
    """The tickets of worlds [first, last)."""
    stream = np.random.Philox(key=seed)
    start = first - first % _OF_FOUR
    if start:
        stream.advance(start // _OF_FOUR)
    return np.asarray(stream.random_raw(last - start)[first - start :], np.uint64)


def highest_kept(keep: int, worlds: int, seed: int) -> int:
    """The highest ticket among the `keep` lowest of a run; any ticket, if all worlds are kept."""
    if keep >= worlds:
        return int(np.iinfo(np.uint64).max)
    lowest = np.empty(0, np.uint64)
    for first in range(0, worlds, _AT_ONCE):
        more = tickets(first, min(first + _AT_ONCE, worlds), seed)
        lowest = np.concatenate([lowest, more])
        if len(lowest) > keep:
            lowest = np.partition(lowest, keep - 1)[:keep]
    return int(lowest.max())
