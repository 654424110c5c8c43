"""What does diplomacy toward a neighbour do to the odds of a dispute with it?"""

import jax.numpy as jnp

from foedus.mechanisms.base import Params, Scalar, assume


class Relations(Params):
    """How much is done for good relations with the other state of a threat."""

    effort: Scalar = assume(
        unit="1",
        legal=(0, 1),
        means="diplomacy toward this neighbour beyond the usual, 1 for all that can be done",
        lever=True,
    )
    cost: Scalar = assume(
        unit="M USD/year", legal=(0, 1e5), means="what all that can be done costs the host"
    )
    warms: Scalar = assume(
        unit="1",
        legal=(-1, 1),
        means="how far all that can be done brings the two closer: 1 all the way, -1 wholly apart",
    )


def warmed(r: Relations, ties: Scalar) -> Scalar:
    """The host's ties with a neighbour, once diplomacy has done what it does.

        ties + warms x effort x (what is missing to the closest; if it fails, what there is)

    Args:
        r: how much is done, and how far it reaches.
        ties: without it, in [0, 1].

    Returns:
        In [0, 1]; `ties` where nothing is done.
    """
    room = jnp.where(r.warms > 0, 1.0 - ties, ties)
    return ties + r.warms * r.effort * room


class Nothing(Params):
    """It changes nothing, and needs no numbers."""


class Eases(Params):
    """It lowers tension."""

    effect: Scalar = assume(
        unit="log-odds", legal=(-2, 0), means="effect of all that can be done on a challenge"
    )


class Emboldens(Params):
    """It is taken for weakness."""

    effect: Scalar = assume(
        unit="log-odds", legal=(0, 2), means="effect of all that can be done on a challenge"
    )


def none(p: Nothing, effort: Scalar) -> Scalar:
    """What does diplomacy toward a neighbour do? Nothing: interests decide.

    Source: the realist null; no study found gives a size.
    """
    del p
    return jnp.zeros_like(effort)


def eases(p: Eases, effort: Scalar) -> Scalar:
    """What does diplomacy toward a neighbour do? It eases tension.

    Returns:
        Shift [log-odds] of a challenge: `effect` at full effort.

    Source: the spiral model of Jervis (1976), Perception and Misperception in International
        Politics, ch. 3: reassurance calms states that fear each other; the size is a judgement.
    """
    return p.effect * effort


def emboldens(p: Emboldens, effort: Scalar) -> Scalar:
    """What does diplomacy toward a neighbour do? It is taken for weakness.

    Source: the deterrence model of the same chapter: concessions teach an aggressor that one is
        weak; the size is a judgement.
    """
    return p.effect * effort
