"""What a claim's worlds assume, and how a reader says it: columns, labels, values, limits."""

from collections.abc import Iterable

import polars as pl

from foedus.case.schema import Check, Claim, Comparison, Interaction
from foedus.judge.quantities import MINUS, label, number, scale, unit_words
from foedus.table import Table

KEYS = ("world", "scramble")
_CLAUSES = ("what ", "how ", "odds ")  # these stand without "the odds that"


def options_of(claim: Claim) -> list[str]:
    """The options that a claim's tests speak of, each once, in their order."""
    return list(dict.fromkeys(o for check in claim.tests.values() for o in options_in(check)))


def options_in(check: Check) -> list[str]:
    """The options that one test speaks of."""
    form = check.form
    if isinstance(form, Comparison):
        return [form.option, form.than]
    if isinstance(form, Interaction):
        return [form.first.option, form.first.than, form.second.option, form.second.than]
    return [form.option]


def drawn(run: Table, options: Iterable[str]) -> pl.DataFrame:
    """What differs from world to world and bears on some options: one row a sound world.

    Beside the case's assumptions these are the ranges that an option sets for a lever, named
    `<lever>@<option>`; a range that two options share stands once.
    """
    case, worlds = run.case, run.sound
    names, seen = [], []
    for name in worlds.columns:
        lever, _, option = name.partition("@")
        if name in KEYS or (option and option not in options):
            continue
        given = case.options[option].sets.get(lever) if option else None
        if given is not None and (lever, given) in seen:
            continue
        seen.append((lever, given))
        names.append(name)
    found = worlds.select(names)
    return found.select(name for name in names if found[name].n_unique() > 1)


def column_words(run: Table, name: str) -> str:
    """What a column is, as the subject of "... is below 4 days"."""
    stem, _, option = name.partition("@")
    meta = run.manifest["columns"].get(stem)
    if meta is None:
        return label(name)
    if meta["unit"] == "theory":
        return f"the theory of {label(stem.removeprefix('theory.'))}"
    given = run.case.assumptions.get(stem)
    means = (given.means if given is not None else "") or meta["means"]
    if stem.startswith("forces.") and stem.removeprefix("forces.") in run.case.actors:
        means = f"forces of {run.case.actors[stem.removeprefix('forces.')].name}"
    elif meta["unit"].startswith("probability") and not means.startswith(_CLAUSES):
        means = f"the odds that {means}"
    return means + _whose(run, stem) + (f" under “{label(option)}”" if option else "")


def _whose(run: Table, stem: str) -> str:
    """The threat that a number is about, if it is about one."""
    threat = run.case.threats.get(stem.rpartition(".")[2])
    if threat is None:
        return ""
    actors = run.case.actors
    return f" ({actors[threat.challenger].name} against {actors[threat.target].name})"


def column_unit(run: Table, name: str) -> str:
    """The unit of a column; empty for words."""
    meta = run.manifest["columns"].get(name.partition("@")[0], {"unit": "1", "words": []})
    return "" if meta["words"] else str(meta["unit"])


def value_words(run: Table, name: str, value: float | str, *, exact: bool = False) -> str:
    """A value of a column with its unit, or the word in quotes.

    `exact` gives all digits of a limit, so that a reader who types it back gets the same worlds;
    else three digits that count.
    """
    if isinstance(value, str):
        return f"“{label(value)}”"
    unit = column_unit(run, name)
    shown = value * scale(unit)
    said = f"{shown:,.10g}".replace("-", MINUS) if exact else number(shown)
    return f"{said} {unit_words(unit)}".rstrip()
