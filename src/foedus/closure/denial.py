"""Denial for good: every set of deniers solved once, then looked up by each world."""

import math
import time
from typing import NamedTuple

import numpy as np

from foedus.closure.network import Network, Number, denying, without_hubs
from foedus.closure.paths import Floats, ample, envelope
from foedus.errors import PlanError

MOST_DENIERS = 12  # 4096 sets


class DeniedTable(NamedTuple):
    """Paths for every set of deniers, in arrays that one world looks up by number.

    Row `sum of 2^i over the deniers i that deny` of `rates` and `latencies`, both of shape
    (2^K, paths), goes into `curve.filled` and `curve.filled_on`. Short rows are filled up with
    rate 0 and latency 0. Exact where stocks at each origin are ample.
    """

    deniers: tuple[str, ...]
    rates: Floats
    latencies: Floats


def denied_table(
    network: Network, horizon: Number = math.inf, seconds: Number = 10.0
) -> DeniedTable:
    """Solve the network once for each of the 2^K sets of deniers that deny for good.

    Raises:
        PlanError: as `envelope`; if there are more than 12 deniers; if an origin could run out;
            or if the time is up, for a table with holes would be used without a warning.
    """
    deniers = network.deniers
    if len(deniers) > MOST_DENIERS:
        raise PlanError(
            f"{len(deniers)} deniers make 2^{len(deniers)} sets, more than 2^{MOST_DENIERS}: "
            "use windows, or let some deniers act together."
        )
    if not ample(without_hubs(network)):
        raise PlanError("An origin could run out, so one row of paths a set is not enough.")
    rows = []
    ends = time.monotonic() + seconds
    for index in range(2 ** len(deniers)):
        names = {name for i, name in enumerate(deniers) if index >> i & 1}
        left = max(ends - time.monotonic(), 0.0)
        found = envelope(denying(network, names), horizon, left)
        if found.exact_to < horizon:
            raise PlanError(f"Only {index} of {2 ** len(deniers)} sets were solved in {seconds} s.")
        rows.append(found.cuts[0][1])
    width = max(1, *(len(row) for row in rows))
    rates, latencies = np.zeros((len(rows), width)), np.zeros((len(rows), width))
    for i, row in enumerate(rows):
        for j, path in enumerate(row):
            latencies[i, j], rates[i, j] = path
    return DeniedTable(deniers, rates, latencies)
