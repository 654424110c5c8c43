"""`foedus story CASE`: one world year by year."""

import click

from foedus.commands.printing import as_json_option, console, print_json


@click.command(short_help="Tell one world year by year: an illustration.")
@click.argument("case")
@click.option("--option", default="", help="Under which option. [default: the reference]")
@click.option("--world", default=0, show_default=True, help="Which world, from 0.")
@click.option("--seed", default=0, show_default=True, help="Of the worlds, as of a run.")
@click.option("--draw", default=0, show_default=True, help="Another number: another history.")
@as_json_option
def story(case: str, option: str, world: int, seed: int, draw: int, as_json: bool) -> None:
    """Tell one world of CASE year by year, and one history drawn from its odds with dice.

    An illustration of what a world is. Verdicts count all histories of all worlds instead.
    """
    with console(stderr=True).status("Playing one world"):
        from foedus import storytelling
        from foedus.engine.reading import read

        found = read(case)
        told = storytelling.story(found, option, world, seed=seed, draw=draw)
    if as_json:
        print_json(storytelling.as_json(told))
    else:
        storytelling.tell(found, told, console())
