"""What is wrong, and what to do, in plain words: never in those of the YAML or type libraries."""

import re
from collections.abc import Mapping
from typing import Any

from foedus.errors import did_you_mean

Words = tuple[str, str]  # what is wrong, and the remedy

OPEN_QUOTE = "while scanning a quoted scalar"

_SYNTAX = (
    ("'\\t'", "a tab where YAML wants spaces", "indent with spaces"),
    ("tab", "a tab where YAML wants spaces", "indent with spaces"),
    ("mapping values are not allowed", "a colon where no key can stand",
     "put text that holds ': ' in quotes, and give each key a line of its own"),
    ("could not find expected ':'", "a line that is neither `key: value` nor part of text above",
     "add the colon, or put the text in quotes"),
    (OPEN_QUOTE, "a quote is opened and not closed", "close it where the text ends"),
    ("unexpected end of stream", "the file ends inside quotes", "close the quote"),
    ("cannot start any token", "a value begins with a character that means something to YAML",
     "put the value in quotes"),
    ("expected ',' or", "a bracket is opened and not closed, or a comma is missing",
     "close it with ] or }, and put a comma between items"),
    ("expected <block end>", "the indentation does not match the lines above",
     "align it with its neighbours, and close any quote or bracket above"),
    ("the node content", "a value is missing, or a bracket is not closed",
     "look for a stray bracket, comma or colon"),
    ("second occurrence", "an anchor (&name) stands twice", "give each its own name"),
)  # fmt: skip

_POINT = "; a decimal takes a point (0.5), as a comma parts items"

_KEYS = {
    "foedus": "write `foedus: 1`, the version of the case format",
    "title": "one line that names the case",
    "question": "one sentence that the case is to answer",
    "years": "the first and the last year that are played, such as `years: [2027, 2046]`",
    "alliance": "whose base in whose land, such as `alliance: {host: AZE, helper: TUR}`",
    "reference": "the option that the others are compared with: today's policy",
    "actors": "the states, such as `AZE: {name: Azerbaijan}`",
    "threats": "who might challenge whom: challenger, target, helper, rivals",
    "theories": "for each question the theories to explore; `uses: [common]` gives all of them",
    "assumptions": "the numbers, each with a unit and a source; `uses: [common]` gives many",
    "options": "what could be decided, each with `says` and the levers it `sets`",
    "sources": "where figures come from, by the keys that `source` uses",
    "unit": "what the number is measured in, such as `unit: days`",
    "source": "a key of `sources`, or a list of them, such as `source: [judgement]`",
    "says": "one sentence in plain words",
    "rivals": "`rivals: true` if the two are strategic rivals today, else `rivals: false`",
    "because": "one sentence: why this margin",
    "mode": "one of: air, rail, road, sea",
    "stages": "its lines and places in order, such as `gauge: {denied_by: georgia}`",
    "quote": "twelve words at most, as they stand in the document",
    "kind": "one of: fact, cause, counterfactual, value",
    "is": "one of: lower, higher, no_lower, no_higher, same; for a level: at_least, at_most",
    "than": "the option it is compared with",
    "outcome": "what is compared; see `foedus list outcomes`",
    "status": "one of: supported, partly supported, contested, unsupported, untested",
    "confidence": "in the status, one of: high, medium, low",
    "for": "what speaks for it on the public record",
    "against": "what speaks against it, or that nothing was found",
    "cite": "author, year and title, so that a reader finds it",
}


def of_syntax(problem: str) -> Words:
    """A parser's complaint, for someone who does not know YAML by heart."""
    for said, what, hint in _SYNTAX:
        if said in problem:
            return what, hint
    return "this is not YAML that can be read", "look for a stray quote, bracket, colon or indent"


def of_missing(key: str) -> Words:
    """A key that is not there."""
    return f"'{key}' is missing", _KEYS.get(key, "add it")


def of_count(count: int) -> Words:
    """A list of one or three where two belong."""
    hint = "the lower first: [low, high]"
    return f"has {count} items where two are needed", hint + (_POINT if count > 2 else "")


def of_unknown(key: str, known: list[str]) -> Words:
    """A key that means nothing where it stands."""
    if key.isdecimal():  # {low: 0,5} is read as `low: 0` and a key 5
        what = f"'{key}' is no key: is it the decimals of a number before the comma?"
        return what, f"a decimal takes a point, such as 0.{key}; a comma parts items"
    hint = did_you_mean(key, known)
    return f"'{key}' is no key that belongs here", hint


