"""Any number anywhere in its legal range: finite odds in [0, 1], or a world refused by name."""

from pathlib import Path

import numpy as np
import pytest

from foedus import mechanisms
from foedus.case.read import read_text
from foedus.engine import outcomes
from foedus.engine.many import BLOCK, play
from foedus.engine.reading import bound
from foedus.engine.refused import CHECKS, reasons
from foedus.mechanisms.base import Params
from foedus.mechanisms.beside import Beside
from foedus.worlds.points import unit_rows, values

TEXT = (Path(__file__).parent / "break-even.yaml").read_text()
TINY = 5e-324  # the smallest number above zero


def corners(low: float, high: float, dice: np.random.Generator) -> np.ndarray:
    """Both ends, a denormal and a number next to each end, and anything between."""
    high, low = np.float64(high), np.float64(low)
    ends = [low, high, np.nextafter(low, high), np.nextafter(high, low), min(max(TINY, low), high)]
    inside = dice.uniform(low, high, 3)
    small = low + (high - low) * 10.0 ** dice.uniform(-12, 0, 3)
    return np.array([*ends, *inside, *small])


def _lines(stem: str, params: type[Params]) -> str:
    """Assumptions that are usual, for the numbers of a mechanism."""
    found = ""
    for name, number in mechanisms.needs(params).items():
        low, high = number["legal"]
        usual = low + min(0.1, (high - low) / 2)
        found += f'\n  {stem}.{name}: {{exactly: {usual}, unit: "{number["unit"]}", source: made}}'
    return found


def asking_all() -> str:
    """The same case, asking every question that a case may ask, and with a quarrel beside it."""
    numbers, theories = "", ""
    for name, fact in mechanisms.FACTS.items():
        if fact.of:
            numbers += _lines(name, fact.params)
    for name, question in mechanisms.QUESTIONS.items():
        if question.otherwise:
            theories += f"\n  {name}: [{', '.join(question.theories)}]"
            for theory, found in question.theories.items():
                numbers += _lines(f"{name}.{theory}", mechanisms.params_of(found))
    numbers += _lines("beside.P", Beside)
    text = TEXT.replace("\n  distance: [none]", "\n  distance: [none]" + theories)
    text = text.replace("theories:", "beside: {P: {between: [Rival, Helper]}}\ntheories:", 1)
    return text.replace("assumptions:", "assumptions:" + numbers, 1)


@pytest.mark.parametrize("text", [TEXT, asking_all()], ids=["usual", "all questions"])
@pytest.mark.parametrize("seed", range(3))
def test_corners_of_every_legal_range_give_odds_or_a_named_refusal(seed: int, text: str) -> None:
    """Thousands of worlds, each with most numbers at a corner of what is legal."""
    case = read_text(text.replace("[2030, 2030]", "[2030, 2034]"), "made.yaml")
    model, dice = bound(case), np.random.default_rng(seed)
    numbers = np.empty((len(model.options), BLOCK, len(model.columns)))
    for i, column in enumerate(model.columns):
        legal = corners(*column.legal, dice)
        if column.words:
            legal = np.arange(len(column.words), dtype=float)
        drawn = dice.choice(legal, BLOCK)
        same = dice.random(BLOCK) < 0.5  # half the worlds hold this number at what is usual
        usual = _usual(case, column.name)
        numbers[:, :, i] = np.where(same, usual, drawn)
    found = play(case, model, numbers)
    sound = found.pop("sound")
    assert 0 < sound.sum() < sound.size  # some can be computed, some cannot
    for name, outcome in outcomes.columns(model).items():
        value = found[name][sound]
        assert np.isfinite(value).all(), name
        if outcome.unit == "probability":
            assert ((value >= -1e-9) & (value <= 1 + 1e-9)).all(), name
    some = slice(0, 128)
    why = reasons(case, model, numbers[:, some], sound[:, some], 0)
    assert len(why) == (~sound[:, some]).sum()
    assert set(why["mechanism"]) <= {name for name, _, _ in CHECKS} | {"outcomes"}


def _usual(case: object, name: str) -> float:
    given = case.assumptions.get(name)  # type: ignore[attr-defined]
    value = given.exactly if given is not None else 0.0
    return float(value) if not isinstance(value, str) else 0.0


def test_one_bad_world_leaves_the_others_as_they_are() -> None:
    """Numbers that are not numbers in one world: it is marked, and its neighbours keep theirs."""
    case = read_text(TEXT, "made.yaml")
    model = bound(case)
    from foedus.worlds.points import unit_rows, values

    numbers = values(case, model, unit_rows(len(model.columns), 0, 64, 0))
    before = play(case, model, numbers)
    for bad in (np.nan, np.inf, -np.inf, 1e308, -1e308):
        hurt = numbers.copy()
        hurt[:, 17] = bad
        after = play(case, model, hurt)
        others = np.arange(64) != 17
        assert not after["sound"][:, 17].any(), bad
        for name, value in after.items():
            assert (value[:, others] == before[name][:, others]).all(), name
        why = reasons(case, model, hurt, after["sound"], 100)
        assert set(why["world"]) == {117}
        assert len(why) == len(model.options)


def test_an_outcome_too_large_to_be_stored_is_refused_and_not_kept_as_infinite(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    huge = outcomes.Outcome("made", "1", "lower", None, lambda path, _: path.ready.sum() * 1e300)
    monkeypatch.setattr(outcomes, "every", lambda: {**outcomes.OUTCOMES, "huge": huge})
    text = (Path(__file__).parent / "break-even.yaml").read_text()
    case = read_text(text.replace("[2030, 2030]", "[2030, 2033]"), "huge.yaml")
    model = bound(case)
    numbers = values(case, model, unit_rows(len(model.columns), 0, 2, 0))
    found = play(case, model, numbers)
    assert not found["sound"].any()
    why = reasons(case, model, numbers, found["sound"], 0)
    assert set(why["mechanism"]) == {"outcomes"}
