"""World: every number of one world under one option, by name, as one tree of arrays."""

from dataclasses import replace
from functools import partial
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

from foedus import mechanisms
from foedus.mechanisms import FACTS, QUESTIONS, contest, crisis, normal, presence
from foedus.mechanisms.alignment import Alignment, Bargain, Neighbour
from foedus.mechanisms.arrival import Timing
from foedus.mechanisms.base import Params, Scalar
from foedus.mechanisms.beside import Beside
from foedus.mechanisms.costs import Prices
from foedus.mechanisms.escalation import Rates
from foedus.mechanisms.front import Front, Stakes
from foedus.mechanisms.honour import Treaty
from foedus.mechanisms.industry import Purchases
from foedus.mechanisms.memory import Memory
from foedus.mechanisms.presence import Base, Channels, Plan, Restraint, Rotation
from foedus.mechanisms.quality import Standards
from foedus.mechanisms.readiness import Training
from foedus.mechanisms.relations import Relations
from foedus.mechanisms.spending import Budgets, Rivalry
from foedus.worlds.model import Model
from foedus.worlds.routes import Drawn, drawn

Row = Float[Array, " columns"]
Holds = dict[str, Int[Array, "..."]]


class Common(eqx.Module):
    """What all threats share."""

    treaty: Treaty
    base: Base
    training: Training
    prices: Prices
    channels: Channels
    theories: dict[str, dict[str, Params]]
    holds: Holds  # for each question, which of the case's theories this world believes
    plan: Plan  # how the base grows and shrinks
    beside: Beside | None = None  # quarrels that the host is no part of; an axis of pairs
    budgets: Budgets | None = None  # None: this case does not ask for them
    purchases: Purchases | None = None
    standards: Standards | None = None
    alignment: Alignment | None = None
    bargain: Bargain | None = None  # what pressure left of the option, once it is settled


class Local(eqx.Module):
    """What may differ from threat to threat; every leaf has a leading axis of threats."""

    rates: Rates
    stakes: Stakes
    front: Front
    timing: Timing
    memory: Memory
    restraint: Restraint
    rotation: Rotation
    theories: dict[str, dict[str, Params]]
    challenger: Float[Array, "*threats"]  # forces of the states [brigades]
    target: Float[Array, "*threats"]
    helper: Float[Array, "*threats"]
    helped: Float[Array, "*threats"]  # 1 where there is a helper at all
    guarded: Float[Array, "*threats"]  # 1 where the alliance protects the target
    started: Float[Array, "*threats"]  # 1 where the host is the challenger
    rivals: Float[Array, "*threats"]  # 1 where the two are rivals today
    rivalry: Rivalry | None = None
    relations: Relations | None = None
    neighbour: Neighbour | None = None
    routes: Drawn | None = None  # on which ways the alliance's help would come

    def times(self, host: Array, rivals: Array) -> "Local":
        """The same threats, with multiples of the forces of the host and of its rivals."""
        ours, theirs = self.started > 0, self.guarded > 0
        attack = jnp.where(ours, host, jnp.where(theirs, rivals, 1.0))
        defence = jnp.where(theirs, host, jnp.where(ours, rivals, 1.0))
        return replace(self, challenger=self.challenger * attack, target=self.target * defence)


class World(eqx.Module):
    """One world under one option."""

    common: Common
    local: Local

    def sharing(self, **parts: Any) -> "World":
        """The same world, with other parts of what its threats share."""
        return World(replace(self.common, **parts), self.local)


