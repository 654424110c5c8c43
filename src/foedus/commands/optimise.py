"""`foedus optimise CASE`: settings of levers that nothing beats."""

from pathlib import Path

import click

from foedus.commands.printing import as_json_option, console, print_json


@click.command(short_help="Search settings of levers that nothing beats.")
@click.argument("case")
@click.option(
    "--over",
    multiple=True,
    required=True,
    metavar="LEVER[=LOW:HIGH]",
    help="A lever to search over: as far as the options of CASE span it, or in a range, "
    "or among words such as treaty.obligation='none|defence'. May be repeated.",
)
@click.option(
    "--objective",
    "asked",
    multiple=True,
    metavar="OUTCOME[:mean]",
    help="What is to be low, or high if more is better: what nine worlds in ten keep, or "
    "the mean. May be repeated. [default: outcomes of the claims, and cost]",
)
@click.option("--generations", default=30, show_default=True, help="How long to search.")
@click.option("-o", "--out", type=click.Path(), help="The folder. [default: optimised/CASE]")
@as_json_option
def optimise(
    case: str, over: tuple[str, ...], asked: tuple[str, ...], generations: int,
    out: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Search settings of levers that no other setting beats in all objectives.

    Every setting is played in the same 2,048 worlds. What was found is printed as a table, and as
    options to paste into CASE. The same command goes on with a search that was stopped.
    """
    with console(stderr=True).status("Reading the case"):
        from foedus import optimise as search
        from foedus.engine.reading import read
        from foedus.telling import working
        from foedus.telling_options import tell_found

        found = read(case)
        levers, aims = search.levers(found, over), search.objectives(found, asked)
    folder = Path(out) if out else Path("optimised") / Path(found.file).stem
    with working(console(stderr=True)) as tell:
        best = search.optimise(
            found, levers, aims, folder, generations=generations, tell=tell
        )  # fmt: skip
    if as_json:
        values = [dict(zip(map(str, asked or [a.words for a in aims]), row, strict=True))
                  for row in best.values.tolist()]  # fmt: skip
        print_json({"settings": best.settings, "objectives": values,
                     "hypervolume": best.hypervolume, "evaluated": best.evaluated})  # fmt: skip
    else:
        tell_found(found, best, console())
