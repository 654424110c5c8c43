"""A case is read back in sentences that say all it says."""

import re

import pytest

import foedus
from foedus.case.claim import Weigh
from foedus.case.schema import Assumption, Case, Comparison, Interaction, Level, Pair
from foedus.case.screen import Screen
from foedus.case.show import asks, in_words, keeps, show, weighs


@pytest.fixture(scope="module")
def case() -> Case:
    return foedus.read("south-caucasus")


def test_every_part_of_a_case_is_read_back(case: Case) -> None:
    said = re.sub(r"\s+", " ", show(case))
    assert case.question in said
    for names in (case.actors, case.threats, case.options, case.assumptions, case.claims):
        assert all(f" {name}" in said for name in names)
    for question, theories in case.theories.items():
        assert question in said
        assert all(theory in said for theory in theories)
    for claim in case.claims.values():
        assert claim.says in said
        assert re.sub(r"\s+", " ", claim.untested) in said
    for option in case.options.values():
        assert all(name in said for name in option.sets)
    for route in case.routes.values():
        assert re.sub(r"\s+", " ", route.says) in said
        assert all(f"{stage}: " in said for stage in route.stages)
    assert (
        "gauge: The break of gauge at Akhalkalaki (1,435 and 1,520 mm). May be denied by georgia."
        in said
    )


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"change": {"outcome": "war", "option": "base", "than": "now", "percent": (-37, 47)}},
         "war under base differs from that under now by -37 to 47 %"),
        ({"change": {"outcome": "war", "option": "base", "than": "now", "log_odds": (-1, 0.5)}},
         "war under base differs from that under now by -1 to 0.5 in log-odds"),
        ({"level": {"outcome": "help", "option": "now", "between": (0.07, 0.81)}},
         "help under now is from 0.07 to 0.81"),
        ({"keep": "rates.war < rates.grab"}, "rates.war is below rates.grab"),
    ],
)  # fmt: skip
def test_what_a_screen_asks_is_said_in_words(form: dict, said: str) -> None:
    assert keeps(Screen(says="It is so.", source="judgement", **form).form) == said


def test_how_a_value_claim_is_weighed_is_said_in_words() -> None:
    war = {"better": "lower", "swing": 0.05, "weight": (0.2, 1)}
    outcomes = {"war": war, "cost": {"better": "lower", "swing": "changes"}}
    form = {"says": "It is.", "because": "So.", "option": "now", "better_than": ("base", "both")}
    assert weighs(Weigh(**form, outcomes=outcomes)) == (
        "now is better than base and both, for every way to weigh war (lower is better; measured "
        "by 0.05, weight 0.2 to 1) and cost (lower is better; measured by what the options change)"
    )


def test_weights_of_theories_are_said_where_they_differ(case: Case) -> None:
    other = case.model_copy(update={"theories": {"pact": {"spiral": 3.0, "structural": 1.0}}})
    assert "pact: spiral (75%) or structural (25%)" in show(other)
    assert "pact: structural, published or spiral" in show(case)


def test_no_line_is_wider_than_asked(case: Case) -> None:
    assert max(map(len, show(case, 60).splitlines())) <= 60


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"between": (3, 7), "unit": "days"}, "3 to 7 days"),
        ({"low": 1, "central": 4, "high": 44, "scale": "log", "unit": "days"},
         "1 to 44 days, centre 4, on a log scale"),
        ({"exactly": 1500, "unit": "persons"}, "1,500 persons"),
        ({"exactly": 0.5, "unit": "1"}, "0.5"),
        ({"choices": ("defence", "none"), "weights": (3, 1), "unit": "obligation"},
         "defence (75%) or none (25%)"),
    ],
)  # fmt: skip
def test_a_range_is_read_with_its_unit(given: dict, said: str) -> None:
    assert in_words(Assumption(**given, source="judgement")) == said


def test_what_a_test_asks_is_said_in_words() -> None:
    pair = {"option": "base", "than": "now"}
    assert asks(Comparison(outcome="war", **pair, **{"is": "lower"}, by="5 %")) == (
        "war under base is lower than under now, by more than 5 %"
    )
    assert asks(Comparison(outcome="war", **pair, **{"is": "same"}, by=0.1)) == (
        "war under base is the same as under now, to within 0.1"
    )
    assert asks(Level(outcome="war", option="now", **{"is": "at_most"}, value=0.1)) == (
        "war under now is at most 0.1"
    )
    both = Interaction(outcome="war", first=Pair(**pair), second=Pair(**pair), **{"is": "same"})
    assert asks(both) == ("the step in war from now to base is the same as that from now to base")
