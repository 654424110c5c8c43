"""Which theories worlds may believe, and how often each: a list, or a weight for each."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, Strict

from foedus.case.words import show

Weight = Annotated[float, Strict(), Field(ge=0, allow_inf_nan=False)]


def _a_list_weighs_all_alike(value: Any) -> Any:
    if isinstance(value, Mapping):
        return value
    if not isinstance(value, list | tuple):
        hint = f"write it in brackets: [{value}]" if isinstance(value, str) else ""
        raise ValueError(f"a list is needed, not {show(value)}", hint or "such as [one, another]")
    for i, name in enumerate(value):
        if not isinstance(name, str):
            raise ValueError(f"{show(name)} is no name of a theory", "see `foedus list theories`")
        if name in value[:i]:
            raise ValueError(f"'{name}' stands twice", "a theory is listed once")
    return dict.fromkeys(value, 1.0)


def _some_are_believed(value: dict[str, float]) -> dict[str, float]:
    if not value:
        raise ValueError("names no theory", "see `foedus list theories`")
    if not any(value.values()):
        raise ValueError("no theory has a weight above 0", "give at least one a weight above 0")
    return value


Theories = Annotated[
    dict[str, Weight],
    BeforeValidator(_a_list_weighs_all_alike, json_schema_input_type=list[str] | dict[str, Weight]),
    AfterValidator(_some_are_believed),
]
"""The theories of one question, by name, each with its weight: `[pure, net]` weighs all alike,
`{pure: 2, net: 1}` lets twice as many worlds believe the first, and 0 lets none."""
