"""Case -> what can be moved on the page: one control for each thing a state may change."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from foedus.case.assumption import Assumption
from foedus.case.schema import Level
from foedus.judge.claims import margin
from foedus.live.edits import Base
from foedus.mechanisms import QUESTIONS
from foedus.report.ranges import range_words
from foedus.report.words import change_unit, label, quantity, scale, unit_words
from foedus.worlds.columns import Column
from foedus.worlds.model import CHANNELS

_STRAYS = 1.0  # a slider goes beyond the range by this many times its width
_ENDS = {1: ("value",), 2: ("lowest", "highest"), 3: ("lowest", "middle", "highest")}


@dataclass(frozen=True)
class Control:
    """One control. `own` is what the case file says, written as in a state."""

    key: str
    title: str
    own: str
    was: str  # the same in words
    note: str = ""
    judged: bool = False
    kind: str = "range"  # or "choice": some of several words or numbers; "margin": one number
    unit: str = ""
    factor: float = 1.0  # the page shows numbers times this: odds in %
    axis: tuple[float, float] = (0.0, 1.0)
    log: bool = False
    choices: tuple[tuple[str, str], ...] = ()  # as written, and in words
    suffix: str = ""  # written after a margin: " %" if it is one of the option compared with

    @property
    def setting(self) -> str:
        """What the page's script needs to know, as JSON."""
        return json.dumps(
            {"key": self.key, "title": self.title, "own": self.own, "kind": self.kind,
             "factor": self.factor, "axis": self.axis, "log": self.log, "unit": self.unit,
             "suffix": self.suffix, "ends": _ENDS}
        )  # fmt: skip


@dataclass(frozen=True)
class OptionControls:
    """What can be moved about one option."""

    name: str
    says: str
    reference: bool
    levers: tuple[Control, ...]  # those it sets, then those it could set
    without: Control


@dataclass(frozen=True)
class Controls:
    """Everything that can be moved."""

    theories: tuple[Control, ...]
    assumptions: tuple[tuple[str, tuple[Control, ...]], ...]  # by the first word of the name
    options: tuple[OptionControls, ...]
    margins: dict[str, tuple[Control, ...]]  # by claim


def controls(base: Base, outcomes: dict[str, dict[str, Any]]) -> Controls:
    """The controls of a case; `outcomes` as a run's manifest has them."""
    case = base.case
    rows = [
        _of_assumption(f"a:{name}", _title(base, name), base.columns[name], given)
        for name, given in case.assumptions.items()
    ]
    order = list(dict.fromkeys(map(_group, rows)))
    rows.sort(key=lambda row: order.index(_group(row)))
    return Controls(
        tuple(_of_question(q, weights) for q, weights in case.theories.items() if len(weights) > 1),
        tuple((label(name), tuple(these)) for name, these in groupby(rows, _group)),
        tuple(_of_option(base, name) for name in case.options),
        {name: tuple(_of_tests(base, name, outcomes)) for name in case.claims},
    )


def _group(control: Control) -> str:
    return control.key.removeprefix("a:").partition(".")[0]


def _title(base: Base, name: str) -> str:
    """What a number is, and of which state or threat."""
    case, column = base.case, base.columns[name]
    last = name.rpartition(".")[2]
    means = case.assumptions[name].means or column.means
    if name.startswith("forces.") and last in case.actors:
        return f"forces of {case.actors[last].name}"
    threat = case.threats.get(last)
    if threat is None:
        return means
    who = f"{case.actors[threat.challenger].name} against {case.actors[threat.target].name}"
    return f"{means} ({who})"


def _of_assumption(key: str, title: str, column: Column, given: Assumption | None) -> Control:
    common: dict[str, Any] = {
        "key": key, "title": title, "unit": unit_words(column.unit), "factor": scale(column.unit),
        "own": _written(given), "was": range_words(given) if given else "not set",
        "note": given.note if given else "", "judged": given is not None and given.judged,
    }  # fmt: skip
    offered = given.choices if given and given.choices else column.words
    if offered:
        words = tuple((_text(each), _said(each, column.unit)) for each in offered)
        return Control(kind="choice", choices=words, **common)
    points = _points(given)
    log = given is not None and given.scale == "log"
    return Control(axis=_axis(points, column.legal, log=log), log=log, **common)


def _points(given: Assumption | None) -> tuple[float, ...]:
    if given is None:
        return (0.0,)
    return given.points() or tuple(sorted(v for v in given.values() if not isinstance(v, str)))


