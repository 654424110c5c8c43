"""What pressure makes of an option, in one world: settled once, before its first year."""

from dataclasses import replace

import jax
import jax.numpy as jnp

from foedus import mechanisms
from foedus.mechanisms import alignment, asked, honour, pressure, relations
from foedus.mechanisms.alignment import Bargain
from foedus.mechanisms.base import Scalar
from foedus.mechanisms.pressure import Stakeholders
from foedus.worlds.model import Model
from foedus.worlds.world import Common, World, believes, pick


def pressed(model: Model, w: World, at_home: World) -> World:
    """An option's world after the bargain: its base is as large as that binds it to be.

    Args:
        model: the shape of the case.
        w: the world under the option.
        at_home: the same world under the reference, whose base is there already.
    """
    if not asked(dict(model.theories), "pressure"):
        return w
    troops, home = w.common.base.troops, at_home.common.base.troops
    others = _neighbours(model, w)
    plain, here = (_wants(w.common, others, each) for each in (home, troops))
    both: Stakeholders = jax.tree.map(lambda *each: jnp.stack(each), plain, here)
    without, policy = jax.vmap(lambda who: _policy(model, w.common, who))(both)
    wanted = (plain.position[0], here.position[0])
    kept = alignment.survives(wanted, (without, policy))
    left = home + jnp.where(troops > home, _binding(w.common, kept), 1.0) * (troops - home)
    found = Bargain(
        pressure=alignment.pull(here),
        autonomy=pressure.autonomy(here.position[0], policy, jnp.ones_like(policy)),
        kept=kept,
        hedging=alignment.spread(jnp.append(_close(w.common, left), others.ties)),
    )
    base = replace(w.common.base, troops=left)
    return w.sharing(base=base, bargain=found)


def settled(common: Common) -> Bargain:
    """What the bargain came to; nothing, where the case does not ask."""
    if common.bargain is None:
        return Bargain(*[jnp.zeros_like(common.base.troops)] * 4)
    return common.bargain


def _binding(common: Common, kept: Scalar) -> Scalar:
    """The share of a new base that is built, where what survives binds so far."""
    assert common.alignment is not None
    return 1.0 - common.alignment.binds * (1.0 - kept)


def _policy(model: Model, common: Common, who: Stakeholders) -> Scalar:
    """What survives, by the theory that the world holds.

    For the theories that it does not hold all actors agree, so their rounds end at once.
    """
    params = common.theories["pressure"]

    def answer(name: str) -> Scalar:
        held = believes(model, common, "pressure", name)
        agreed = jnp.where(held, who.position, who.position[0])
        found = mechanisms.theory("pressure", name)(params[name], who._replace(position=agreed))
        return jnp.asarray(found)

    answers = [answer(name) for name in dict(model.theories)["pressure"]]
    return jnp.asarray(pick(common.holds, "pressure", answers))


def _wants(common: Common, others: alignment.Neighbour, troops: Scalar) -> Stakeholders:
    assert common.alignment is not None
    return alignment.stakeholders(common.alignment, others, _close(common, troops), troops)


def _close(common: Common, troops: Scalar) -> Scalar:
    """How close the ties of host and helper are, with so many troops there."""
    assert common.alignment is not None
    treaty, exercises = honour.weight(common.treaty), common.training.exercises
    return alignment.closeness(common.alignment, treaty, exercises, troops)


def _neighbours(model: Model, w: World) -> alignment.Neighbour:
    """Every state that threatens the host, once."""
    first = {t.challenger: i for i, t in reversed(list(enumerate(model.threats))) if t.guarded}
    rows = jnp.asarray(sorted(first.values()), jnp.int32)
    here, talks = w.local.neighbour, w.local.relations
    assert here is not None
    if talks is not None:
        here = jax.vmap(lambda t, n: replace(n, ties=relations.warmed(t, n.ties)))(talks, here)
    found: alignment.Neighbour = jax.tree.map(lambda leaf: leaf[rows], here)
    return found
