"""The questions of `foedus new`: what an option of the command has not said is asked."""

from typing import Any

import click

from foedus.case.states import State, state
from foedus.case.template import CHOICES, Answers, unfit
from foedus.errors import FoedusError, did_you_mean

TREATIES = ("defence", "consultation", "none")


def answers(given: dict[str, Any], *, interactive: bool) -> Answers:
    """What an author decided.

    Args:
        given: what the command line says; None or empty for what it does not.
        interactive: whether somebody is there to be asked; else what is not said is as by default.

    Raises:
        FoedusError: if a state, an option or a name is not known, or one that is needed not said.
    """
    host = _state(given["host"], "The state that is protected (host)", "--host", interactive)
    helper = _state(given["helper"], "The state that would help it", "--helper", interactive)
    challengers = _challengers(given["challengers"], interactive)
    _refuse_doubles([host, helper, *challengers])
    asked = _Asker(interactive)
    title = f"{host.name} and {helper.name}"
    first = given["first"] or asked.number("First year that is played", 2027)
    years = given["years"] or asked.number("How many years", 10)
    troops = given["troops"]
    if troops is None:
        troops = asked.number(f"Troops of {helper.name} in {host.name} today", 0)
    return Answers(
        title=given["title"] or asked.text("Title of the case", title),
        question=f"Which arrangement between {helper.name} and {host.name} keeps the peace best?",
        host=host,
        helper=helper,
        challengers=challengers,
        rivals=_rivals(given["rivals"], challengers, asked),
        treaty=given["treaty"] or asked.one_of("Treaty obligation today", TREATIES),
        troops=troops,
        years=(first, first + years - 1),
        options=_options(given["options"], troops, asked),
    )


class _Asker:
    """Asks, or takes what is offered where nobody can answer."""

    def __init__(self, interactive: bool) -> None:
        self.interactive = interactive

    def text(self, what: str, offered: str) -> str:
        return str(click.prompt(what, default=offered)) if self.interactive else offered

    def number(self, what: str, offered: int) -> int:
        return int(click.prompt(what, default=offered, type=int)) if self.interactive else offered

    def one_of(self, what: str, known: tuple[str, ...]) -> str:
        if not self.interactive:
            return known[0]
        return str(click.prompt(what, default=known[0], type=click.Choice(known)))

    def yes(self, what: str) -> bool:
        return click.confirm(what, default=False) if self.interactive else False


def _state(said: str | None, what: str, flag: str, interactive: bool) -> State:
    if said:
        return state(said)
    if not interactive:
        raise FoedusError(f"nobody is there to be asked: say it with {flag}, such as {flag} EST")
    while True:
        try:
            return state(click.prompt(f"{what}: three letters, or its name"))
        except FoedusError as error:
            click.echo(f"  {error}")


def _challengers(said: tuple[str, ...], interactive: bool) -> tuple[State, ...]:
    found = [state(each) for each in said]
    if not found:
        found = [_state(None, "A state that might challenge it", "--challenger", interactive)]
        while interactive and click.confirm("Another challenger?", default=False):
            found.append(_state(None, "A state that might challenge it", "", interactive))
    return tuple(found)


def _refuse_doubles(named: list[State]) -> None:
    keys = [each.key for each in named]
    for each in named:
        if keys.count(each.key) > 1:
            raise FoedusError(f"{each.name} stands twice: host, helper and challengers must differ")


def _rivals(said: tuple[str, ...], there: tuple[State, ...], asked: _Asker) -> tuple[str, ...]:
    keys = [state(each).key for each in said]
    for key in keys:
        if key not in {each.key for each in there}:
            raise FoedusError(f"--rival {key} is no challenger of this case")
    if said:
        return tuple(keys)
    what = "Is {} a strategic rival of the host today?"
    return tuple(each.key for each in there if asked.yes(what.format(each.name)))


def _options(said: tuple[str, ...], troops: int, asked: _Asker) -> tuple[str, ...]:
    known = [name for name in CHOICES if not unfit(name, troops)]
    for name in said:
        if name not in CHOICES:
            raise FoedusError(f"no option '{name}' to begin with: {did_you_mean(name, known)}")
        if name not in known:
            raise FoedusError(f"no option '{name}' to begin with: {unfit(name, troops)}")
    if said:
        return tuple(dict.fromkeys(said))
    offered = ("no_base", "nothing") if troops else ("light_base", "nothing")
    if not asked.interactive:
        return offered
    click.echo("What could be decided, beside leaving things as they are:")
    found = []
    for name in known:
        means = CHOICES[name].means
        if click.confirm(f"  {name}: {means}", default=name in offered):
            found.append(name)
    return tuple(found) or offered
