"""How much help is there when the fight is decided?"""

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from foedus.mechanisms import normal
from foedus.mechanisms.base import Params, Scalar, assume

# Gauss-Hermite nodes and weights for a standard normal: the deciding day has eight values.
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(8)
NODES = tuple(float(x) for x in _NODES)
WEIGHTS = tuple(float(w) for w in _WEIGHTS / _WEIGHTS.sum())

# Days on which a closure curve is known: daily for a month, then coarser. Day 0 is the first of
# the crisis. Nothing is counted beyond the last.
DAYS = (*range(-14, 0, 2), *range(30), *range(30, 60, 2), *range(60, 121, 10))
LAST = float(DAYS[-1])
MOST = 0.9  # of the promised help


Curve = Float[Array, " days"]  # share of the promised help closed by each of DAYS


class Timing(Params):
    """When the fight is decided, and when help can be there."""

    decided: Scalar = assume(
        unit="days", legal=(0.1, 1000), means="median day on which the fight is decided"
    )
    decided_spread: Scalar = assume(
        unit="1",
        legal=(0.01, 3),
        means="spread of the deciding day (standard deviation of its log)",
    )
    travel: Scalar = assume(
        unit="days",
        legal=(0.05, 1000),
        means="median days of travel until the help is there, where no corridor says it",
        lever=True,
    )
    travel_spread: Scalar = assume(
        unit="1", legal=(0.01, 3), means="spread of the arrival (standard deviation of its log)"
    )
    decision: Scalar = assume(
        unit="days", legal=(0, 365), means="days until the helper has decided", lever=True
    )
    warning: Scalar = assume(
        unit="days", legal=(0, 365), means="days of warning before the fighting starts", lever=True
    )


class Help(NamedTuple):
    """How much of the promised help is there, when."""

    shares: Float[Array, " nodes"]  # on each of the eight deciding days
    in_time: Scalar  # A: odds that half of it is there before the fight is decided
    half: Scalar  # day on which half of it is there, LAST at the latest
    most: Scalar  # ... nine tenths
    late: Scalar  # mean days by which half of it comes after the deciding day
    faded: Scalar  # 1 where distance still takes from its strength, 0 where travel has


class Lognormal(Params):
    """Help arrives on a log-normal day."""


class Closure(Params):
    """Help closes along the routes of the case."""

    per_brigade: Scalar = assume(
        unit="t/brigade",
        legal=(1, 1e6),
        means="tonnes that one promised brigade brings",
        lever=True,
    )
    reception: Scalar = assume(
        unit="t/day", legal=(0, 1e9), means="tonnes a day that the theatre can take in", lever=True
    )
    stock: Scalar = assume(
        unit="t",
        legal=(0, 1e9),
        means="tonnes of the promised help that stand in the theatre before a crisis",
        lever=True,
    )
    issue: Scalar = assume(
        unit="t/day",
        legal=(0, 1e9),
        means="tonnes of that stock that can be issued a day",
        lever=True,
    )
    at_base: Scalar = assume(
        unit="t",
        legal=(0, 1e9),
        means="tonnes of the promised help that stand ready at a base, once it is open",
        lever=True,
    )


def arrival_day(t: Timing) -> Scalar:
    """Median day of the fighting on which help has arrived [days], at least a tenth.

    Warning runs against decision and travel; help cannot arrive before the fight it is for.
    """
    return jnp.maximum(t.travel + t.decision - t.warning, 0.1)


def deciding_days(t: Timing) -> Float[Array, " nodes"]:
    """The eight days on which the fight may be decided [days]; they weigh WEIGHTS."""
    return t.decided * jnp.exp(t.decided_spread * jnp.asarray(NODES))


def share_by(t: Timing, day: Float[Array, "*s"]) -> Float[Array, "*s"]:
    """Share of the promised help that has arrived by `day`, in [0, 1]: log-normal in the day."""
    return normal.cdf((jnp.log(day) - jnp.log(arrival_day(t))) / t.travel_spread)


def in_time(decided: Scalar, s_decided: Scalar, arrives: Scalar, s_arrives: Scalar) -> Scalar:
    """A: odds that help arrives before the fight is decided, a race of two log-normal times.

        A = Phi((ln t_C - ln t_R) / sqrt(s_C^2 + s_R^2))

    Args:
        decided: median deciding day [days].
        s_decided: standard deviation of its logarithm [1].
        arrives: median day of arrival [days].
        s_arrives: standard deviation of its logarithm [1].

    Returns:
        Odds in [0, 1].

    Source:
        Times to an objective and to reinforcement: Shlapak & Johnson (2016), RAND RR1253
        [rr1253]; the race itself is elementary.
    """
    return normal.cdf((jnp.log(decided) - jnp.log(arrives)) / jnp.sqrt(s_decided**2 + s_arrives**2))


