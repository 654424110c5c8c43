"""What bears on the choice of an option, on the terminal."""

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from foedus.judge.options import Choice
from foedus.judge.quantities import label, number, percent, scale, unit_words
from foedus.judge.worth import LEAST, by_outcome
from foedus.table import Run
from foedus.terminal import plain_table

if TYPE_CHECKING:
    from foedus.case.schema import Case
    from foedus.optimise import Found

OUTCOMES = 4  # with a table of robustness; --json has all
BEARING = 12
METRICS = {
    "maximin": "worst",
    "Laplace": "mean",
    "minimax regret": "most regret",
    "90th percentile regret": "90 % regret",
}
LETTERS = {
    "X": "What is not known (X)",
    "L": "What can be decided (L)",
    "R": "How the world may work (R)",
    "M": "What is measured (M)",
}


def tell_choice(run: Run, found: Choice, console: Console) -> None:
    """Print a comparison of the options, 80 columns wide or as wide as the terminal."""
    console.print(Text(run.manifest["title"], style="bold"))
    console.print(f"{len(run.sound):,} worlds.")
    for letter, lines in found.xlrm.items():
        _heading(LETTERS[letter], console)
        for line in lines:
            _paragraph(line, console)
    for outcome in list(found.robustness)[:OUTCOMES]:
        _robustness(run, outcome, found.robustness[outcome], console)
    _bearing(found, console)
    _reweighted(found, console)
    _tipping(found, console)
    _lasting(found, console)
    _worth(found, console)
    _residual(found, console)
    if found.notes:
        _heading("To know", console)
        for note in found.notes:
            _paragraph(note, console)


def _heading(words: str, console: Console) -> None:
    console.print()
    console.print(Text(words, style="bold"))


def _paragraph(words: str, console: Console, indent: int = 2) -> None:
    console.print(Padding(Text(words), (0, 0, 0, indent)))


def _robustness(run: Run, outcome: str, rows: list[dict[str, Any]], console: Console) -> None:
    """Options against metrics; the most robust of each metric in bold."""
    meta = run.manifest["outcomes"][outcome]
    unit = meta["unit"]
    table = plain_table(f"{outcome}: {meta['means']} ({meta['better']} is better)")
    table.add_column("option", no_wrap=True)
    columns: list[tuple[str, float | None, str]] = [
        (name, None, f"{said}\n{unit_words(unit)}") for name, said in METRICS.items()
    ]
    asked = dict.fromkeys(r["threshold"] for r in rows if r["threshold"] is not None)
    columns += [
        ("Starr's domain", at, f"within\n{number(at * scale(unit))} {unit_words(unit)}".rstrip())
        for at in asked
    ]
    for _, _, said in columns:
        table.add_column(said, justify="right")
    by = {(r["metric"], r["threshold"], r["option"]): r for r in rows}
    for option in run.manifest["options"]:
        cells = []
        for metric, at, _ in columns:
            row = by[metric, at, option]
            shown = percent(row["value"]) if at is not None else number(row["value"] * scale(unit))
            cells.append(Text(shown, style="bold" if row["rank"] == 1 else ""))
        table.add_row(option, *cells)
    console.print()
    console.print(table)
    note = ("Worst: maximin (Wald). Mean: Laplace. Regret: against the best option of the same "
            "world (Savage), the most and in nine worlds of ten at most.")  # fmt: skip
    note += " Within: Starr's domain criterion, share of worlds." if asked else ""
    console.print(Text(note, style="dim"))


def _bearing(found: Choice, console: Console) -> None:
    _heading("Assumptions that the claims stand on, and what to watch", console)
    if not found.bearing:
        _paragraph("No explained claim stands on an assumption alone.", console)
    for each in found.bearing[:BEARING]:
        said = ["load-bearing and vulnerable" if each.vulnerable else "load-bearing"]
        said += [f"decides up to {percent(each.decides)} of a claim"] * (each.decides > 0)
        said += [f"{percent(each.broken)} of the worlds lie where one breaks"] * bool(
            each.signposts
        )
        subject = f"{each.words[:1].upper()}{each.words[1:]} ({each.column})"
        _paragraph(f"{subject}: {'; '.join(said)} ({', '.join(each.claims)}).", console)
        for sign in each.signposts:
            _paragraph(f"Watch: {sign}.", console, 4)
    rest = len(found.bearing) - BEARING
    if rest > 0:
        _paragraph(f"And {rest} more: --json lists them.", console)


