"""Words and numbers for a reader: every number with its unit, every verdict with its meaning."""

from collections import Counter
from typing import Any, NamedTuple

from foedus.case.schema import Case, Check, Comparison, Interaction, Level
from foedus.judge.claims import Share, Verdict, margin
from foedus.judge.quantities import (
    MINUS,
    change,
    change_unit,
    count,
    label,
    number,
    outcome_words,
    percent,
    quantity,
    scale,
    unit_words,
)
from foedus.judge.screens import Screening
from foedus.judge.weighing import Weighed

__all__ = [
    "KINDS", "MINUS", "RECORD", "VERDICTS", "Mark", "answer", "asks", "change", "change_unit",
    "count", "ends", "headline", "interval", "label", "margin_words", "number", "outcome_words",
    "percent", "quantity", "scale", "screening", "unit_words", "unscreened", "weighed",
]  # fmt: skip


class Mark(NamedTuple):
    """How a verdict looks and what it means: word and icon and colour, never colour alone."""

    tone: str  # names a colour of the style sheet
    icon: str  # names a symbol of the page
    means: str


VERDICTS: dict[str, Mark] = {
    "holds": Mark("for", "yes", "right in nearly all worlds explored"),
    "depends": Mark("mixed", "half", "right in some worlds explored and wrong in others"),
    "fails": Mark("against", "no", "wrong in nearly all worlds explored"),
    "too close to call": Mark(
        "close", "close", "too near a threshold, or the options hardly differ"
    ),
    "untested": Mark("none", "open", "nothing here can test it yet"),
}
RECORD: dict[str, Mark] = {
    "supported": Mark("for", "yes", "the public record bears it out"),
    "partly supported": Mark("part", "most", "the public record bears out a part of it"),
    "contested": Mark("mixed", "split", "the public record speaks for it and against it"),
    "unsupported": Mark("against", "no", "the public record does not bear it out"),
    "untested": Mark("none", "open", "nobody has put it to the record yet"),
}
KINDS = {
    "fact": "says what is or was so",
    "cause": "says what brings about what",
    "counterfactual": "says what would happen under another choice",
    "value": "says what is better or worth more",
}


def headline(verdict: Verdict) -> tuple[Mark, str]:
    """How a verdict looks, and whose it is: of the worlds, or of the record where none tests it."""
    by_record = verdict.verdict == "untested" and bool(verdict.record)
    marks = RECORD if by_record else VERDICTS
    return marks[verdict.headline], "record" if by_record else "worlds"


def interval(share: Share) -> str:
    """The 95 % interval of a share of worlds."""
    return ends(share.low, share.high)


def ends(low: float, high: float) -> str:
    """From one share to another."""
    return f"{number(round(100 * low, 1))} to {number(round(100 * high, 1))} %"


def unscreened(verdict: Verdict) -> str:
    """What stands beside a share that screens bear on; nothing where there is no screen."""
    if verdict.unscreened is None:
        return ""
    return (
        f"without the screens {percent(verdict.unscreened.share)} "
        f"({interval(verdict.unscreened)}); they keep {percent(verdict.kept)} of worlds"
    )


def weighed(found: Weighed) -> list[str]:
    """What a sweep over weights found, and what its weights mean, as sentences."""
    low, middle, high = map(percent, found.spread)
    rivals = _list([f"“{label(rival)}”" for rival in found.rivals])
    worth = [
        change(scale, found.units[name]).removeprefix("+")
        + ("" if found.units[name] == name else f" ({label(name)})")
        for name, scale in found.scales.items()
    ]
    return [
        f"“{label(found.option)}” is better than {rivals} under {middle} of {found.weightings:,} "
        f"ways to weigh the outcomes in the middle world, and under {low} to {high} of them in "
        "nine worlds of ten.",
        f"One unit of weight is worth {_list(worth)}: equal weights make these worth the same.",
        f"Over worlds and weightings together it is so in {percent(found.share.share)} "
        f"(95 % interval {interval(found.share)}).",
    ]


