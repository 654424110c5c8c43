"""From a case to an explanation: the worlds it needs are played, kept, and played once."""

import io
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.console import Console

import foedus
from foedus import cli
from foedus.engine.designs import near
from foedus.engine.run import simulate
from foedus.explaining import compare_options, explain_all, explain_fully
from foedus.judge.channels import Channel
from foedus.judge.explain import Explanation
from foedus.table import Run
from foedus.telling import tell_explanation
from foedus.telling_options import LETTERS

TEXT = (
    (Path(__file__).parent / "engine" / "break-even.yaml")
    .read_text("utf-8")
    .replace("years: [2030, 2030]", "years: [2030, 2032]")
    .replace("rates.challenge: {exactly: 0.10,", "rates.challenge: {between: [0.05, 0.2],")
    .replace("base.troops: {exactly: 1000,", "base.troops: {between: [500, 3000],")
    .replace(
        "troops.cross_step.step: {exactly: 0,", "troops.cross_step.step: {between: [-0.2, 0.2],"
    )
    .replace(
        "sources:",
        """claims:
  RARE:
    quote: challenges are rare
    offset: 0
    says: Challenges are rare.
    kind: cause
    tests:
      rare:
        says: A challenge a year has odds of at most one in ten.
        because: One in ten is a round number.
        level: {outcome: challenge.T, option: without, is: at_most, value: 0.1}
  FEWER:
    quote: a base brings fewer
    offset: 10
    says: A base brings fewer challenges.
    kind: cause
    tests:
      fewer:
        says: A base brings fewer challenges.
        because: Any difference counts.
        compare: {outcome: challenge.T, option: light, is: lower, than: without}
  WORTH:
    quote: a base is worth it
    offset: 20
    says: A base is worth what it costs.
    kind: value
    weigh:
      says: The base is better, however challenges and money are weighed.
      because: Both are what is spoken of.
      option: light
      better_than: [without]
      outcomes:
        challenge.T: {better: lower, swing: 0.01}
        cost: {better: lower, swing: 100}
sources:""",
    )
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("run")
    (folder / "tiny.yaml").write_text(TEXT, "utf-8")
    return foedus.simulate(foedus.read(folder / "tiny.yaml"), 1_024, seed=5, out=folder / "run")


@pytest.fixture(scope="module")
def rare(run: Run) -> Explanation:
    return of_tests(run, "RARE")


def of_tests(run: Run, claim: str, **more: int) -> Explanation:
    found = explain_fully(run, claim, lambda *_: None, **more)
    assert isinstance(found, Explanation)
    return found


def test_a_world_is_flipped_by_the_assumption_and_at_the_value_that_decide_it(
    run: Run, rare: Explanation
) -> None:
    """Under the reference a challenge has the very odds that the world drew."""
    (box,) = rare.boxes
    (limit,) = box.limits
    assert (rare.case, limit.column) == ("holds", "rates.challenge")
    assert limit.high == pytest.approx(0.1, abs=1.5e-3)  # it is rounded to three digits
    assert box.density > 0.98
    for each in rare.examples:
        assert each.flips is not None
        assert each.flips.column == "rates.challenge"
        assert each.flips.before == run.sound["rates.challenge"][each.world]
        assert isinstance(each.flips.before, float)
        assert isinstance(each.flips.after, float)
        assert (each.flips.before <= 0.1) == each.holds
        assert (each.flips.after <= 0.1) != each.holds
        assert each.others == ()
    edge = rare.examples[-1]
    assert edge.kind == "nearest to the edge"
    assert edge.flips is not None
    assert edge.flips.moved == pytest.approx(0.01)


def test_what_was_played_is_not_played_again(run: Run, rare: Explanation) -> None:
    written = run.folder / "designs" / "fresh" / "worlds" / "part-00000.parquet"
    before = written.stat().st_mtime_ns
    assert explain_fully(run, "RARE", lambda *_: None) == rare
    assert written.stat().st_mtime_ns == before


PRINTED = {  # one of each kind, where chance or an empty list could leave it out
    "share.low", "curves.points", "boxes.intervals.mass", "boxes.adds", "boxes.limits.low",
    "boxes.limits.low_interval", "boxes.limits.p", "decides.index", "decides.delta_floor",
    "decides.total_high", "decides_not", "channels.effect", "channels.holds_without",
    "examples.values.troops.cross_step.step", "examples.flips.from", "examples.flips.to",
    "examples.flips.moved", "slopes.nu_high", "slopes.at_most_high", "sell_by.curve",
    "sell_by.never",
}  # fmt: skip


@pytest.fixture(scope="module")
def counted(run: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, dict[str, Any]]:
    """A run that was explained in full, and all that the snippets of the docs count in it."""
    folder = tmp_path_factory.mktemp("counted") / "run"
    run = Run(shutil.copytree(run.folder, folder))  # its designs change explanations
    foedus.judge(run)
    for claim in ("RARE", "WORTH"):
        explain_fully(run, claim, lambda *_: None)
    compare_options(run, lambda *_: None)
    explain_fully(run, "FEWER", lambda *_: None, points=32, gradients=64)
    return run, recounted(run, snippets())


def snippets() -> list[str]:
    page = (Path(__file__).parents[1] / "docs" / "analysis.md").read_text("utf-8")
    return re.findall(r"```python\n(.*?)```", page, re.DOTALL)


def recounted(run: Run, snippets: list[str]) -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    for snippet in snippets:
        mine = snippet.replace('"runs/south-caucasus-1a2b3c4d", "C18"', f'"{run.folder}", "FEWER"')
        mine = mine.replace('"C02"', '"WORTH"')
        exec(compile(mine, "docs/analysis.md", "exec"), namespace)
    return namespace


def kind(place: str) -> str:
    return re.sub(r"\.\d+", "", place)


def test_every_number_is_recomputed_by_the_snippets_of_the_docs(
    counted: tuple[Run, dict[str, Any]],
) -> None:
    """They compare what they count with what is printed themselves; here: with all of it."""
    _, found = counted
    printed = {kind(place) for place, _ in found["numbers_of"](found["said"])}
    assert printed >= PRINTED
    compared = {kind(place) for place, _ in found["numbers_of"](found["chosen"])}
    assert compared >= {
        "robustness.challenge.T.value", "robustness.challenge.T.rank", "bearing.decides",
        "bearing.broken", "reweighted.bounds", "reweighted.to_flip", "tipping.break_even",
        "tipping.region_share", "lasting.curve", "lasting.to_the_end", "worth.bought",
        "worth.price", "residual.within",
    }  # fmt: skip
    weighed = {kind(place) for place, _ in found["numbers_of"](found["weighed"])}
    assert weighed >= {"weights.above", "weights.middle", "always", "decides.index", "share.low"}


def another(told: Any, place: str) -> Any:
    """What is told, with another number in one place."""
    changed = inner = json.loads(json.dumps(told))
    *way, last = [int(key) if key.isdigit() else key for key in re.split(SPLITS, place)]
    for key in way:
        inner = inner[key]
    inner[last] = inner[last] * 2 + 1
    return changed


SPLITS = r"(?<!challenge)(?<!values\.troops)(?<!cross_step)\."  # names have points in them too


def test_a_number_of_any_kind_that_is_another_than_the_worlds_say_is_found(
    counted: tuple[Run, dict[str, Any]], tmp_path: Path
) -> None:
    """The recount reads limits, by which it chooses worlds, and no other number of what is kept."""
    run, found = counted
    run = Run(shutil.copytree(run.folder, tmp_path / "run"))
    firsts: dict[str, str] = {}
    for place, _ in found["numbers_of"](found["said"]):
        firsts.setdefault(kind(place), place)
    said = found["said"]
    for place in firsts.values():
        if not place.endswith((".low", ".high")) or ".limits." not in place:
            said = another(said, place)
    (run.folder / "explained" / "FEWER.json").write_text(json.dumps(said), "utf-8")
    until = next(k for k, each in enumerate(snippets()) if each.endswith("compare(said, again)\n"))
    again = recounted(run, snippets()[:until])["again"]
    found["compare"](found["said"], again)
    for place in firsts.values():
        with pytest.raises(AssertionError, match=re.escape(place)):
            found["compare"](another(found["said"], place), again)


@pytest.mark.parametrize("damaged", [False, True])
def test_a_design_of_other_worlds_and_a_damaged_one_are_played_anew(
    run: Run, rare: Explanation, damaged: bool
) -> None:
    folder = run.folder / "designs" / "near-RARE"
    before = (folder / "manifest.json").read_bytes()
    if damaged:
        (folder / "manifest.json").write_bytes(before.replace(b"near", b"fear"))
    else:
        shutil.rmtree(folder)
        simulate(run.case, 16, seed=5, out=run.folder, design=near(run.case, "RARE", [0], 5))
        assert (folder / "manifest.json").read_bytes() != before
    assert explain_fully(run, "RARE", lambda *_: None) == rare
    assert (folder / "manifest.json").read_bytes() == before


def test_a_base_acts_through_its_channels_alone_and_sobol_indices_are_told(run: Run) -> None:
    told: list[str] = []
    found = explain_fully(run, "FEWER", lambda what, *_: told.append(what), points=32)
    assert isinstance(found, Explanation)
    assert "besides" not in {each.channel for each in found.channels}
    provocation = next(each for each in found.channels if each.channel == "provocation")
    assert provocation.largest > 0.5
    step = found.decides[0]
    assert step.column == "troops.cross_step.step"
    assert step.total is not None
    assert step.total > 0.8  # hardly anything else matters
    assert dict.fromkeys(told) == dict.fromkeys(
        [
            "Playing fresh worlds to check on",
            "Switching the channels of a base off",
            "Moving one assumption at a time",
            "Playing the design of Sobol indices",
            "Explaining FEWER",
        ]
    )


def test_the_parts_of_a_base_are_told_under_the_test_of_their_own_claim(
    run: Run, rare: Explanation, tmp_path: Path
) -> None:
    """Two claims may call their tests by one name; a claim that cites nobody has no quote."""
    (tmp_path / "twins.yaml").write_text(TEXT.replace("      fewer:\n", "      rare:\n"), "utf-8")
    twins = SimpleNamespace(case=foedus.read(tmp_path / "twins.yaml"), manifest=run.manifest)
    part = Channel("rare", "denial", "denial", -0.1, -0.2, 0.0, 1.0, 1.0, None, None, 16)
    out = io.StringIO()
    explained = replace(rare, channels=(part,), quote="")
    tell_explanation(cast("Run", twins), explained, Console(file=out, width=100))
    told = out.getvalue()
    assert "Through what the base acts: A challenge a year has odds of at most one in ten." in told
    assert "“" not in told


def test_every_claim_of_a_run_is_explained_on_fresh_worlds(run: Run) -> None:
    found = explain_all(run, lambda *_: None)
    assert [each.claim for each in found] == ["RARE", "FEWER", "WORTH"]
    checked = [e.boxes[0].checked_on for e in found if isinstance(e, Explanation)]
    assert checked == ["fresh worlds", "fresh worlds"]
    assert foedus.explain(run, "WORTH") == found[-1]


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = 0
    try:
        cli.main(list(arguments))
    except SystemExit as end:
        code = int(end.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def test_the_command_prints_eighty_columns_of_sentences_or_the_json_that_is_kept(
    run: Run, rare: Explanation, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = call(capsys, "explain", str(run.folder), "RARE")
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    said = " ".join(out.split())
    for heading in ("When it holds", "What decides whether it holds", "Three worlds to look at"):
        assert heading in said
    assert rare.boxes[0].words in said
    code, out, _ = call(capsys, "explain", str(run.folder), "RARE", "--no-design", "--json")
    kept = (run.folder / "explained" / "RARE.json").read_text("utf-8")
    assert json.loads(out) == json.loads(kept)
    assert json.loads(out)["examples"][0]["flips"]["from"] == rare.examples[0].flips.before  # type: ignore[union-attr]


def test_without_a_claim_the_options_are_compared_in_eighty_columns_or_as_json(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = call(capsys, "explain", str(run.folder))
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    said = " ".join(out.split())
    for heading in (*LETTERS.values(), "Assumptions that the claims stand on",
                    "How far each share could move", "How long each option keeps"):  # fmt: skip
        assert heading in said
    assert "Watch: RARE holds mostly where the odds that the challenger starts" in said
    found = json.loads(call(capsys, "explain", str(run.folder), "--no-design", "--json")[1])
    assert {each["of"] for each in found["lasting"]} == {"without", "light"}
    assert found["notes"] == []


@pytest.mark.parametrize(
    ("claim", "said"),
    [("RAER", "did you mean 'RARE'?")],
)
def test_a_wrong_claim_is_a_sentence_and_the_code_2(
    run: Run, claim: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for extra in ([], ["--no-design"]):
        code, out, err = call(capsys, "explain", str(run.folder), claim, *extra)
        assert (code, out) == (2, "")
        assert said in err


def test_a_claim_that_is_weighed_says_which_weights_and_which_assumption_decide(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Money always speaks against the base, challenges where the step lowers them."""
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = call(capsys, "explain", str(run.folder), "WORTH")
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    said = " ".join(out.split())
    assert "Where cost has no more" not in said
    assert "of the weight, it is right in" in said
    assert "Effect of a combat base beside a rival decides" in said
    found = json.loads(call(capsys, "explain", str(run.folder), "WORTH", "--json")[1])
    weights = {each["outcome"]: each for each in found["weights"]}
    assert weights["cost"]["above"] < found["share"]["share"] < weights["cost"]["below"]
    assert weights["challenge.T"]["above"] == weights["cost"]["below"]
    assert (found["always"], found["decides"][0]["column"]) == (0.0, "troops.cross_step.step")
    assert found["never"] > 0.2  # where the base brings more challenges, nothing speaks for it
    for extra in ("--sobol", "--gradients"):
        code, _, err = call(capsys, "explain", str(run.folder), "WORTH", extra, "16")
        assert code == 2
        assert "is weighed" in err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["RARE", "--no-design", "--sobol", "16"], "leave out --sobol"),
        (["--gradients", "16"], "for one CLAIM"),
    ],
)
def test_what_would_be_played_for_nothing_is_refused(
    run: Run, given: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = call(capsys, "explain", str(run.folder), *given)
    assert code == 2
    assert said in " ".join(err.split())


def test_points_that_are_no_power_of_two_are_refused_before_anything_is_played(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = call(capsys, "explain", str(run.folder), "RARE", "--sobol", "100")
    assert code == 2
    assert "power of two" in err


def test_a_run_of_another_version_is_not_mixed_with_worlds_of_this_one(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foedus.explaining.__version__", "99.0")
    code, _, err = call(capsys, "explain", str(run.folder), "RARE")
    assert code == 2
    assert "--no-design" in err
    assert call(capsys, "explain", str(run.folder), "RARE", "--no-design")[0] == 0
