"""`foedus new`: from a few answers to a case that can be checked and run at once."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from foedus.case.states import distance, state, states
from foedus.case.template import CHOICES
from foedus.cli import app
from foedus.engine.reading import check, read
from foedus.errors import FoedusError

BASIC = ("--host", "EST", "--helper", "USA", "--challenger", "Russia")


def call(file: Path, *arguments: str, answers: str | None = None) -> Result:
    return CliRunner().invoke(app, ["new", str(file), *arguments], input=answers)


@pytest.mark.parametrize("option", CHOICES)
def test_every_option_gives_a_case_without_a_warning(option: str, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    done = call(file, *BASIC, "--troops", "500", "--option", option)
    assert done.exit_code == 0, done.output
    assert check(file) == []
    assert set(read(file).options) == {"as_today", option}


def test_the_help_names_every_option_that_a_case_may_begin_with() -> None:
    said = CliRunner().invoke(app, ["new", "--help"]).output
    assert [option for option in CHOICES if option not in said] == []


def test_a_script_gets_a_case_from_three_states_alone(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    assert call(file, *BASIC).exit_code == 0
    case = read(file)
    assert case.years == (2027, 2036)
    assert case.assumptions["forces.USA"].points() == (272.0, 408.0)  # 1,360,000 +- a fifth
    assert len(case.claims) == len(case.options) - 1


def test_rivals_several_challengers_and_odd_titles_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    title = 'A "quoted": title, with \\ and # in it'
    done = call(file, *BASIC, "--challenger", "DEU", "--rival", "RUS", "--title", title)
    assert done.exit_code == 0, done.output
    case = read(file)
    assert case.title == title
    assert {n: t.rivals for n, t in case.threats.items()} == {"RUS-EST": True, "DEU-EST": False}


def test_every_state_of_the_table_can_be_a_host(tmp_path: Path) -> None:
    for key in ("ISL", "CHN", "BRB", "CIV"):  # no army, the largest, the smallest, a long name
        file = tmp_path / f"{key}.yaml"
        done = call(file, "--host", key, "--helper", "USA", "--challenger", "RUS")
        assert done.exit_code == 0, (key, done.output, done.exception)
        assert check(file) == []


def test_what_the_command_does_not_say_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from foedus.asking import answers as asked

    monkeypatch.setattr(
        "foedus.asking.answers", lambda given, interactive: asked(given, interactive=True)
    )
    file = tmp_path / "case.yaml"
    said = ["Nowhere", "Estonia", "USA", "rus", "n", "2030", "5", "100", "My case", "y",
            "consultation", "n", "n", "y", "n", "n", "y"]  # fmt: skip
    done = call(file, answers="\n".join(said) + "\n")
    assert done.exit_code == 0, (done.output, done.exception)
    assert "no figures of a state 'Nowhere'" in done.output
    case = read(file)
    assert (case.title, case.years) == ("My case", (2030, 2034))
    assert case.threats["RUS-EST"].rivals
    assert case.assumptions["treaty.obligation"].exactly == "consultation"
    assert list(case.options) == ["as_today", "no_base", "nothing"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--host", "Estland", *BASIC[2:]), "no figures of a state 'Estland'"),
        (("--host", "USA", *BASIC[2:]), "stands twice"),
        ((*BASIC, "--rival", "DEU"), "no challenger of this case"),
        ((*BASIC, "--option", "lite_base"), "did you mean 'light_base'?"),
        (
            (*BASIC, "--option", "no_base"),
            "no option 'no_base' to begin with: there is no base today",
        ),
        ((*BASIC, "--troops", "501", "--option", "light_base"), "501 are there today"),
        ((*BASIC, "--troops", "9000", "--option", "heavy_base"), "9,000 are there today"),
        ((), "--host"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    done = call(tmp_path / "case.yaml", *arguments)
    assert isinstance(done.exception, FoedusError)
    assert said in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text("mine", "utf-8")
    done = call(file, *BASIC)
    assert "is there already" in str(done.exception)
    assert file.read_text("utf-8") == "mine"


def test_the_table_of_states_has_the_figures_that_the_shipped_cases_cite() -> None:
    # COW, national material capabilities 7, persons in 2022
    for key, persons in {"AZE": 64_000, "TUR": 355_000, "RUS": 1_190_000, "KOR": 555_000}.items():
        assert states()[key].persons == persons
    assert state(" türkiye ") is states()["TUR"]


def test_distances_are_those_of_capitals() -> None:
    for one, other, km in (("GBR", "BLZ", 8423), ("TUR", "QAT", 2380), ("RUS", "ARM", 1791)):
        assert distance(state(one), state(other)) == pytest.approx(km, rel=0.01)
