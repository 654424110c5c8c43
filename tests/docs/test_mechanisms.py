"""Every mechanism has published numbers and rivals, or a reason; legal ranges; and a section."""

from dataclasses import fields
from importlib import import_module
from math import isfinite
from pathlib import Path

import pytest

from foedus.mechanisms.base import Params
from validation import page_rows
from writers.mechanisms import ARITHMETIC, Rests, names, rests
from writers.pages import DOCS

TESTED = {row.test.strip("`").split("::")[0] for row in page_rows()}
REASON = 20  # characters: fewer are no reason


@pytest.mark.parametrize("name", names())
def test_it_has_published_numbers_or_says_why_there_is_none(name: str) -> None:
    each: Rests = rests()[name]
    if each.unpublished:
        assert len(each.unpublished) > REASON
        assert f"tests/mechanisms/test_{name}.py" not in TESTED, "there are: take the reason away"
    else:
        assert each.published
        assert set(each.published) <= TESTED, "no row of docs/validation.md comes from there"


@pytest.mark.parametrize("name", names())
def test_it_has_a_rival_or_says_why_there_is_none(name: str) -> None:
    each = rests()[name]
    assert bool(each.rivals) != bool(each.alone), "one of the two: rivals, or the reason for none"
    assert each.rivals or len(each.alone) > REASON


@pytest.mark.parametrize("name", names())
def test_all_its_numbers_have_a_legal_range_a_unit_and_a_meaning(name: str) -> None:
    module = import_module(f"foedus.mechanisms.{name}")
    for params in vars(module).values():
        if isinstance(params, type) and issubclass(params, Params):
            for field in fields(params):
                about = field.metadata
                where = f"{name}: {params.__name__}.{field.name}"
                low, high = about["legal"] if not about["words"] else (0, len(about["words"]) - 1)
                assert low < high, where
                assert isfinite(low), where
                assert isfinite(high), where
                assert about["unit"], where
                assert about["means"], where


@pytest.mark.parametrize("name", names())
def test_it_has_a_section_in_the_page_of_theories(name: str) -> None:
    page = (DOCS / "theories.md").read_text(encoding="utf-8")
    _, found, rest = page.partition(f"### mechanism: {name}\n")
    assert found
    section = rest.split("\n#")[0]
    assert "- Rivals: " in section or "- No rival theory: " in section
    assert "Published numbers" in section or "- No published number: " in section


def test_files_that_are_no_mechanism_have_no_numbers_of_their_own() -> None:
    for name in ARITHMETIC:
        module = import_module(f"foedus.mechanisms.{name}")
        own = [
            each
            for each in vars(module).values()
            if getattr(each, "__module__", "") == module.__name__
        ]
        params = [each for each in own if isinstance(each, type) and issubclass(each, Params)]
        assert [each for each in params if each is not Params and fields(each)] == []


def test_the_files_walked_are_all_that_there_are() -> None:
    here = Path(import_module("foedus.mechanisms").__file__ or "").parent
    files = {each.stem for each in here.glob("*.py")} - {"__init__"}
    assert {*names(), *ARITHMETIC} == files
