import pytest

from foedus.judge.claims import Verdict
from foedus.report import words


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.0123, "probability", "1.23 %"),
        (0.15, "probability/year", "15 % a year"),
        (1234.5, "M USD", "1,234 million USD"),
        (0.5, "k USD/person/year", "0.5 thousand USD per person a year"),
        (0.76, "1/year", "0.76 per year"),
        (-0.2, "log-odds", "−0.2 log-odds"),
        (0.75, "1", "0.75"),
        (0.00004, "disputes", "0.00004 disputes"),
        (0.0, "days", "0 days"),
    ],
)
def test_a_quantity_has_its_unit_and_three_digits(value: float, unit: str, said: str) -> None:
    assert words.quantity(value, unit) == said


def test_odds_differ_by_percentage_points_with_a_sign() -> None:
    assert words.change(0.0123, "probability") == "+1.23 percentage points"
    assert words.change(-0.5, "disputes") == "−0.5 disputes"
    assert words.change(0.0, "disputes") == "0 disputes"


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.9996, "over 99.9 %"),
        (0.0004, "under 0.1 %"),
        (0.8126, "81.3 %"),
        (0.5, "50 %"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_none(share: float, said: str) -> None:
    assert words.percent(share) == said


def _verdict(verdict: str, record: str = "") -> Verdict:
    return Verdict("X", "q", "s", "fact", verdict, None, record=record)  # type: ignore[arg-type]


def test_the_answer_counts_every_claim_once() -> None:
    verdicts = [_verdict("holds"), _verdict("holds", "contested"), _verdict("fails")]
    verdicts += [_verdict("untested", "supported"), _verdict("untested")]
    assert words.answer(verdicts) == [
        "These worlds can test 3 of the 5 claims: 2 hold and 1 fails.",
        "The 2 other claims rest on the public record alone: 1 supported and 1 untested.",
    ]


def test_the_answer_says_when_nothing_is_claimed_or_tested() -> None:
    assert "no claim yet" in words.answer([])[0]
    first, second = words.answer([_verdict("untested", "contested")])
    assert first == "These worlds can test none of the one claim."
    assert second == "They rest on the public record alone: 1 contested."


@pytest.mark.parametrize(("n", "said"), [(0, "0 worlds"), (1, "1 world"), (2048, "2,048 worlds")])
def test_one_is_told_as_one(n: int, said: str) -> None:
    assert words.count(n, "world") == said