def _reweighted(found: Choice, console: Console) -> None:
    """How much each share owes to the ranges of the case."""
    if not found.reweighted:
        return
    table = plain_table("How far each share could move, did some worlds count so many times more")
    table.add_column("claim", no_wrap=True)
    table.add_column("share", justify="right", no_wrap=True)
    for k, _, _ in found.reweighted[0].bounds:
        table.add_column(f"{number(k)} times\n%", justify="right", no_wrap=True)
    table.add_column("crosses a threshold at", justify="right", min_width=12)
    for each in found.reweighted:
        bounds = [f"{number(100 * low)}–{number(100 * high)}" for _, low, high in each.bounds]
        flip = "at no weight" if each.to_flip is None else f"{number(each.to_flip)} times"
        table.add_row(each.claim, percent(each.share), *bounds, flip)
    console.print()
    console.print(table)
    note = ("A world may count at most so many times as much, or as little, as it does here: the "
            "density ratio lies within [1/k, k] (Lavine 1991).")  # fmt: skip
    console.print(Text(note, style="dim"))


def _tipping(found: Choice, console: Console) -> None:
    if not found.tipping:
        return
    _heading("How probable must the worlds be in which a claim breaks", console)
    for each in found.tipping:
        more = "more" if each.rival_wins == "above" else "less"
        _paragraph(
            f"{each.claim}: on the mean of {each.outcome} “{label(each.preferred)}” is best; if "
            f"the worlds of its first box were {more} probable than {percent(each.break_even)}, “"
            f"{label(each.rival)}” would be better. They are {percent(each.region_share)} of those "
            "explored.", console,
        )  # fmt: skip


def _lasting(found: Choice, console: Console) -> None:
    """The sell-by year of every option, one table a level that is asked for."""
    for level in dict.fromkeys(each.level for each in found.lasting):
        table = plain_table(f"How long each option keeps: {level}")
        for name, justify in (("option", "left"), ("to the end", "right"), ("never", "right"),
                              ("where it ends, half by", "right")):  # fmt: skip
            table.add_column(name, justify="left" if justify == "left" else "right")
        for each in (one for one in found.lasting if one.level == level):
            until = "" if each.median is None else str(each.median)
            table.add_row(each.of, percent(each.to_the_end), percent(each.never), until)
        console.print()
        console.print(table)
    if found.lasting:
        note = ("Shares of worlds. An option's sell-by year is the first from which on the level "
                "is missed to the end.")  # fmt: skip
        console.print(Text(note, style="dim"))


def _worth(found: Choice, console: Console) -> None:
    """What each option costs for a dispute averted, and in which worlds there is such a price."""
    if not found.worth:
        return
    table = plain_table("What the money of each option buys, against the reference")
    table.add_column("option", no_wrap=True)
    for said in ("averts,\ncosts more", "averts,\ncosts no more", "brings\ndisputes", "neither"):
        table.add_column(said, justify="right")
    table.add_column("M USD for each\nmiddle (5 to 95 %)", justify="right")
    for each in found.worth:
        shares = (each.bought, each.free, each.harmful, each.idle)
        price = "none"
        if each.price is not None:
            low, middle, high = map(number, each.price)
            price = f"{middle} ({low} to {high})"
        table.add_row(each.option, *map(percent, shares), price)
    console.print()
    console.print(table)
    note = (f"Shares of worlds. Neither: fewer than {LEAST} disputes averted or brought over the "
            "years, of which no price can be told. Cost: host and helper together, beyond the "
            "reference; the price is over the worlds of the first column alone.")  # fmt: skip
    console.print(Text(note, style="dim"))


def _residual(found: Choice, console: Console) -> None:
    """In which share of worlds an option leaves the worst no likelier than a threshold."""
    for outcome, rows in by_outcome(found.residual).items():
        table = plain_table(f"How likely each option leaves it: {outcome}")
        table.add_column("option", no_wrap=True)
        for at, _ in rows[0].within:
            table.add_column(f"below {percent(at)}", justify="right")
        for each in rows:
            table.add_row(each.option, *(percent(share) for _, share in each.within))
        console.print()
        console.print(table)
    if found.residual:
        note = "Shares of worlds whose odds over all years are below the threshold; none of these "
        console.print(Text(note + "thresholds is a published standard.", style="dim"))


def tell_found(case: "Case", found: "Found", console: Console) -> None:
    """Print what a search found: settings and objectives, then options to paste into a case."""
    from foedus.optimise import as_options

    console.print(Text(f"{case.title}: settings that nothing beats", style="bold"))
    table = plain_table("")
    for lever in found.levers:
        table.add_column(f"{lever.name}\n{unit_words(lever.unit)}", justify="right")
    for aim in found.objectives:
        table.add_column(aim.words, justify="right")
    for setting, values in zip(found.settings, found.values, strict=True):
        cells = [v if isinstance(v, str) else number(v) for v in setting.values()]
        table.add_row(*cells, *(number(float(value)) for value in values))
    console.print(table)
    console.print(
        f"{found.evaluated} settings were played; the archive fills "
        f"{percent(found.hypervolume[-1])} of the space that the best value of each objective "
        f"spans, {percent(found.hypervolume[0])} after the first generation."
    )
    if case.screens:
        console.print("Screens of the case are not applied to the worlds of a search.")
    console.print()
    console.print(Text("As options of a case file:", style="bold"))
    console.print(as_options(found), markup=False, soft_wrap=True)
