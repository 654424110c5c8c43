"""Levers over time: what an option sets a lever to, and from which year."""

from foedus.case.schema import Assumption, Case

Values = dict[int, Assumption | None]  # from which year (0 is the first); None: as the case says


def timetable(case: Case, option: str) -> dict[str, Values]:
    """Of each lever that an option sets: what it is, and from which year.

    Before the first of these years it is as under the reference. A lever of a schedule has a value
    for each step; an option that begins in a year of the calendar is the reference until then, so
    it also takes back what only the reference sets.
    """
    chosen, first = case.options[option], case.years[0]
    begins = 0 if chosen.when is None or chosen.when.year is None else chosen.when.year - first
    found: dict[str, Values] = {
        lever: {year - first: value for year, value in given.steps().items()} or {begins: given}
        for lever, given in chosen.sets.items()
    }
    if begins:
        home = case.options[case.reference].sets
        found |= {lever: {begins: None} for lever in home if lever not in found}
    return found


def steps(case: Case) -> dict[int, set[str]]:
    """The years after the first in which a lever of any option steps, and which levers do."""
    found: dict[int, set[str]] = {}
    for option in case.options:
        for lever, values in timetable(case, option).items():
            for year in values:
                if year > 0:
                    found.setdefault(year, set()).add(lever)
    return dict(sorted(found.items()))
