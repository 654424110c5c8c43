"""A file is read as YAML 1.2, or refused in a sentence."""

import importlib
from pathlib import Path

import pytest

import foedus
from foedus.case import shipped, tree
from foedus.case.read import draft_text, read, read_text
from foedus.engine.reading import sound
from foedus.errors import CaseError, Problem

SHIPPED = shipped.find("south-caucasus")
TEXT = SHIPPED.read_text("utf-8")


def parse(text: str) -> tree.Plain:
    parsed = tree.parse(text, "x.yaml")
    assert not parsed.problems
    return tree.flatten(parsed.tree, "x.yaml")


def refused(text: str) -> tuple[Problem, ...]:
    with pytest.raises(CaseError) as caught:
        sound(draft_text(text, "x.yaml"))
    return caught.value.problems


def replaced(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def test_the_shipped_case_reads_and_keeps_its_text_and_marks() -> None:
    case = foedus.read("south-caucasus")
    assert case.text == TEXT
    line = next(i for i, each in enumerate(TEXT.splitlines(), 1) if "  timing.travel:" in each)
    assert (
        case.problem(("assumptions", "timing.travel"), "").where == f"south-caucasus.yaml:{line}:3"
    )
    assert foedus.check(case) == []


def test_no_stays_a_word_and_numbers_follow_yaml_1_2() -> None:
    text = "a: [NO, on, yes, 010, 0o10, 0x10, 1e3, .5, 1_000, ~, true, 2027-01-01, 1:30, -3, '5']"
    assert parse(text).value == {
        "a": ["NO", "on", "yes", 10, 8, 16, 1000.0, 0.5, "1_000", None, True, "2027-01-01", "1:30",
              -3, "5"]
    }  # fmt: skip


def test_a_directive_does_not_bring_back_yaml_1_1() -> None:
    assert parse("%YAML 1.1\n---\na: NO").value == {"a": "NO"}


def test_keys_are_taken_as_they_are_written() -> None:
    assert parse("{NO: 1, 5: 2, true: 3, 1.0: 4}").value == {"NO": 1, "5": 2, "true": 3, "1.0": 4}


def test_an_alias_stands_for_what_was_anchored_and_points_at_it() -> None:
    plain = parse("a: &x\n  b: [1]\nc: *x")
    assert plain.value == {"a": {"b": [1]}, "c": {"b": [1]}}
    assert plain.marks["c",] == "x.yaml:3:1"
    assert plain.marks["c", "b"] == "x.yaml:2:3"


def test_merged_keys_yield_to_those_that_are_written() -> None:
    plain = parse("a: &x {p: 1, q: 2}\nb: &y {q: 3, r: 4}\nc: {<<: [*x, *y], p: 0}")
    assert plain.value["c"] == {"p": 0, "q": 2, "r": 4}


def test_expansion_without_end_is_refused() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    (problem,) = refused("\n".join(rows))
    assert "once its aliases (*name) are written out" in problem.what


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("", "x.yaml:1:1", "the file is empty"),
        ("# only a comment\n", "x.yaml:1:1", "the file is empty"),
        ("- a\n- b\n", "x.yaml:1:1", "made of keys with values"),
        ("just text", "x.yaml:1:1", "made of keys with values"),
        ("a:\n\tb: 1", "x.yaml:2:1", "a tab where YAML wants spaces"),
        ("a: [1, 2\nb: 3", "x.yaml:2:2", "a bracket is opened and not closed"),
        ("a: 'x", "x.yaml:1:4", "a quote is opened and not closed"),
        ('a: 1\nb: {c: "x}\nd: 2\n', "x.yaml:2:8", "a quote is opened and not closed"),
        ("a: 1\nb: {c: 'x}\nd: {e: 'y'}\n", "x.yaml:2:8", "a quote is opened and not closed"),
        ('a: {b: "x\n  y"}\nc: 1: 2\n', "x.yaml:3:5", "a colon where no key can stand"),
        ("a: b: c", "x.yaml:1:5", "a colon where no key can stand"),
        ("a: 1\nb", "x.yaml:2:2", "neither `key: value` nor part of text"),
        ("a: @x", "x.yaml:1:4", "begins with a character that means something to YAML"),
        ("a: 1\n  b: 2", "x.yaml:2:4", "a colon where no key can stand"),
        ("a: [1]\n  b: 2", "x.yaml:2:3", "the indentation does not match"),
        ("a: 1\n---\nb: 2", "x.yaml:2:1", "a second document begins here"),
        ("a: \x07", "x.yaml:1:4", "an invisible character (U+0007)"),
        ('a: "\\U99999999"', "x.yaml:1:1", "not YAML that can be read"),
        ("a: " + "[" * 3000, "x.yaml:1:24", "too many levels"),
    ],
)
def test_what_is_no_case_is_refused_at_its_place(text: str, where: str, what: str) -> None:
    found = refused(text)
    assert any(each.where == where and what in each.what for each in found), found


