"""`foedus run CASE`: play, judge, explain, report."""

from typing import TYPE_CHECKING

import click

from foedus.commands.printing import as_json_option, console, paths, print_json, warn
from foedus.commands.verdicts import exit_on, fail_on_option, said

if TYPE_CHECKING:
    from foedus.engine.run import Job, Progress
    from foedus.keep import Keep
    from foedus.table import Run


@click.command(short_help="Play a case out, judge its claims, write a report.")
@click.argument("case")
@click.option("-n", "--worlds", default=65_536, show_default=True, help="How many worlds to play.")
@click.option("--seed", default=0, show_default=True, help="Another seed draws other worlds.")
@click.option("-o", "--out", type=click.Path(), help="The run folder. [default: runs/CASE-...]")
@click.option(
    "--keep",
    default="all",
    show_default=True,
    metavar="all|N|summary",
    help="All rows; or counts of all worlds, and the rows of N of them.",
)
@click.option(
    "--explain/--no-explain",
    "explained",
    default=True,
    show_default=True,
    help="Also find out when each claim breaks and what decides it.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    metavar="N",
    help="Play on N worker processes of this machine, with Dask.",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Play on the Dask cluster at this address, or of this scheduler file.",
)
@fail_on_option
@as_json_option
def run(
    case: str,
    worlds: int,
    seed: int,
    out: str | None,
    keep: str,
    workers: int | None,
    dask: str | None,
    explained: bool,
    fail_on: tuple[str, ...],
    as_json: bool,
) -> None:
    """Play every option of CASE out in many worlds, judge its claims, and write a report."""
    if workers and dask:
        raise click.UsageError("give --workers or --dask, not both")
    errors = console(stderr=True)
    with errors.status("Reading the case"):
        from foedus.engine.reading import check, read
        from foedus.engine.run import carry_out, in_threads
        from foedus.judge.claims import judge as judged
        from foedus.keep import planned
        from foedus.report.page import report as write
        from foedus.telling import working
        from foedus.terminal import played, summary

        found = read(case)
        warn(check(found), errors)
    with played(errors, len(found.options)) as progress:
        at = workers or dask
        job = planned(found, worlds, seed, out, _keep(keep))
        done = _on_cluster(at, job, progress) if at else carry_out(job, in_threads, progress)
    with errors.status("Judging the claims"):
        verdicts = judged(done)
    if not as_json:
        summary(done, verdicts, console())
    if explained:
        from foedus.explaining import explain_all

        with working(errors) as tell:
            explain_all(done, tell)
    with working(errors) as tell:
        page = write(done, tell=tell)
    if as_json:
        print_json({"run": str(done.folder), "report": str(page), **said(done, verdicts)})
    else:
        paths(console(), {"Run folder": done.folder, "Report": page})
    exit_on(verdicts, fail_on)


def _keep(said: str) -> "Keep":
    if said in ("all", "summary"):
        return said  # type: ignore[return-value]
    if not said.isdecimal():
        raise click.BadParameter(f"'{said}' is not all, summary or a number", param_hint="--keep")
    return int(said)


def _on_cluster(at: int | str, job: "Job", progress: "Progress") -> "Run":
    from foedus.scale import cluster, simulate_on

    with cluster(at) as client:
        return simulate_on(client, job, progress)
