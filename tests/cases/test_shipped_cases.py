"""Every shipped case: sourced, neutral, without a warning, and worlds that can be computed."""

import re
from collections.abc import Iterator

import numpy as np
import pytest

from foedus.case import shipped
from foedus.case.read import draft
from foedus.case.schema import Assumption, Case
from foedus.engine.many import play
from foedus.engine.reading import bound, check, read
from foedus.worlds.points import unit_rows, values

NAMES = shipped.names()
OTHERS = [name for name in NAMES if name != "south-caucasus"]  # which has tests of its own
OURS = re.compile(
    r"\b(true|false|correct|refut\w+|prov(?:es|en|ed)|debunk\w*|we (?:find|think))\b", re.IGNORECASE
)
REFUSED = 0.02  # at most this share of worlds may hold numbers that contradict one another


def own(case: Case) -> Iterator[tuple[str, Assumption]]:
    """Every number that the case's own file gives."""
    yield from ((n, a) for n, a in case.assumptions.items() if n not in case.borrowed)
    for name, option in case.options.items():
        yield from ((f"{name}: {lever}", given) for lever, given in option.sets.items())


def test_there_are_five_cases_beside_the_first() -> None:
    assert len(OTHERS) >= 5


@pytest.mark.parametrize("name", NAMES)
def test_a_case_reads_without_a_warning(name: str) -> None:
    assert check(name) == []


@pytest.mark.parametrize("name", OTHERS)
def test_a_case_is_about_a_page(name: str) -> None:
    text = shipped.find(name).read_text("utf-8")
    assert len(text.splitlines()) <= 140


@pytest.mark.parametrize("name", OTHERS)
def test_every_number_has_a_source_and_says_how_it_was_made(name: str) -> None:
    numbers = dict(own(draft(shipped.find(name)).case))
    assert [n for n, a in numbers.items() if not a.note] == []
    mixed = [n for n, a in numbers.items() if "judgement" in a.source and not a.judged]
    assert mixed == [], "judgement is never mixed with a published source"


@pytest.mark.parametrize("name", OTHERS)
def test_every_source_of_the_file_is_cited(name: str) -> None:
    case = draft(shipped.find(name)).case
    cited = {key for _, a in [*own(case), *case.assumptions.items()] for key in a.source}
    cited |= {key for treaty in case.treaties.values() for key in treaty.source}
    cited |= {key for c in case.claims.values() if c.record for key in c.record.source}
    assert cited == set(case.sources)


@pytest.mark.parametrize("name", OTHERS)
def test_every_claim_says_who_made_it_and_has_a_record_for_and_against(name: str) -> None:
    case = draft(shipped.find(name)).case
    assert len(case.claims) >= 3
    for claim in case.claims.values():
        assert claim.by
        assert claim.record is not None
        assert claim.record.evidence_for
        assert claim.record.against
        assert claim.record.source


@pytest.mark.parametrize("name", OTHERS)
def test_no_claim_is_judged_in_its_own_words(name: str) -> None:
    case = draft(shipped.find(name)).case
    said = [claim.says for claim in case.claims.values()]
    said += [test.says for claim in case.claims.values() for test in claim.tests.values()]
    assert [text for text in said if OURS.search(text)] == []


@pytest.mark.parametrize("name", OTHERS)
def test_sixty_four_worlds_can_be_computed(name: str) -> None:
    case = read(name)
    alone = {case.reference: case.options[case.reference]}
    as_was = case.model_copy(update={"options": alone, "claims": {}})
    model = bound(as_was)
    found = play(as_was, model, values(as_was, model, unit_rows(len(model.columns), 0, 64, 0)))
    assert 1 - found["sound"].mean() <= REFUSED
    for outcome in ("disputes", "war", "help"):
        assert np.isfinite(found[outcome][found["sound"]]).all()
    assert 0.001 < np.median(found["war"]) < 0.5
