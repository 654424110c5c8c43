"""What does a base do? Four channels, each of which can be switched off: denial, tripwire,
provocation and the host's own behaviour. There is no "base bonus"."""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from foedus.mechanisms.base import Each, Params, Scalar, assume


class Base(Params):
    """The base itself."""

    troops: Scalar = assume(
        unit="persons", legal=(0, 100_000), means="foreign troops at the base", lever=True
    )
    weight: Scalar = assume(
        unit="1",
        legal=(0, 3),
        means="share of the base's troops that counts in a defence",
        lever=True,
    )
    presence: Scalar = assume(
        unit="1", legal=(0, 1), means="share of the year in which the troops are there", lever=True
    )
    delay: Scalar = assume(
        unit="years",
        legal=(0, 20),
        means="years until what is added to the base is open",
        lever=True,
    )
    brigade: Scalar = assume(unit="persons", legal=(500, 20_000), means="persons in one brigade")


class Channels(NamedTuple):
    """Which channels of a base act: 1 on, 0 off."""

    denial: Scalar
    tripwire: Scalar
    provocation: Scalar
    host: Scalar


CHANNELS = Channels._fields


class Decision(NamedTuple):
    """How large a base is to be from now on."""

    troops: Scalar  # [persons]
    year: Scalar  # in which it is decided; 0 is the first
    opens: Scalar  # year in which what it adds is there; what it takes away goes at once


Plan = tuple[Decision, ...]
BEFORE = -1e3  # years: before the first of any case


def as_it_stands(base: Base) -> Plan:
    """A base nobody decides about anew: what is there at the start, and what then opens."""
    there = jnp.where(base.delay <= 0.0, base.troops, 0.0)
    before, now = jnp.full_like(there, BEFORE), jnp.zeros_like(there)
    return Decision(there, before, before), Decision(base.troops, now, base.delay)


def decided(home: Base, base: Base, since: Scalar, later: tuple[tuple[int, Base], ...]) -> Plan:
    """A base under an option.

    What stands already stays while more is built, and is not built again; what is begun is paid
    for. A base that the option leaves as it is goes on as under the reference.

    Args:
        home: the base under the reference.
        base: that of the option.
        since: the year from which the option acts.
        later: the base from each later year in which the option sets a lever anew.
    """
    same = (base.troops == home.troops) & (base.delay == home.delay)
    there, begun = as_it_stands(home)
    stands = jnp.where(home.delay <= since, home.troops, 0.0)
    return (
        there._replace(troops=jnp.where(same, there.troops, stands)),
        Decision(
            base.troops,
            jnp.where(same, begun.year, since),
            jnp.where(same, begun.opens, base.delay + since),
        ),
        *(
            Decision(then.troops, jnp.full_like(since, float(year)), then.delay + year)
            for year, then in later
        ),
    )


def _open(decision: Decision, year: Scalar) -> Scalar:
    """Share of the year for which what a decision adds is there."""
    return jnp.clip(year + 1.0 - decision.opens, 0.0, 1.0)


def _changes(plan: Plan) -> tuple[tuple[Decision, Scalar], ...]:
    before = (jnp.zeros_like(plan[0].troops), *(decision.troops for decision in plan[:-1]))
    return tuple((d, d.troops - last) for d, last in zip(plan, before, strict=True))


def troops_in(base: Base, plan: Plan, year: Scalar) -> Scalar:
    """Troops at the base in the year `year` (0 is the first), averaged over that year [persons]."""
    size = jnp.zeros_like(base.troops)
    for decision, change in _changes(plan):
        acts = jnp.where(
            change > 0, _open(decision, year), jnp.where(year < decision.year, 0.0, 1.0)
        )
        size = size + change * acts
    return jnp.maximum(size, 0.0) * base.presence


def built_in(plan: Plan, year: Scalar) -> Scalar:
    """Places for soldiers that are built in the year `year` [persons]."""
    built = jnp.zeros_like(plan[0].troops)
    for decision, change in _changes(plan):
        opened = _open(decision, year) - _open(decision, year - 1.0)
        built = built + jnp.maximum(change, 0.0) * opened
    return built


