"""Files made to stop a reader are refused at once, with their line, whatever they are made of."""

import subprocess
import sys
from pathlib import Path

import pytest

from foedus.case import shipped, tree
from foedus.case.read import draft, draft_text
from foedus.engine.reading import sound
from foedus.errors import CaseError

TEXT = shipped.find("south-caucasus").read_text("utf-8")
LAUGHS = "\n".join(
    ["a0: &a0 [" + "x," * 9 + "x]"]
    + [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
)
CLAIMS = "claims:\n" + "".join(f"  C{i}: {{quote: a, offset: 1}}\n" for i in range(25_000))

BOMBS = {
    "aliases of aliases": (LAUGHS, "aliases"),
    "claims without end": (CLAIMS, "too many parts"),
    "lists in lists": ("[" * 100_000, "too many levels"),
    "groups in groups": ("".join(" " * i + "a:\n" for i in range(1_000)), "too many levels"),
    "one row after the other": ("a:\n" + "- 1\n" * 240_000, "too many parts"),
    "exclamation marks": ("!" * 900_000, "exclamation mark"),
    "an exclamation mark and a word": ("a: !" + "b" * 900_000, "exclamation mark"),
    "an open quote": ('"' + "a\n" * 400_000, "a quote is opened and not closed"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_words(name: str) -> None:
    text, why = BOMBS[name]
    with pytest.raises(CaseError, match=why):
        sound(draft_text(text, "x.yaml"))


def test_a_bomb_takes_no_more_time_than_its_length(tmp_path: Path) -> None:
    """A processor's time is counted by the system and ends a reader that takes without end."""
    for i, (text, _) in enumerate(BOMBS.values()):
        (tmp_path / f"{i}.yaml").write_text(text)
    code = (
        "import resource, sys\nresource.setrlimit(resource.RLIMIT_CPU, (90, 90))\n"
        "from foedus.case.read import read\nfrom foedus.errors import CaseError\n"
        "for path in sys.argv[1:]:\n    try: read(path)\n    except CaseError: print('refused')\n"
    )
    paths = sorted(map(str, tmp_path.iterdir()))
    done = subprocess.run(
        [sys.executable, "-c", code, *paths], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]
    assert done.stdout.count("refused") == len(BOMBS)


def test_a_file_of_a_hundred_megabytes_is_not_even_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("it was read"))
    with pytest.raises(CaseError, match=r"too large: 100\.0 MB"):
        draft(path)


@pytest.mark.parametrize(
    "value",
    ["[-1e308, 1e308]", "[0, 1e308]", "[.nan, 1]", "[0, .inf]", "[1e400, 1]", "[1, 1e-400]"],
)
def test_ranges_without_measure_are_refused_by_their_line(value: str) -> None:
    old = next(line for line in TEXT.splitlines() if "  rates.war" in line)
    name = old.split(":")[0]
    line = f"{name}: {{between: {value}, unit: probability, source: judgement}}"
    text = TEXT.replace(old, line, 1)
    with pytest.raises(CaseError) as error:
        sound(draft_text(text, "x.yaml"))
    number = 1 + text.splitlines().index(line)
    assert any(f"x.yaml:{number}:" in str(each) for each in error.value.problems)


def test_the_longest_shipped_case_is_far_from_the_limits() -> None:
    assert 5 * len(TEXT.encode()) < tree.MAX_BYTES
