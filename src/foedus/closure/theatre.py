"""The same corridor in one pass over the days, every stage read on the theatre's clock.

What enters a stage reaches the theatre after the transits still ahead of it. Counted by the day
on which it will be there, cargo needs no shifting from stage to stage: only the windows and the
order to move come later, by those transits. One pass over the days, without a table in memory,
then gives the curve; and since nothing is shifted by whole days, days may be long where little
happens.

For transits of whole days on a daily grid this is `corridor.closed`, so it is exact there.
With fractions of a day both spread a day's flow evenly over the day, each on clocks of its own:
at the edges of windows the curves may then differ by a part of a day's flow.
"""

from collections.abc import Sequence

import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Float

from foedus.closure.corridor import Corridor, Numbers, Route
from foedus.closure.curve import Scalar

Passed = tuple[Scalar, ...]  # what has passed each stage, by the theatre's clock


def share(
    corridor: Corridor, numbers: Numbers, days: Sequence[float | int]
) -> Float[Array, " points"]:
    """Share of the promised help that has closed by each of `days`, in [0, 1].

    Args:
        corridor: the routes.
        numbers: this world's.
        days: a grid in order; what would move before its first day moves from then on.
    """
    at = np.asarray(days, dtype=np.float64)
    begin = jnp.maximum(numbers.decision - numbers.warning, at[0])
    ahead = _ahead(corridor, numbers)
    nothing = jnp.zeros_like(numbers.promised)

    def day(passed: Passed, period: tuple[Scalar, Scalar]) -> tuple[Passed, Scalar]:
        after, come = _one_day(corridor, numbers, begin, ahead, passed, period)
        return after, _complete(numbers, begin, come, period[1])

    stages = len(corridor.stages) + 1  # and the reception
    periods = (jnp.asarray(at[:-1]), jnp.asarray(at[1:]))
    first = _complete(numbers, begin, (nothing, nothing), jnp.asarray(at[0]))
    _, rest = lax.scan(day, (nothing,) * stages, periods)
    return jnp.concatenate([first[None], rest])


def _ahead(corridor: Corridor, numbers: Numbers) -> list[Scalar]:
    """Days from entering each stage to the theatre."""
    found: list[Scalar] = []
    first = 0
    for route in corridor.routes:
        left = [numbers.hours[first + i] / 24.0 for i in range(len(route.stages))]
        found += [sum(left[i:], start=jnp.zeros_like(begin)) for i, begin in enumerate(left)]
        first += len(route.stages)
    return found


def _one_day(
    corridor: Corridor, numbers: Numbers, begin: Scalar, ahead: list[Scalar], passed: Passed,
    period: tuple[Scalar, Scalar],
) -> tuple[Passed, tuple[Scalar, Scalar]]:  # fmt: skip
    """What has passed each stage, and the tonnes and people in the theatre, a period later."""
    after: list[Scalar] = []
    come = {"cargo": jnp.zeros_like(begin), "people": jnp.zeros_like(begin)}
    for index, route in enumerate(corridor.routes):
        flow = None
        for step, stage in enumerate(route.stages):
            i = len(after)
            rate = numbers.rate[i] * numbers.open[index]
            room = _room(corridor, numbers, stage.denied_by, ahead[i], period)
            if step == 0:
                rate = rate * _lent(route, numbers)
                room = room * _under_way(begin + ahead[i], period)
            there = passed[i] + rate * room
            flow = there if flow is None else jnp.minimum(flow, there)
            after.append(flow)
        come[route.carries] = come[route.carries] + (0.0 if flow is None else flow)
    gate = _room(corridor, numbers, corridor.reception_denied_by, jnp.zeros_like(begin), period)
    taken = jnp.minimum(come["cargo"], passed[-1] + numbers.reception * gate)
    return (*after, taken), (taken, come["people"])


def _lent(route: Route, numbers: Numbers) -> Scalar:
    """Share of the first stage's vehicles that can load."""
    lent = numbers.lift_share * (1.0 - numbers.lift_shock)
    return lent if route.lift else jnp.ones_like(lent)


def _under_way(start: Scalar, period: tuple[Scalar, Scalar]) -> Scalar:
    """Share of the period in which movement has begun."""
    return jnp.clip((period[1] - start) / (period[1] - period[0]), 0.0, 1.0)


def _room(
    corridor: Corridor, numbers: Numbers, denied_by: tuple[str, ...], later: Scalar,
    period: tuple[Scalar, Scalar],
) -> Scalar:  # fmt: skip
    """Days' worth of capacity in the period, windows coming `later`."""
    start, end = period
    share = jnp.ones_like(later)
    for name in denied_by:
        i = corridor.deniers.index(name)
        shut = jnp.minimum(numbers.denied_to[i] + later, end)
        covered = (shut - jnp.maximum(numbers.denied_from[i] + later, start)) / (end - start)
        share = share * (1.0 - (1.0 - numbers.denied_left[i]) * jnp.clip(covered, 0.0, 1.0))
    return share * (end - start)


def _complete(numbers: Numbers, begin: Scalar, come: tuple[Scalar, Scalar], day: Scalar) -> Scalar:
    """Share of complete packages, with what stands in the theatre already."""
    issued = jnp.minimum(numbers.issue * jnp.maximum(day - begin, 0.0), numbers.stock)
    tonnes = _share(come[0] + issued + numbers.base, numbers.promised)
    return jnp.minimum(tonnes, _share(come[1] + numbers.base_people, numbers.people))


def _share(there: Scalar, needed: Scalar) -> Scalar:
    """Share of what is needed; all of it where nothing is."""
    some = needed > 0.0
    return jnp.where(some, jnp.minimum(there / jnp.where(some, needed, 1.0), 1.0), 1.0)
