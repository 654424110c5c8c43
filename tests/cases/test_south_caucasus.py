"""The shipped case: it reads, every figure has its source, every quotation is where it says."""

import re
from collections import Counter
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from foedus.case.read import read
from foedus.case.schema import Assumption, Case
from foedus.engine.many import play
from foedus.engine.reading import bound
from foedus.worlds.model import Model, warnings
from foedus.worlds.points import unit_rows, values

FILE = Path(str(files("foedus") / "cases" / "south-caucasus.yaml"))
DOCUMENT = Path(__file__).parents[3] / "shared" / "documents" / "base-debate.txt"
OURS = re.compile(
    r"\b(true|false|right|wrong|correct|holds|fails|refut\w+|prov(?:es|en|ed)|debunk\w*"
    r"|we (?:find|think))\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def case() -> Case:
    return read(FILE)


@pytest.fixture(scope="module")
def model(case: Case) -> Model:
    return bound(case)


def _settings(case: Case) -> dict[str, Assumption]:
    """Every number of the file, by where it stands: assumptions and what options set."""
    sets = {f"{o}: {n}": a for o, each in case.options.items() for n, a in each.sets.items()}
    return {**case.assumptions, **sets}


def test_the_case_binds_without_a_warning(case: Case, model: Model) -> None:
    assert warnings(case) == []
    assert [t.name for t in model.threats] == ["ARM-AZE", "IRN-AZE", "RUS-AZE", "AZE-ARM"]


def test_every_option_beside_the_reference_sets_something(case: Case) -> None:
    assert case.options[case.reference].sets == {}
    assert all(o.sets for name, o in case.options.items() if name != case.reference)


def test_the_46_claims_stand_in_the_order_of_the_text(case: Case) -> None:
    assert list(case.claims) == [f"C{n:02d}" for n in range(1, 47)]
    offsets = [claim.offset for claim in case.claims.values()]
    assert offsets == sorted(set(offsets))


def test_no_quotation_is_longer_than_twelve_words(case: Case) -> None:
    assert all(len(claim.quote.split()) <= 12 for claim in case.claims.values())


@pytest.mark.skipif(not DOCUMENT.exists(), reason="the article is cited, not shipped")
def test_every_quotation_is_found_at_its_place_in_the_article(case: Case) -> None:
    text = DOCUMENT.read_text("utf-8")
    found = {name: text[c.offset :][: len(c.quote)] for name, c in case.claims.items()}
    assert found == {name: claim.quote for name, claim in case.claims.items()}


def test_no_number_lacks_a_source_or_a_note(case: Case) -> None:
    settings = _settings(case)
    assert [name for name, a in settings.items() if not a.source or not a.note] == []


def test_every_source_is_cited_and_every_citation_is_listed(case: Case) -> None:
    cited = {key for a in _settings(case).values() for key in a.source}
    cited |= {key for treaty in case.treaties.values() for key in treaty.source}
    cited |= {key for c in case.claims.values() if c.record for key in c.record.source}
    cited |= {key for screen in case.screens.values() for key in screen.source}
    assert cited == set(case.sources)


def test_the_head_of_the_file_counts_its_judgements(case: Case) -> None:
    said = re.search(r"Of (\d+) assumptions, (\d+) rest on judgement alone", case.text)
    assert said is not None
    judged = sum(a.judged for a in case.assumptions.values())
    assert tuple(map(int, said.groups())) == (len(case.assumptions), judged)


def test_judgement_is_never_mixed_with_a_published_source(case: Case) -> None:
    mixed = [n for n, a in _settings(case).items() if "judgement" in a.source and not a.judged]
    assert mixed == []


def test_every_claim_has_a_record_for_and_against(case: Case) -> None:
    records = {name: claim.record for name, claim in case.claims.items()}
    assert [n for n, r in records.items() if r is None or not r.evidence_for or not r.against] == []
    unsourced = {name for name, r in records.items() if r is not None and not r.source}
    assert unsourced == {"C38", "C45"}, "only value claims for which nothing was found"


def test_what_is_not_tested_says_what_is_missing(case: Case) -> None:
    for name, claim in case.claims.items():
        if claim.kind in ("cause", "counterfactual") and not claim.tests:
            assert re.match(r"needs |retrospective: record only", claim.untested), name
        if claim.kind == "value":
            assert claim.weigh is not None or "to be weighed against" in claim.untested, name
        if claim.kind == "fact":
            assert not claim.tests, name
    kinds = Counter(claim.kind for claim in case.claims.values())
    assert kinds == {"fact": 15, "cause": 14, "counterfactual": 13, "value": 4}


def test_no_text_of_a_claim_states_a_verdict_as_ours(case: Case) -> None:
    said = {
        f"{name} {part}": text
        for name, claim in case.claims.items()
        for part, text in [
            ("says", claim.says),
            *((test, check.says) for test, check in claim.tests.items()),
            *([("weigh", claim.weigh.says)] if claim.weigh else []),
        ]
    }
    assert {where: text for where, text in said.items() if OURS.search(text)} == {}


def test_a_claim_about_a_base_is_tried_on_every_type_of_base(case: Case) -> None:
    bases = {"light", "heavy", "air_defence"}
    for name in ("C12", "C15", "C18", "C19", "C25", "C27", "C30", "C31", "C36", "C42"):
        tried = {t for t in bases if any(test.startswith(t) for test in case.claims[name].tests)}
        assert tried == bases, name


def test_every_threat_to_the_host_is_screened_by_what_is_published_of_pacts(case: Case) -> None:
    screened = [screen.form for screen in case.screens.values()]
    guarded = [name for name, t in case.threats.items() if t.target == case.alliance.host]
    assert [form.outcome for form in screened] == [f"challenge.{name}" for name in guarded]
    assert {form.bounds for form in screened} == {(-36, 47)}
    pairs = {(form.option, form.than) for form in screened}
    assert pairs == {("treaty_only", "nothing")}
    with_, without = case.options["treaty_only"].sets, case.options["nothing"].sets
    assert set(without) - set(with_) == {"treaty.obligation"}  # the pair differs by the pact alone


def test_both_directions_of_a_pair_share_one_clock(case: Case) -> None:
    own = [
        f"memory.{number}.{threat}"
        for number in ("since", "rivalry_end", "share")
        for threat in ("ARM-AZE", "AZE-ARM")
    ]
    assert [name for name in own if name in case.assumptions] == []


@pytest.fixture(scope="module")
def levels(case: Case) -> dict[str, np.ndarray]:
    """Outcomes of the reference in 512 worlds; no world is refused."""
    alone = {case.reference: case.options[case.reference]}
    as_today = case.model_copy(update={"options": alone, "claims": {}, "parts": {}, "screens": {}})
    model = bound(as_today)
    found = play(as_today, model, values(as_today, model, unit_rows(len(model.columns), 0, 512, 0)))
    assert found["sound"].all()
    return {name: each[0] for name, each in found.items()}


def test_expected_disputes_bracket_the_record(levels: dict[str, np.ndarray]) -> None:
    # Dispute-years 1991-2010 (GML 2.2.1): Armenia-Azerbaijan 7, Azerbaijan-Iran 3, Russia 0.
    either_way = levels["disputes.ARM-AZE"] + levels["disputes.AZE-ARM"]
    for level, record in ((either_way, 7), (levels["disputes.IRN-AZE"], 3)):
        low, high = np.quantile(level, (0.05, 0.95))
        assert low < record < high
    assert np.median(levels["disputes.RUS-AZE"]) < 0.5


def test_odds_of_war_are_neither_nil_nor_certain(levels: dict[str, np.ndarray]) -> None:
    # One war in twenty years 1991-2010 between Armenia and Azerbaijan, none with the others.
    assert 0.05 < np.median(levels["war.ARM-AZE"]) < 0.6
    assert np.median(levels["war.IRN-AZE"]) < 0.15
    assert np.median(levels["war.RUS-AZE"]) < 0.05