def lognormal(p: Lognormal, t: Timing, served: Scalar, curve: Curve) -> Help:
    """How much help is there when? It arrives on a log-normal day; routes do not matter.

    Source:
        As `in_time`. That the share by a day is log-normal is a judgement.
    """
    del p, served, curve
    half = arrival_day(t)
    most = half * jnp.exp(t.travel_spread * normal.quantile(jnp.asarray(MOST)))
    return Help(
        shares=share_by(t, deciding_days(t)),
        in_time=in_time(t.decided, t.decided_spread, half, t.travel_spread),
        half=jnp.minimum(half, LAST),
        most=jnp.minimum(most, LAST),
        late=_late(t, jnp.minimum(half, LAST)),
        faded=jnp.ones_like(half),
    )


def closure(p: Closure, t: Timing, served: Scalar, curve: Curve) -> Help:
    """How much help is there when? As much as the routes of the case have brought by then.

        A = P(T_C >= t_half) = Phi((ln t_C - ln t_half) / s_C)

    which is the odds that half of the help is there on the deciding day, for any curve that
    never falls; exact, and smooth in every number, unlike a sum over the eight days.

    Args:
        p: what the corridor is asked to bring; the curve holds it already.
        t: when the fight is decided.
        served: 1 where the corridor serves the helper of this threat. Another helper comes on
            roads of its own, of which the case says nothing: log-normally.
        curve: of the promised help, by DAYS.

    Source:
        The curve: `foedus.closure`. Deciding day and half of the help: a judgement.
    """
    half, most = day_of(curve, 0.5), day_of(curve, MOST)
    # Help that is there before day 0 is there in time.
    arrives = jnp.where(half < LAST, jnp.maximum(half, 1e-3), 1e9)
    routed = Help(
        shares=closed_by(curve, deciding_days(t)),
        in_time=in_time(t.decided, t.decided_spread, arrives, jnp.zeros_like(t.decided)),
        half=half,
        most=most,
        late=_late(t, half),
        faded=jnp.zeros_like(t.decided),
    )
    other = lognormal(Lognormal(), t, served, curve)
    return Help(*(jnp.where(served > 0, a, b) for a, b in zip(routed, other, strict=True)))


def _late(t: Timing, half: Scalar) -> Scalar:
    days = jnp.minimum(deciding_days(t), LAST)
    return jnp.sum(jnp.asarray(WEIGHTS) * jnp.maximum(half - days, 0.0))


def closed_by(curve: Curve, day: Float[Array, " nodes"]) -> Float[Array, " nodes"]:
    """Share closed by any day: linear between DAYS, level beyond the last."""
    grid = jnp.asarray(DAYS, dtype=day.dtype)
    after = jnp.clip(jnp.sum(grid[:, None] < day[None, :], axis=0), 1, len(DAYS) - 1)
    start, end = grid[after - 1], grid[after]
    part = jnp.clip((day - start) / (end - start), 0.0, 1.0)
    return (1.0 - part) * curve[after - 1] + part * curve[after]


def day_of(curve: Curve, share: float) -> Scalar:
    """First day, from day 0 on, by which `share` has closed; LAST where it never does."""
    grid = jnp.asarray(DAYS, dtype=curve.dtype)
    after = jnp.clip(jnp.sum(curve < share), 1, len(DAYS) - 1)
    gain = curve[after] - curve[after - 1]
    part = jnp.clip((share - curve[after - 1]) / jnp.where(gain > 0.0, gain, 1.0), 0.0, 1.0)
    day = grid[after - 1] + part * (grid[after] - grid[after - 1])
    return jnp.where(curve[-1] < share, LAST, jnp.maximum(day, 0.0))


# Does strength fade with distance?


class NoFade(Params):
    """Strength does not fade with distance."""


class Fades(Params):
    """Strength fades exponentially with distance."""

    distance: Scalar = assume(
        unit="km", legal=(0, 20_000), means="distance from the helper's bases to the front"
    )
    length: Scalar = assume(
        unit="km", legal=(100, 1_000_000), means="distance over which strength falls to 37 percent"
    )


def no_fade(p: NoFade) -> Scalar:
    """Does strength fade with distance? No.

    Source:
        Cooley, working paper: a structural trade estimate for 2011 finds no loss of strength.
    """
    del p
    return jnp.asarray(1.0)


def fades(p: Fades) -> Scalar:
    """Does strength fade with distance? D = exp(-d / L), in (0, 1].

    Source:
        Boulding (1962), Conflict and Defense [boulding1962]; the length is a judgement.
    """
    return jnp.exp(-p.distance / p.length)