def test_a_number_of_thousands_of_digits_is_no_number() -> None:
    found = refused(replaced("price_year: 2025", f"price_year: {'9' * 6000}"))
    assert [each.path for each in found] == ["price_year"]


def test_files_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    big = tmp_path / "big.yaml"
    big.write_bytes(b"a" * (tree.MAX_BYTES + 1))
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("foedus: 1\ntitle: Türkiye".encode("latin-1"))
    for path, words in (
        (tmp_path / "none.yaml", "cannot be read: no such file"),
        (tmp_path, "cannot be read: is a directory"),
        (big, "is too large: 1.0 MB"),
        (latin, "latin.yaml:2:9: is not UTF-8 text from here on"),
        (tmp_path / "a\0b", "embedded null"),  # as Python words it: byte, or character in path
    ):
        with pytest.raises(CaseError, match=r"\S") as caught:
            read(path)
        assert words in str(caught.value)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert read(path).text == TEXT


def test_crlf_line_ends_are_no_fault() -> None:
    assert read_text(TEXT.replace("\n", "\r\n"), "x.yaml").title == read(SHIPPED).title


def test_a_misspelt_shipped_case_is_suggested() -> None:
    with pytest.raises(CaseError, match="did you mean 'south-caucasus'"):
        foedus.read("south-cacausus")


ONE_SLIP = [
    ("assumptions:", "asumptions:"),
    ("alliance: {host: AZE", "alliance: {hots: AZE"),
    ("  timing.travel: {", "  timing.travle: {"),
    ("contest: [ratio, logistic]", "contest: [ratio, logistics]"),
    ("contest: [ratio, logistic]", "contets: [ratio, logistic]"),
    ("contest: [ratio, logistic]", "contest: ratio"),
    ("reference: status_quo", "reference: status_quoo"),
    ("  AZE: {name: Azerbaijan,", "  AZE: {name: [Azerbaijan],"),
    ("  AZE: {name: Azerbaijan,", "  AZE: {nam: Azerbaijan,"),
    ("years: [2027, 2046]", "years: [2046, 2027]"),
    ("years: [2027, 2046]", "years: 20"),
    ("question: Is", "qestion: Is"),
    ("rivals: true", "rivals: 1"),
    ("\nsources:\n", "\nsources: []\nabuot:\n"),
    ("  treaty_only:\n", "  treaty only:\n"),
]


@pytest.mark.parametrize(("old", "new"), ONE_SLIP)
def test_one_slip_is_one_problem(old: str, new: str) -> None:
    found = refused(replaced(old, new))
    if "sources: []" in new:  # two slips in truth: a list for the keys, and a misspelt key
        assert [each.path for each in found] == ["sources", "abuot"]
    elif "treaty only" in new:  # the name is no name; claims speak of the right one
        assert found[0].path == "options.treaty only"
        assert all("no option 'treaty_only'" in each.what for each in found[1:])
    else:
        assert len(found) == 1, found


def test_problems_of_every_layer_are_told_at_once() -> None:
    text = replaced("rivals: true", "rivals: maybe")  # of types
    text = text.replace("  timing.travel: {", "  timing.travle: {", 1)  # of names
    text = text.replace("outcome: grab", "outcome: grap", 1)  # of claims
    text = text.replace("price_year: 2025", "price_year: 2025\nprice_year: 2024", 1)  # of YAML
    text = text.replace("unit: days", "unit: hours", 1)  # of units
    found = " ".join(map(str, refused(text)))
    for words in ("true or false", "timing.travle", "'grap'", "written twice", "'hours'"):
        assert words in found


def test_an_option_beside_the_reference_that_sets_nothing_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "idle.yaml"
    path.write_text(replaced("\noptions:\n", "\noptions:\n  idle: {says: As today.}\n"), "utf-8")
    (warning,) = foedus.check(path)
    assert "options.idle: sets nothing" in str(warning)
    assert warning.where.startswith("idle.yaml:")


def test_the_public_verbs_are_there_and_named() -> None:
    for name in foedus.__all__:
        module = importlib.import_module(foedus._VERBS[name])
        verb = getattr(foedus, name)
        assert verb is getattr(module, name) or (module.__name__, name) == verb._VERB
        assert callable(verb)
    assert set(foedus.__all__) == set(foedus._VERBS) <= set(dir(foedus))
    with pytest.raises(AttributeError, match="no attribute 'raed'"):
        _ = foedus.raed


def test_a_package_that_is_a_verb_passes_its_call_on() -> None:
    with pytest.raises(AttributeError, match="'str' object has no attribute"):
        foedus.judge("no run")


def test_a_problem_that_is_found_twice_is_told_once() -> None:
    problem = Problem("x.yaml:1:1", "a", "is wrong")
    assert CaseError([problem, problem]).problems == (problem,)