def world(model: Model, row: Row, channels: Float[Array, " channels"]) -> World:
    """Name the numbers of one world.

    Args:
        model: the shape of the case.
        row: one number per `model.columns`.
        channels: 1 for each channel of a base that acts, in the order of `Channels`.
    """
    names = [column.name for column in model.columns]

    def shared(stem: str) -> Scalar:
        return row[names.index(stem)]

    def by_threat(stem: str) -> Float[Array, " threats"]:
        own = [f"{stem}.{threat.name}" for threat in model.threats]
        return jnp.stack([shared(name if name in names else stem) for name in own])

    def fill(params: type[Params], stem: str, local: bool) -> Any:
        get, make = (by_threat, jax.vmap(params)) if local else (shared, params)
        numbers = {field: get(f"{stem}.{field}") for field in mechanisms.needs(params)}
        return make(**numbers) if numbers else params()

    def facts(local: bool) -> dict[str, Any]:
        return {
            n: fill(f.params, n, local)
            for n, f in FACTS.items()
            if f.by_threat is local and mechanisms.asked(dict(model.theories), f.of)
        }

    def theories(local: bool) -> dict[str, dict[str, Params]]:
        return {
            question: {
                name: fill(
                    mechanisms.params_of(mechanisms.theory(question, name)),
                    f"{question}.{name}",
                    local,
                )
                for name in chosen
            }
            for question, chosen in model.theories
            if QUESTIONS[question].by_threat is local
        }

    holds = {
        question: jnp.asarray(shared(f"theory.{question}"), jnp.int32)
        for question, chosen in model.theories
        if len(chosen) > 1
    }
    quarrels = [fill(Beside, f"beside.{name}", local=False) for name, _ in model.beside]
    shared_facts = facts(local=False)
    common = Common(
        **shared_facts,
        plan=presence.as_it_stands(shared_facts["base"]),
        channels=Channels(*channels),
        theories=theories(local=False),
        holds=holds,
        beside=jax.tree.map(lambda *each: jnp.stack(each), *quarrels) if quarrels else None,
    )
    ways = None if model.routes is None else drawn(model.routes, by_threat)
    local = Local(
        **facts(local=True), theories=theories(local=True), **_roles(model, row), routes=ways
    )
    return World(common, local)


def _roles(model: Model, row: Row) -> dict[str, Any]:
    forces = [row[model.at(f"forces.{actor}")] for actor in model.actors]
    none = jnp.zeros_like(forces[0])

    def flag(values: list[bool]) -> Float[Array, " threats"]:
        return jnp.asarray([float(value) for value in values])

    return {
        "challenger": jnp.stack([forces[t.challenger] for t in model.threats]),
        "target": jnp.stack([forces[t.target] for t in model.threats]),
        "helper": jnp.stack([forces[t.helper] if t.helper >= 0 else none for t in model.threats]),
        "helped": flag([t.helper >= 0 for t in model.threats]),
        "guarded": flag([t.guarded for t in model.threats]),
        "started": flag([t.started for t in model.threats]),
        "rivals": flag([t.rivals for t in model.threats]),
    }


def ask(model: Model, common: Common, part: Common | Local, question: str, *facts: Any) -> Any:
    """What the theory that this world believes answers to `question`."""
    found = {name: mechanisms.theory(question, name) for name in dict(model.theories)[question]}
    shared = len(found) > 1 and all(each in contest.edge_of for each in found.values())
    if shared:  # one logistic function for all of them
        found = {name: contest.edge_of[each] for name, each in found.items()}
    answers = [each(part.theories[question][name], *facts) for name, each in found.items()]
    picked = pick(common.holds, question, answers)
    return jax.nn.sigmoid(picked) if shared else picked


def believes(model: Model, common: Common, question: str, theory: str) -> Bool[Array, "..."]:
    """Whether this world believes `theory`, which must be one of the case's for `question`."""
    names = dict(model.theories)[question]
    return common.holds.get(question, jnp.asarray(0)) == names.index(theory)


def knowledge(model: Model, common: Common) -> crisis.Noise:
    """What the players do not know of each other in this world, as one theory of the errors."""
    noises = [mechanisms.theory("knowledge", name) for name in dict(model.theories)["knowledge"]]

    def chosen(part: str) -> Any:
        functions = [getattr(noise, part) for noise in noises]

        def answer(*facts: Any) -> Any:
            done = {f: f(*facts) for f in set(functions)}  # theories share most functions
            if len(done) == 1:
                return done[functions[0]]
            return pick(common.holds, "knowledge", [done[f] for f in functions])

        return answer

    link, sides = chosen("link"), None
    if {noise.link for noise in noises} == {normal.cdf, jax.nn.sigmoid}:  # most of a run's work
        codes = jnp.asarray([noise.link is jax.nn.sigmoid for noise in noises])
        logistic = codes[common.holds["knowledge"]]
        link = partial(normal.cdf_or_logistic, logistic)
        sides = partial(normal.sides, logistic)
    return crisis.Noise(link, chosen("unlink"), chosen("spread"), sides)


def pick(holds: Holds, question: str, answers: list[Any]) -> Any:
    """Of the answers of a question's theories, in their order, that which the world holds."""
    if len(answers) == 1:
        return answers[0]

    def select(*each: Any) -> Any:  # one theory may answer for all cases at once
        cases, which = jnp.broadcast_arrays(*each), holds[question]
        many = jnp.broadcast_to(which, cases[0].shape) if which.ndim else which
        return jax.lax.select_n(many, *cases)

    return jax.tree.map(select, *answers)