def of_value(kinds: Mapping[str, Any], value: Any) -> Words:
    """A value that cannot be what its key needs.

    Args:
        kinds: the type library's names of what is wrong, each with its details. There are several
            where a value may be one of several kinds of thing.
        value: what stands in the file.
    """
    said = show(value)
    for kind, details in kinds.items():
        if kind == "value_error":
            what, *hint = details["error"].args
            return str(what), str(hint[0]) if hint else ""
        if kind in _LIMITS:
            return f"must be {_LIMITS[kind]} {next(iter(details.values())):g}, not {said}", ""
        if kind == "literal_error":
            known = re.findall(r"'([^']*)'", details["expected"])
            hint_ = did_you_mean(str(value), known) if known else f"write {details['expected']}"
            return f"{said} is not one of the words it can be", hint_
    number = any(kind in _NUMBER for kind in kinds)
    text = any(kind.startswith("string_") for kind in kinds)
    if "finite_number" in kinds:
        return f"{said} is not a number that can be computed with", "write an ordinary number"
    if number and text:
        return f"a number or a single word is needed, not {said}", _number_hint(value)
    if number:
        whole = "whole number" if any(kind.startswith("int_") for kind in kinds) else "number"
        return f"a {whole} is needed, not {said}", _number_hint(value)
    return _of_shape(kinds, value, said)


_LIMITS = {
    "greater_than": "above",
    "greater_than_equal": "at least",
    "less_than": "below",
    "less_than_equal": "at most",
}
_NUMBER = ("float_type", "float_parsing", "finite_number", "int_type", "int_parsing",
           "int_from_float", "int_parsing_size")  # fmt: skip


def _number_hint(value: Any) -> str:
    if isinstance(value, bool):
        return "true and false are no numbers"
    if isinstance(value, str):
        if re.fullmatch(r"[-+]?\d+,\d+", value) and not re.fullmatch(r"[-+]?[1-9]\d*,\d{3}", value):
            return f"write {value.replace(',', '.')}: a decimal takes a point, not a comma"
        bare = value.replace(",", "").replace("_", "").replace(" ", "")
        if re.fullmatch(r"[-+]?\d+(\.\d+)?", bare):
            return f"write {bare}, without quotes, commas or spaces"
        return "digits alone: the unit goes under `unit`, and a percentage is written as 0.05"
    if value is None:
        return "write it after the colon"
    return ""


def _of_shape(kinds: Mapping[str, Any], value: Any, said: str) -> Words:
    """Text, lists and groups of keys."""
    kind, details = next(iter(kinds.items()))
    if kind == "string_type":
        quote = f'put it in quotes: "{said}"'
        return f"text is needed, not {said}", quote if isinstance(value, bool | int | float) else ""
    if kind == "string_pattern_mismatch":
        return f"{said} is no name", "a letter first, then letters, digits, - or _; no spaces"
    if kind == "string_too_short":
        return "is empty", "write something, or leave the key out"
    if kind == "too_long" and details["max_length"] == 2:
        return of_count(details["actual_length"])
    if kind == "string_too_long":
        return f"is too long: {len(value)} letters", f"use at most {details['max_length']}"
    if kind == "too_long":
        return f"holds too many: {details['actual_length']}", f"at most {details['max_length']}"
    if kind == "too_short":
        return "holds too few", f"at least {details['min_length']} must be given"
    if kind.startswith("bool_"):
        return f"true or false is needed, not {said}", "write true or false, without quotes"
    if kind == "tuple_type":
        hint = f"write it in brackets: [{value}]" if isinstance(value, str) else "such as [1, 2]"
        return f"a list is needed, not {said}", hint
    if kind in ("dict_type", "model_type"):
        hint = "write `key: value` below it, indented"
        return f"a group of keys with values is needed, not {said}", hint
    return f"cannot be read: {said}", "see the case-file reference"


def show(value: Any) -> str:
    """A value as it stands in a file, shortened."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return f"'{value if len(value) <= 40 else value[:37] + '...'}'"
    return f"{value:g}" if isinstance(value, float) else _whole(value)


def _whole(value: int) -> str:
    return str(value) if abs(value) < 10**15 else f"{float(value):g}"
