"""The page in a real browser, opened from disk with the network cut."""

from pathlib import Path
from typing import Any

import pytest
from small_report import CASE, PARTS, STATES, MakeRun, write_run, write_years

from browsing import LOOKS, SCREENS, barriers, complaints_of, in_browser
from foedus.judge.explain import explain
from foedus.report.page import report

DRAWN = "html[data-charts=drawn]"
pytestmark = in_browser


@pytest.fixture(scope="module")
def full_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with every section there is: map, parts, an explained claim."""
    run = write_run(tmp_path_factory.mktemp("full") / "run", STATES + PARTS, worlds=1_024)
    explain(run, "FEWER")
    write_years(run)
    return report(run)


def opened(browser: Any, path: Path, wide: int = 1280, scheme: str = "light") -> Any:
    """The page, drawn; `complaints` holds console errors and every address asked for."""
    context = browser.new_context(
        viewport={"width": wide, "height": 844}, color_scheme=scheme, offline=True,
        accept_downloads=True, bypass_csp=False,
    )  # fmt: skip
    tab = context.new_page()
    tab.complaints = complaints_of(tab, ("file:", "data:", "blob:"))
    tab.goto(path.as_uri())
    tab.wait_for_selector(DRAWN, state="attached", timeout=30_000)
    return tab


@pytest.mark.parametrize(("wide", "scheme"), LOOKS)
def test_every_chart_draws_offline_without_a_complaint_and_nothing_is_too_wide(
    browser: Any, full_page: Path, wide: int, scheme: str
) -> None:
    tab = opened(browser, full_page, wide, scheme)
    tab.screenshot(path=SCREENS / f"report-{wide}-{scheme}.png", full_page=True)
    assert tab.complaints == []
    boxes = tab.locator("[data-chart]")
    names = boxes.evaluate_all("boxes => boxes.map(b => b.dataset.chart)")
    asked = {"region", "parts", "regrets", "trade-cost-disputes", "curve-FEWER-all"}
    assert asked | {"years-disputes"} <= set(names)
    marks = "boxes => boxes.map(b => b.querySelectorAll('svg [class*=mark-] path').length)"
    assert all(count > 0 for count in boxes.evaluate_all(marks))
    assert tab.evaluate("document.documentElement.scrollWidth") <= wide
    tab.context.close()


def test_a_hostile_case_runs_no_script(browser: Any, make_run: MakeRun) -> None:
    bad = "'</script><img src=x onerror=document.title=1><script>document.title=1</script>'"
    text = CASE.replace("a base brings fewer disputes", bad).replace("A light base.", bad)
    tab = opened(browser, report(make_run(text)))
    assert tab.title() == "Is a base unnecessary? · foedus"
    assert tab.complaints == []
    tab.context.close()


def test_the_filter_hides_claims_and_a_link_to_a_hidden_one_brings_it_back(
    browser: Any, small_page: Path
) -> None:
    tab = opened(browser, small_page)
    tab.get_by_label("Kind").select_option("fact")
    assert tab.locator("[data-claim]:visible").count() == 1
    assert tab.locator("output").inner_text() == "1 of 4 claims"
    tab.locator(".map a").first.click()
    tab.locator("#claim-FEWER").wait_for(state="visible", timeout=5_000)
    assert tab.locator("[data-claim]:visible").count() == 4
    tab.context.close()


@pytest.mark.parametrize(("kind", "begins"), [("CSV", b"name,"), ("SVG", b"<svg"),
                                              ("PNG", b"\x89PNG")])  # fmt: skip
def test_a_chart_can_be_kept_as_data_and_as_a_picture(
    browser: Any, small_page: Path, kind: str, begins: bytes
) -> None:
    tab = opened(browser, small_page)
    with tab.expect_download() as kept:
        tab.locator('[data-save="level-disputes"]').get_by_role("button", name=kind).click()
    assert kept.value.suggested_filename == f"level-disputes.{kind.lower()}"
    assert Path(kept.value.path()).read_bytes().startswith(begins)
    tab.context.close()


def test_print_opens_what_is_folded(browser: Any, full_page: Path) -> None:
    tab = opened(browser, full_page)
    tab.emulate_media(media="print")
    tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert tab.locator("details:not([open])").count() == 0
    tab.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert tab.locator("details[open]").count() == 0
    paper = tab.pdf(path=SCREENS / "report.pdf", format="A4")
    assert paper.startswith(b"%PDF")
    tab.context.close()


def test_print_wraps_wide_tables_names_every_cell_and_lets_long_cards_break(
    browser: Any, full_page: Path
) -> None:
    tab = opened(browser, full_page, wide=688)  # the width of A4 less its margins
    heads = "t => [...t.querySelectorAll('thead th')].slice(1).map(th => th.textContent)"
    said = [table.evaluate(heads) for table in tab.locator("table.wide").all()]
    tab.emulate_media(media="print")
    tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    shown = """t => [...t.rows].slice(1).map(r => [...r.querySelectorAll('td')].map(
        td => getComputedStyle(td, '::before').content.slice(1, -1)))"""
    tables = tab.locator("table.wide").all()
    assert len(tables) == 2
    for table, names in zip(tables, said, strict=True):
        rows = table.evaluate(shown)
        assert rows
        assert all(row == names for row in rows)
        assert table.evaluate("t => t.scrollWidth <= t.parentElement.clientWidth")
    for card in (".system > li", ".outcome"):
        assert tab.locator(card).first.evaluate("e => getComputedStyle(e).breakInside") == "auto"
    tab.context.close()


def test_the_keyboard_reaches_the_skip_link_first_and_focus_is_seen(
    browser: Any, small_page: Path
) -> None:
    tab = opened(browser, small_page)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    tab.context.close()


@pytest.mark.parametrize(("wide", "scheme"), LOOKS)
def test_axe_finds_no_issue_that_matters(
    browser: Any, full_page: Path, wide: int, scheme: str
) -> None:
    tab = opened(browser, full_page, wide, scheme)
    tab.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert barriers(tab) == []
    tab.context.close()


def test_axe_would_find_what_a_reader_cannot_read(browser: Any, small_page: Path) -> None:
    tab = opened(browser, small_page)
    planted = "<img src='data:,'><p>Faint.</p><select><option>one</option></select>"
    tab.evaluate(f"""document.querySelector('main').insertAdjacentHTML('beforeend', "{planted}")""")
    tab.evaluate("document.querySelector('main > p:last-of-type').style.color = '#ccc'")
    assert {"color-contrast", "image-alt", "select-name"} <= {rule for rule, _ in barriers(tab)}
    tab.context.close()
