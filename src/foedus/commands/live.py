"""`foedus live CASE`: a page on which assumptions are moved."""

import click


@click.command(short_help="Serve a page on which the assumptions of a case can be moved.")
@click.argument("case")
@click.option("--port", default=8765, show_default=True, help="0 takes a free one.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Who can reach the page: by default nobody but this machine.",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="NAME",
    help="A name by which browsers elsewhere reach this machine. May be repeated.",
)
@click.option("--seed", default=0, show_default=True, help="Another seed draws other worlds.")
@click.option("--open", "open_page", is_flag=True, help="Open the page in a browser.")
def live(
    case: str, port: int, host: str, names: tuple[str, ...], seed: int, open_page: bool
) -> None:
    """Serve a page on which the assumptions of CASE can be moved, and every verdict follows."""
    from rich.console import Console

    errors = Console(stderr=True, highlight=False)
    with errors.status("Reading the case") as status:
        from foedus.engine.reading import check, read

        found = read(case)
        for problem in check(found):
            errors.print(f"warning: {problem}", style="yellow", markup=False, soft_wrap=True)
        try:
            from foedus.live.serve import listen, names_of, serve, site_of
        except ModuleNotFoundError as error:
            missing = f"{error.name} is not installed: pip install 'foedus[live]'"
            raise click.ClickException(missing) from None
        allowed, socket = names_of(host, names), listen(host, port)
        status.update("Compiling the case for this machine, and playing its first worlds")
        site = site_of(found, seed)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{socket.getsockname()[1]}/"

    def ready() -> None:
        click.echo(f"{address}\nCtrl+C stops it.")
        if open_page:
            click.launch(address)

    serve(site, socket, allowed, ready)