def rotates(base: Base) -> Scalar:
    """1 where the troops come and go, 0 where they stay all year."""
    return jnp.where(base.presence < 1.0, 1.0, 0.0)


def brigades(base: Base, troops: Scalar) -> Scalar:
    """What the base adds to a defence [brigades]."""
    return troops * base.weight / base.brigade


def magnitude(troops: Scalar) -> Scalar:
    """log10(1 + troops): 0 without a base, 4 at ten thousand troops."""
    return jnp.log10(1.0 + troops)


def any_troops(troops: Scalar) -> Scalar:
    """1 where there are foreign troops, 0 where there are none."""
    return jnp.where(troops > 0, 1.0, 0.0)


# Tripwire: do troops at risk bring the helper in?


class TroopsAtRisk(Params):
    """Any troops there move the odds of help, and as a rule raise them."""

    gain: Scalar = assume(
        unit="probability", legal=(-0.1, 0.3), means="what troops at risk add to the odds of help"
    )


class BalanceAtRisk(Params):
    """Only troops that shift the local balance move the odds of help."""

    gain: Scalar = assume(
        unit="probability", legal=(-0.1, 0.3), means="what troops at risk add to the odds of help"
    )
    threshold: Scalar = assume(
        unit="1",
        legal=(0.001, 0.5),
        means="shift of the challenger's chance to win from which a tripwire counts fully",
    )


def troops_at_risk(p: TroopsAtRisk, troops: Scalar, shift: Scalar) -> Scalar:
    """Do troops at risk bring the helper in? A few thousand or tens of thousands, alike.

    Args:
        p: `gain` [probability].
        troops: foreign troops present [persons].
        shift: how far they lower the challenger's chance to win, in [0, 1].

    Returns:
        What they add to the odds of help, between 0 and `gain`; less than nothing where the helper
        fears to be drawn into the host's quarrels, and holds back because its troops are there.

    Source:
        Musgrave & Ward, survey experiments: about +3 points [musgrave_ward]. The fear of being
        drawn in: Snyder (1984), World Politics 36(4) [snyder1984]; its size is a judgement.
    """
    del shift
    return p.gain * any_troops(troops)


def balance_at_risk(p: BalanceAtRisk, troops: Scalar, shift: Scalar) -> Scalar:
    """Do troops at risk bring the helper in? Only if they shift the local balance of forces.

    Source:
        Reiter & Poast (2021), Texas National Security Review 4(3) [reiter_poast2021]; the
        threshold is a judgement.
    """
    return p.gain * any_troops(troops) * jnp.clip(shift / p.threshold, 0.0, 1.0)


# Provocation: what do foreign troops do to the odds of a challenge?


class Within(Params):
    """The estimate from changes within pairs of states over time."""

    effect: Scalar = assume(
        unit="log-odds", legal=(-2, 2), means="effect of 10,000 troops on a challenge"
    )


class Nothing(Params):
    """No effect."""


class CrossStep(Params):
    """The estimate across pairs of states, as a step."""

    step: Scalar = assume(
        unit="log-odds", legal=(-2, 2), means="effect of a combat base beside a rival"
    )


class CrossSlope(Params):
    """The estimate across pairs of states, per tenfold increase of troops."""

    slope: Scalar = assume(
        unit="log-odds", legal=(-1, 1), means="effect of each tenfold increase of troops"
    )


def within(p: Within, troops: Scalar) -> Scalar:
    """What do foreign troops do to the odds of a challenge? Within a pair of states: fewer.

    Returns:
        Shift [log-odds], `effect` at 10,000 troops and in proportion to log10(1 + troops).

    Source:
        Own estimate, 1,224 initiations 1951-2010, pair and year effects: -45 % at 10,000
        troops, interval includes zero [troops_within].
    """
    return p.effect * magnitude(troops) / 4.0


def nothing(p: Nothing, troops: Scalar) -> Scalar:
    """What do foreign troops do to the odds of a challenge? Nothing of their own."""
    del p
    return jnp.zeros_like(troops)