def screening(found: Screening) -> str:
    """What a screen asks and what it does, as two sentences."""
    meets = (
        f"{percent(found.meets.share)} of worlds meet it (95 % interval {interval(found.meets)})"
    )
    if found.bounds is None:
        return f"{meets}."
    low, high = (_finite(bound, found.unit) for bound in found.bounds)
    least, _, most = (_finite(value, found.unit) for value in found.implied)
    return (
        f"Published: {low} to {high}. Before screening, nine worlds in ten imply {least} to "
        f"{most}; {meets}."
    )


def _finite(value: float | None, unit: str) -> str:
    return "beyond all bounds" if value is None else quantity(value, unit)


def asks(check: Check, case: Case, outcomes: dict[str, dict[str, Any]]) -> str:
    """The question a test puts to each world, as a sentence."""
    form = check.form
    meta = outcomes[form.outcome]
    what, unit = outcome_words(form.outcome, meta, case), meta["unit"]
    if isinstance(form, Level):
        word = form.is_.replace("_", " ")
        return f"Under “{label(form.option)}”: {what}. Is it {word} {quantity(form.value, unit)}?"
    asked = _comparison(form, unit)
    if isinstance(form, Comparison):
        return (
            f"{_capital(what)}. Under “{label(form.option)}”, is it {asked} what it is under "
            f"“{label(form.than)}”?"
        )
    return (
        f"{_capital(what)}. Is what “{label(form.first.option)}” changes against "
        f"“{label(form.first.than)}” {asked} what “{label(form.second.option)}” changes against "
        f"“{label(form.second.than)}”?"
    )


def margin_words(form: Comparison | Interaction, unit: str) -> str:
    """The margin of a comparison, with its unit."""
    by, relative = margin(form)
    return f"{number(100 * by)} %" if relative else change(by, unit).removeprefix("+")


def _comparison(form: Comparison | Interaction, unit: str) -> str:
    by, _ = margin(form)
    size = margin_words(form, unit)
    if by == 0:
        plain = {"no_higher": "no higher than", "no_lower": "no lower than", "same": "the same as"}
        return plain.get(form.is_, f"{form.is_} than")
    return {
        "lower": f"lower by more than {size} than",
        "higher": f"higher by more than {size} than",
        "no_higher": f"no more than {size} above",
        "no_lower": f"no more than {size} below",
        "same": f"within {size} of",
    }[form.is_]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def answer(verdicts: list[Verdict]) -> list[str]:
    """What came out, in sentences: of the tested claims, then of those only the record judges."""
    if not verdicts:
        return [
            "This case makes no claim yet, so there is nothing to judge; the options are below."
        ]
    tested = [v for v in verdicts if v.verdict != "untested"]
    rest = [v for v in verdicts if v.verdict == "untested"]
    said = []
    if tested:
        counts = Counter[str](v.verdict for v in tested)
        words = {"holds": ("holds", "hold"), "depends": ("depends on what one assumes",
                 "depend on what one assumes"), "fails": ("fails", "fail"),
                 "too close to call": ("is too close to call", "are too close to call")}  # fmt: skip  # noqa: E501
        parts = [f"{counts[w]} {forms[counts[w] != 1]}" for w, forms in words.items() if counts[w]]
        those = "all" if not rest else str(len(tested))
        said.append(f"These worlds can test {those} of {_claims(len(verdicts))}: {_list(parts)}.")
    else:
        said.append(f"These worlds can test none of {_claims(len(verdicts))}.")
    if rest:
        counts = Counter[str](v.headline for v in rest)
        parts = [f"{counts[word]} {word}" for word in RECORD if counts[word]]
        lead = "The one other claim" if len(rest) == 1 else f"The {len(rest)} other claims"
        lead = lead if tested else "They"
        rests = "rests" if len(rest) == 1 and tested else "rest"
        said.append(f"{lead} {rests} on the public record alone: {_list(parts)}.")
    return said


def _claims(count: int) -> str:
    return "the one claim" if count == 1 else f"the {count} claims"


def _list(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
