"""`foedus explain RUN [CLAIM]`: when a claim breaks, or how the options compare."""

import click

from foedus.commands.printing import as_json_option, console, print_json
from foedus.errors import FoedusError


@click.command(short_help="Say when a claim breaks; or which option is never badly wrong.")
@click.argument("run")
@click.argument("claim", required=False)
@click.option("--no-design", is_flag=True, help="Play no further worlds: use what RUN holds.")
@click.option(
    "--sobol",
    "points",
    default=0,
    metavar="N",
    show_default=True,
    help="Sobol indices from N base points, a power of two such as 256.",
)
@click.option(
    "--gradients",
    default=0,
    type=click.IntRange(0),
    metavar="N",
    show_default=True,
    help="How outcomes move along each range, in N worlds: which assumptions cannot matter.",
)
@as_json_option
def explain(
    run: str, claim: str | None, no_design: bool, points: int, gradients: int, as_json: bool
) -> None:
    """Say when CLAIM breaks in RUN, what decides it, and what would flip three of its worlds.

    Without CLAIM, compare the options: robustness, the assumptions that claims stand on, and how
    far the ranges decide. Worlds that are needed beside those of RUN are played, and kept in it.
    """
    with console(stderr=True).status("Opening the run"):
        from foedus import explaining, telling, telling_options
        from foedus.judge.explain import explain as explained
        from foedus.judge.options import choice
        from foedus.judge.weighed import explain_weighed, weighed_only
        from foedus.table import open_run

        done = open_run(run)
    with telling.working(console(stderr=True)) as tell:
        if claim is None:
            found = choice(done) if no_design else explaining.compare_options(done, tell)
        elif weighed_only(done, claim):
            if points or gradients:
                raise FoedusError(
                    f"'{claim}' is weighed, so it has no test to take Sobol indices or slopes of"
                )
            weighed = explain_weighed(done, claim)
        elif no_design:
            said = explained(done, claim)
        else:
            said = explaining.explain_fully(done, claim, tell, points=points, gradients=gradients)
    if claim is None and as_json:
        import dataclasses

        print_json(dataclasses.asdict(found))
    elif claim is None:
        telling_options.tell_choice(done, found, console())
    elif weighed_only(done, claim) and as_json:
        print_json(weighed.plain())
    elif weighed_only(done, claim):
        telling.tell_weighed(weighed, console())
    elif as_json:
        click.echo((done.folder / "explained" / f"{claim}.json").read_text("utf-8"))
    else:
        telling.tell_explanation(done, said, console())