def cross_step(p: CrossStep, troops: Scalar) -> Scalar:
    """What do foreign troops do to the odds of a challenge? Across pairs: more, by a step.

    Source:
        Odds ratio 1.76 [1.21, 2.56] at 10,000 troops or more, across pairs 1951-2010
        [troops_cross]; direction: Frederick et al. (2020), RAND RR2533 [rr2533].
    """
    return p.step * any_troops(troops)


def cross_slope(p: CrossSlope, troops: Scalar) -> Scalar:
    """What do foreign troops do to the odds of a challenge? Across pairs: more, with their number.

    Source:
        Odds ratio 1.20 [1.13, 1.29] per tenfold increase, across pairs 1951-2010 [troops_cross].
    """
    return p.slope * magnitude(troops)


class Reading(Params):
    """How to read a published effect of troops."""


def pure(p: Reading, effect: Scalar, channels: Each) -> Scalar:
    """Is the published effect pure provocation? Yes: it comes on top of the other channels."""
    del p, channels
    return effect


def net(p: Reading, effect: Scalar, channels: Each) -> Each:
    """Is the published effect pure provocation? No: it is what was left of all channels together.

    Args:
        p: nothing.
        effect: the published net effect [log-odds].
        channels: what denial and tripwire alone make of the base [log-odds].

    Returns:
        The provocation that makes the total equal the published effect [log-odds].
    """
    del p
    return effect - channels


class Rotation(Params):
    """How rotation changes what a base provokes."""

    provocation: Scalar = assume(
        unit="1",
        legal=(0, 2),
        means="what rotating troops do to the odds of a challenge, as a share of permanent ones",
    )


def provocation_share(p: Rotation, base: Base) -> Scalar:
    """1 for troops that are always there, `provocation` for troops present by rotation.

    A step at a presence of 1: permanent and rotating are two kinds of stationing, not two ends of
    a scale. It holds whether troops provoke or, as under `within`, deter.
    """
    return jnp.where(rotates(base) > 0, p.provocation, 1.0)


# The host's own behaviour: does it lean on the helper, and does it become bolder?


class Shirks(Params):
    """The host does less for its own defence."""

    loss: Scalar = assume(
        unit="1",
        legal=(0, 0.5),
        means="loss of the host's own effort once foreign troops are there",
    )


class Steady(Params):
    """The host's effort stays as it is."""


def shirks(p: Shirks, troops: Scalar) -> Scalar:
    """Does the host do less for itself? Yes, once there are some hundreds of foreign troops.

    Returns:
        The host's effort as a share of what it was, in (0, 1].

    Source:
        Jakobsen & Jakobsen (2019): willingness to fight drops beyond 100 to 500 troops
        [jakobsen2019]; the size is a judgement.
    """
    centre = jnp.log(300.0)
    return 1.0 - p.loss * jax.nn.sigmoid((jnp.log(jnp.maximum(troops, 1e-9)) - centre) / 0.3)


def steady(p: Steady, troops: Scalar) -> Scalar:
    """Does the host do less for itself? No."""
    del p
    return jnp.ones_like(troops)


class Restraint(Params):
    """What helper and treaty do to the host's own appetite for disputes."""

    base: Scalar = assume(
        unit="odds ratio", legal=(0.2, 5), means="host's own disputes with 10,000 foreign troops"
    )
    pact: Scalar = assume(
        unit="odds ratio", legal=(0.2, 5), means="host's own disputes under a defence pact"
    )
    aid: Scalar = assume(
        unit="1", legal=(0, 1), means="share of the foreign troops that lends itself to an attack"
    )


def restraint(p: Restraint, troops: Scalar, treaty: Scalar) -> tuple[Scalar, Scalar]:
    """Does the host start more disputes itself?

    Returns:
        Shifts [log-odds] of the host's own challenges: from the base, and from the treaty.

    Source:
        Fewer: O'Mahony et al. (2018), RAND RR1906 [rr1906]. More: Machain & Morgan (2013)
        [machain2013]. Both directions are inside the range.
    """
    scale = jnp.minimum(1.0, magnitude(troops) / 4.0)
    return jnp.log(p.base) * scale, jnp.log(p.pact) * treaty
