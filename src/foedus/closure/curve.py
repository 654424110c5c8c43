"""Cumulative closure curves on a day grid, and the min-plus algebra over them. One world.

A curve F has one point per day: F[t] is what has closed by the start of day t, in tonnes (or
people, or vehicles). It never falls. A capacity has one number per period: period k is day k to
day k + 1, so a curve of n + 1 points goes with n periods.

Conventions, the same in the exact planner:

- what arrives during period k counts at point k + 1. So stock that is ready on day 0 stands at
  point 1 (use `available`), and F[0] is what was past the place before anything moved;
- capacity acts where cargo enters a stage, spread evenly over the period;
- waiting before a stage that is closed or full is free and loses nothing;
- cargo that is past a stage is not lost when that stage is denied later;
- hours are added first and rounded at most once (`whole_days`). `shift` also takes fractions of a
  day: what enters evenly over a period then arrives evenly over a period, and the curve stays
  differentiable in the transit time.

Every function is for one world; the caller maps it over many.

Sources: J.-Y. Le Boudec and P. Thiran, Network Calculus (Springer 2001), for the algebra;
M. Skutella, An Introduction to Transshipments Over Time (arXiv 2312.04991), for flows over time.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Bool, Float

Scalar = Float[Array, ""]
Curve = Float[Array, " points"]


class Closing(NamedTuple):
    """The day on which a quantity has closed, if it closes within the grid.

    `days` is infinite, and `within` is false, where the grid ends first.
    """

    days: Scalar
    within: Bool[Array, ""]


def available(tonnes: Scalar, ready: Scalar, points: int) -> Curve:
    """Stock that stands ready from a day on and can then move within that day's period.

    Args:
        tonnes: stock, >= 0.
        ready: day from which it can move; below 0 counts as 0. With a fraction of a day that
            share of the stock is ready a period later.
        points: length of the grid, days + 1.
    """
    day = jnp.arange(points, dtype=tonnes.dtype)
    return tonnes * jnp.clip(day - jnp.maximum(ready, 0.0), 0.0, 1.0)


def capacity(
    rate: Scalar,
    start: Float[Array, " windows"],
    end: Float[Array, " windows"],
    left: Float[Array, " windows"],
    periods: int,
) -> Float[Array, " periods"]:
    """Daily capacity of a stage under denial windows.

    A window [start, end) leaves the fraction `left` of the rate; a day covered in part loses in
    proportion, so the result is continuous in start and end. Windows that overlap multiply. To
    deny days 6 to 10 write start 6, end 11. A window with end <= start denies nothing.

    Args:
        rate: tonnes a day when nothing is denied, >= 0.
        start: first day of each window.
        end: day on which each window is over.
        left: share of the capacity that is left, in [0, 1].
        periods: length of the grid in periods.
    """
    day = jnp.arange(periods, dtype=rate.dtype)[:, None]
    inside = jnp.minimum(end[None, :], day + 1.0) - jnp.maximum(start[None, :], day)
    covered = jnp.clip(inside, 0.0, 1.0)
    return rate * jnp.prod(1.0 - (1.0 - left[None, :]) * covered, axis=1)


def _enter(out: Scalar, now: tuple[Scalar, Scalar]) -> tuple[Scalar, Scalar]:
    reached, limit = now
    out = jnp.minimum(reached, out + limit)
    return out, out


def stage(inflow: Curve, daily: Float[Array, " periods"]) -> Curve:
    """What passes a stage: out(t) = min over s <= t of in(s) + C(t) - C(s).

    Computed day by day as out(t) = min(in(t), out(t-1) + c), which is the same curve, and holds
    for an unlimited capacity (inf) too.

    Args:
        inflow: cumulative curve that reaches the stage.
        daily: capacity in each period, one fewer than the points of the curve.
    """
    if daily.shape[0] != inflow.shape[0] - 1:
        raise ValueError(
            f"a curve of {inflow.shape[0]} points needs {inflow.shape[0] - 1} daily capacities, "
            f"not {daily.shape[0]}"
        )

    _, rest = lax.scan(_enter, inflow[0], (inflow[1:], daily))
    return jnp.concatenate([inflow[:1], rest])


def whole_days(hours: Float[Array, " legs"]) -> Float[Array, " legs"]:
    """Days of each leg of a route when its hours are added first and rounded once.

    Leg i gets round(sum of hours to i) - round(sum of hours before i), so the days add up to the
    rounded total: no leg's rounding is paid for twice. 17 days 5 hours is 17 days, as in CBO,
    Structuring the Active and Reserve Army (December 1997), which rounds to the nearest day.
    """
    reached = jnp.round(jnp.cumsum(hours) / 24.0)
    return jnp.diff(reached, prepend=jnp.zeros_like(reached[:1]))


def shift(curve: Curve, days: Scalar) -> Curve:
    """The curve after a transit of `days` >= 0: F(t - days), 0 before the first arrival.

    A fraction of a day interpolates linearly between the two whole shifts.
    """
    points = curve.shape[0]
    whole = jnp.floor(days)
    part = days - whole
    origin = jnp.arange(points, dtype=jnp.int32) - jnp.minimum(whole, points).astype(jnp.int32)

    def before(back: int) -> Curve:
        index = origin - back
        return jnp.where(index < 0, 0.0, curve[jnp.maximum(index, 0)])

    return (1.0 - part) * before(0) + part * before(1)


def parallel(curves: Sequence[Curve]) -> Curve:
    """Routes side by side deliver the sum of their curves."""
    return jnp.sum(jnp.stack(list(curves)), axis=0)


def supply(curve: Curve, tonnes: Scalar) -> Curve:
    """A finite stock caps what can close: min(F, Q)."""
    return jnp.minimum(curve, tonnes)


def _depart(
    state: tuple[Curve, Scalar, Scalar], now: tuple[Array, Scalar, Scalar]
) -> tuple[tuple[Curve, Scalar, Scalar], None]:
    left, carried, cycle = state
    t, reached, limit = now
    whole = jnp.floor(cycle)
    part = cycle - whole
    back = t - whole.astype(jnp.int32)

    def by(index: Array) -> Scalar:
        return jnp.where(index < 0, 0.0, left[jnp.maximum(index, 0)])

    rested = carried + (1.0 - part) * by(back) + part * by(back - 1)
    # Within a day D(t) itself stands on both sides; solved for D(t) it is a daily rate.
    turned = left[t - 1] + carried / jnp.where(whole > 0, 1.0, part)
    lift = jnp.where(whole > 0, rested, turned)
    out = jnp.minimum(jnp.minimum(reached, left[t - 1] + limit), lift)
    return (left.at[t].set(out), carried, cycle), None


def fleet(
    inflow: Curve,
    daily: Float[Array, " periods"],
    carried: Scalar,
    cycle: Scalar,
) -> Curve:
    """What a fleet that cycles has taken away: D(t) = min(in(t), D(t-1) + m, NP + D(t - cycle)).

    Shift the result by the outbound time for what has arrived. A cycle shorter than a day means
    several trips a day, at the rate NP / cycle.

    Args:
        inflow: cumulative curve of cargo ready to be loaded, 0 at point 0.
        daily: tonnes that may depart in each period (slots times payload).
        carried: NP, tonnes that the whole fleet lifts at once.
        cycle: days until a vehicle can leave again, > 0; fractions are allowed.
    """
    points = jnp.arange(1, inflow.shape[0], dtype=jnp.int32)
    start = (jnp.zeros_like(inflow), carried, cycle)
    (left, _, _), _ = lax.scan(_depart, start, (points, inflow[1:], daily))
    return left


def subsets(count: int) -> tuple[tuple[int, ...], ...]:
    """All non-empty subsets of `count` things, small ones first.

    >>> subsets(2)
    ((0,), (1,), (0, 1))
    """
    return tuple(c for size in range(1, count + 1) for c in combinations(range(count), size))


def classes(
    routes: Float[Array, "routes points"],
    usable: tuple[tuple[bool, ...], ...],
    demands: Float[Array, " classes"],
) -> Curve:
    """Most tonnes of all cargo classes together closed by each day.

    min over subsets S of (demand outside S + routes open to S), the cut criterion of Klinz
    (Hoppe and Tardos, Mathematics of Operations Research 25(1), 2000). Each day is at its own
    best: with strict priorities one schedule need not reach all of them. The day on which the
    curve reaches the total demand is the max over subsets S of F_S^-1(Q_S).

    Args:
        routes: cumulative curve of each route, unlimited by stock.
        usable: for each class, which routes it may enter.
        demands: tonnes of each class.
    """
    reachable = [jnp.zeros_like(routes[0]) + jnp.sum(demands)]
    for members in subsets(len(usable)):
        open_to = [any(usable[c][r] for c in members) for r in range(routes.shape[0])]
        inside = jnp.sum(demands[jnp.asarray(members)])
        carried = jnp.sum(jnp.where(jnp.asarray(open_to)[:, None], routes, 0.0), axis=0)
        reachable.append(jnp.sum(demands) - inside + carried)
    return jnp.min(jnp.stack(reachable), axis=0)


def packages(
    delivered: Float[Array, "components points"], demands: Float[Array, " components"]
) -> Curve:
    """Share of packages that are complete: the least delivered of their components.

    People without equipment, or equipment without people, count for nothing. A component of
    which nothing is needed is complete from the start.

    Args:
        delivered: cumulative curve of each component (people, tonnes, ...).
        demands: what all packages together need of each, same units.
    """
    needed = jnp.where(demands > 0.0, demands, 1.0)[:, None]
    share = jnp.where(demands[:, None] > 0.0, delivered / needed, 1.0)
    return jnp.clip(jnp.min(share, axis=0), 0.0, 1.0)


def filled(
    rates: Float[Array, " routes"], latencies: Float[Array, " routes"], day: Scalar
) -> Scalar:
    """Tonnes closed by `day` at constant rates: F(t) = sum of r_i (t - L_i)^+."""
    return jnp.sum(rates * jnp.maximum(day - latencies, 0.0))


def filled_on(
    rates: Float[Array, " routes"], latencies: Float[Array, " routes"], tonnes: Scalar
) -> Scalar:
    """The day on which `tonnes` have closed at constant rates; inf if no route has a rate.

    With routes in order of latency, t = min over k of (Q + sum_{i<=k} r_i L_i) / sum_{i<=k} r_i.
    Exact for every Q because F is convex. Nothing to deliver closes on day 0.
    """
    order = jnp.argsort(latencies)
    rate, latency = rates[order], latencies[order]
    # A route without rate may have an infinite latency: 0 * inf is no number.
    lag = jnp.where(rate > 0.0, rate * jnp.where(rate > 0.0, latency, 0.0), 0.0)
    flow = jnp.cumsum(rate)
    filling = (tonnes + jnp.cumsum(lag)) / jnp.where(flow > 0.0, flow, 1.0)
    day = jnp.min(jnp.where(flow > 0.0, filling, jnp.inf))
    return jnp.where(tonnes > 0.0, day, 0.0)


def days_to(curve: Curve, tonnes: Scalar) -> Closing:
    """First day with F >= tonnes, linear between grid points.

    For the day of a fraction f of the promise Q pass f * Q.
    """
    reached = curve >= tonnes
    within = jnp.any(reached)
    after = jnp.argmax(reached)
    before = jnp.maximum(after - 1, 0)
    gain = curve[after] - curve[before]
    part = jnp.where(gain > 0.0, (tonnes - curve[before]) / jnp.where(gain > 0.0, gain, 1.0), 0.0)
    day = before.astype(curve.dtype) + jnp.clip(part, 0.0, 1.0)
    return Closing(jnp.where(within, day, jnp.inf), within)


def closed_by(curve: Curve, day: Float[Array, "..."]) -> Float[Array, "..."]:
    """F at any day, fractions included: linear between points, level beyond the last.

    Before day 0 it is F[0].
    """
    last = curve.shape[0] - 1
    at = jnp.clip(day, 0.0, float(last))
    low = jnp.minimum(jnp.floor(at), last - 1).astype(jnp.int32)
    part = at - low.astype(curve.dtype)
    return (1.0 - part) * curve[low] + part * curve[low + 1]
