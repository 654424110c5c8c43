"""What does it cost, and who pays?"""

from typing import NamedTuple

import jax.numpy as jnp

from foedus.mechanisms.base import Params, Scalar, assume


class Prices(Params):
    """Prices of bases, rotations and exercises."""

    capital: Scalar = assume(
        unit="M USD/person", legal=(0, 10), means="building a base, per place for a soldier"
    )
    fixed: Scalar = assume(unit="M USD/year", legal=(0, 5_000), means="running any base at all")
    person: Scalar = assume(
        unit="k USD/person/year", legal=(0, 1_000), means="extra cost of a soldier abroad"
    )
    rotation: Scalar = assume(
        unit="1", legal=(-0.5, 3), means="extra running cost of troops that rotate"
    )
    rent: Scalar = assume(
        unit="M USD/year", legal=(0, 1_000), means="rent the helper pays the host", lever=True
    )
    host_share: Scalar = assume(
        unit="1", legal=(0, 1), means="share of the base's cost that the host pays", lever=True
    )
    exercise: Scalar = assume(
        unit="M USD", legal=(0, 1_000), means="one joint exercise, shared equally"
    )
    discount: Scalar = assume(unit="1/year", legal=(0, 0.5), means="discount rate")


class Cost(NamedTuple):
    """A year's cost [M USD of the price year], not discounted."""

    host: Scalar
    helper: Scalar


def yearly(p: Prices, troops: Scalar, places: Scalar, rotating: Scalar, exercises: Scalar) -> Cost:
    """What a year of the option costs.

    Args:
        p: prices.
        troops: foreign troops present this year [persons].
        places: places built this year [persons]; 0 in years without building.
        rotating: 1 where the troops rotate, 0 where they stay.
        exercises: joint exercises this year.

    Returns:
        What host and helper pay [M USD]; rent passes from helper to host.

    Source:
        O'Mahony/Lostumbo et al. (2013), RAND RR201 [rr201]; Deni (2017), rotation against
        forward stationing [deni2017]; GAO-21-270, host support [gao21270].
    """
    there = jnp.where(troops > 0, 1.0, 0.0)
    running = (p.fixed * there + p.person * troops / 1_000.0) * (1.0 + p.rotation * rotating)
    base = running + p.capital * places
    shared = p.exercise * exercises / 2.0
    rent = p.rent * there
    return Cost(
        host=base * p.host_share + shared - rent,
        helper=base * (1.0 - p.host_share) + shared + rent,
    )


def present_value(amount: Scalar, year: Scalar, rate: Scalar) -> Scalar:
    """`amount` in `year` (0 is the first) discounted to the start at `rate` [1/year]."""
    return amount * jnp.exp(-year * jnp.log1p(rate))
