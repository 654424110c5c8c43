"""Numbers with their units, and names, as a reader says them."""

from typing import Any

from foedus.case.schema import Case

MINUS = "−"

_PLAIN = {"1": "", "stake": "times the stake"}
_SCALED = {"probability": (100.0, "%"), "probability/year": (100.0, "% a year")}


def scale(unit: str) -> float:
    """What a number of this unit is multiplied with before it is shown: odds are shown in %."""
    return _SCALED.get(unit, (1.0, ""))[0]


def unit_words(unit: str) -> str:
    """A unit as a reader says it: 'k USD/person/year' is 'thousand USD per person a year'."""
    if unit in _SCALED:
        return _SCALED[unit][1]
    if unit in _PLAIN:
        return _PLAIN[unit]
    if unit.startswith("1/"):
        return f"per {unit.removeprefix('1/')}"
    said = unit.replace("M USD", "million USD").replace("k USD", "thousand USD")
    return said.replace("/year", " a year").replace("/", " per ")


def number(value: float) -> str:
    """Three digits that count, with a true minus and no powers of ten."""
    if value == 0:
        return "0"
    size = abs(value)
    if size < 1e-6:
        return "nearly 0"
    digits = max(0, 2 - _exponent(size))
    said = f"{size:,.{digits}f}"
    said = said.rstrip("0").rstrip(".") if "." in said else said
    return f"{MINUS}{said}" if value < 0 and said != "0" else said


def _exponent(size: float) -> int:
    return int(f"{size:.2e}".partition("e")[2])


def quantity(value: float, unit: str) -> str:
    """A number with its unit."""
    return f"{number(value * scale(unit))} {unit_words(unit)}".rstrip()


def change(value: float, unit: str) -> str:
    """A difference with its sign and unit; odds differ by percentage points."""
    sign = "+" if value > 0 else ""
    return f"{sign}{number(value * scale(unit))} {change_unit(unit)}".rstrip()


def change_unit(unit: str) -> str:
    """The unit of a difference."""
    said = unit_words(unit)
    return "percentage points" + said.removeprefix("%") if said.startswith("%") else said


def count(number: int, thing: str) -> str:
    """So many things: "1 world", "2,048 worlds"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def percent(share: float) -> str:
    """A share of worlds, to a tenth of a percent; never rounded up to all or down to none."""
    if 0 < share < 0.001:
        return "under 0.1 %"
    if 0.999 < share < 1:
        return "over 99.9 %"
    return f"{number(round(100 * share, 1))} %"


def label(name: str) -> str:
    """A name from the case file, without its underscores."""
    return name.replace("_", " ")


def outcome_words(name: str, meta: dict[str, Any], case: Case) -> str:
    """What an outcome is, naming the threat it is about."""
    threat = case.threats.get(name.partition(".")[2])
    if threat is None:
        return str(meta["means"])
    who = f"{case.actors[threat.challenger].name} against {case.actors[threat.target].name}"
    return f"{meta['means']} ({who})"