def _axis(
    points: tuple[float, ...], legal: tuple[float, float], *, log: bool
) -> tuple[float, float]:
    """From where to where a slider goes: a range can be widened by hand, within what is legal."""
    low, high = points[0], points[-1]
    if log:
        reach = (high / low) ** 0.5
        return max(legal[0], low / reach, 1e-9), min(legal[1], high * reach)
    width = (high - low) * _STRAYS or abs(high) or min(legal[1], 1.0)
    return max(legal[0], low - width), min(legal[1], high + width)


def _written(given: Assumption | None) -> str:
    if given is None:
        return ""
    if given.yearly and not _points(given):
        return ",".join(dict.fromkeys(map(_text, given.values())))
    if given.yearly:  # a slider shows from where to where it steps
        points = _points(given)
        return "~".join(dict.fromkeys(map(_text, (points[0], points[-1]))))
    if given.choices:
        return ",".join(map(_text, given.choices))
    return "~".join(map(_text, given.points() or given.values()))


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.12g}"


def _said(value: float | str, unit: str) -> str:
    return label(value) if isinstance(value, str) else quantity(value, unit)


def _of_question(question: str, weights: dict[str, float]) -> Control:
    asks = QUESTIONS[question].asks if question in QUESTIONS else ""
    on = [name for name, weight in weights.items() if weight]
    return Control(
        key=f"t:{question}", title=asks or label(question), own=",".join(on), kind="choice",
        was=", ".join(map(label, on)), choices=tuple((name, label(name)) for name in weights),
    )  # fmt: skip


def _of_option(base: Base, name: str) -> OptionControls:
    option = base.case.options[name]
    levers = {n: column for n, column in base.columns.items() if column.lever}
    order = [n for n in levers if n in option.sets] + [n for n in levers if n not in option.sets]
    rows = []
    for lever in order:
        control = _of_assumption(
            f"o:{name}:{lever}", f"{_title(base, lever)}, under “{label(name)}”",
            levers[lever], option.sets.get(lever),
        )  # fmt: skip
        rows.append(control if control.own else _as_reference(base, control, lever))
    without = Control(
        key=f"w:{name}", title=f"Effects of a base left out of “{label(name)}”", kind="choice",
        own=",".join(option.without), was=", ".join(option.without) or "none left out",
        choices=tuple((channel, channel) for channel in CHANNELS),
    )  # fmt: skip
    reference = name == base.case.reference
    return OptionControls(name, option.says, reference, tuple(rows), without)


def _as_reference(base: Base, control: Control, lever: str) -> Control:
    """A lever that an option does not set begins where the case as a whole has it."""
    given = base.case.assumptions[lever]
    begun = _of_assumption(control.key, control.title, base.columns[lever], given)
    axis = begun.axis if begun.log or begun.kind == "choice" else _used(base, lever)
    return replace(begun, own="", was=f"not set: {begun.was}", axis=axis, note="", judged=False)


def _used(base: Base, lever: str) -> tuple[float, float]:
    """A slider's ends that hold all the case says of a lever, in any option."""
    case = base.case
    every = [
        case.assumptions[lever],
        *(o.sets[lever] for o in case.options.values() if lever in o.sets),
    ]
    points = [point for given in every for point in _points(given)]
    return _axis((min(points), max(points)), base.columns[lever].legal, log=False)


def _of_tests(base: Base, claim: str, outcomes: dict[str, dict[str, Any]]) -> Iterator[Control]:
    for name, check in base.case.claims[claim].tests.items():
        form, unit = check.form, outcomes[check.form.outcome]["unit"]
        key = f"m:{claim}:{name}"
        if isinstance(form, Level):
            yield Control(
                key=key, title=f"Level asked for: {check.says}", kind="margin",
                own=_text(form.value), was=quantity(form.value, unit), unit=unit_words(unit),
                factor=scale(unit), note=check.because,
            )  # fmt: skip
            continue
        by, relative = margin(form)
        yield Control(
            key=key, title=f"Margin: {check.says}", kind="margin",
            own=f"{100 * by:.10g} %" if relative else _text(by),
            was=f"{100 * by:.10g} %" if relative else quantity(by, unit),
            unit="% of the option compared with" if relative else change_unit(unit),
            factor=1.0 if relative else scale(unit), suffix=" %" if relative else "",
            note=check.because,
        )  # fmt: skip


def starts(base: Base) -> dict[str, str]:
    """What a lever begins with, when an option is made to set it."""
    return {
        name: _written(base.case.assumptions[name])
        for name, column in base.columns.items()
        if column.lever
    }
