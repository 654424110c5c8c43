"""The live page under a hand, in a real browser."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from browsing import LOOKS, SCREENS, barriers, complaints_of, in_browser
from foedus.case.read import draft_text
from foedus.case.schema import Case
from foedus.engine.reading import sound
from foedus.engine.run import simulate
from foedus.judge.claims import Verdict, judge
from foedus.live import server
from foedus.live.edits import changed
from foedus.live.guard import Pace
from foedus.live.serve import beside
from foedus.live.server import Site, application
from foedus.live.state import read
from foedus.report import words

SETTLED = "#results[data-worlds='{}'][aria-busy='false']"
PATIENCE = 120_000  # milliseconds: the machine may be busy

pytestmark = in_browser


@pytest.fixture(scope="module")
def address(site: Site) -> Iterator[str]:
    """The page, served from a thread."""
    with beside(application(site, ("127.0.0.1",), Pace(1e6, 1e6))) as found:
        yield found


@pytest.fixture
def tab(browser: Any, address: str) -> Iterator[Any]:
    """The page, once it has settled; nothing may be complained of when the test is over."""
    yield from opened(browser, address, 1280)


def opened(browser: Any, address: str, wide: int, scheme: str = "light") -> Iterator[Any]:
    context = browser.new_context(
        viewport={"width": wide, "height": 844}, color_scheme=scheme, accept_downloads=True
    )
    found = context.new_page()
    found.set_default_timeout(PATIENCE)
    complaints = complaints_of(found, (address.partition("?")[0], "data:", "blob:"))
    found.goto(address)
    settled(found)
    yield found
    assert [each for each in complaints if "422" not in each] == []
    context.close()


def settled(tab: Any, worlds: int = server.USUAL) -> None:
    """Wait until the page shows what follows from its address."""
    tab.wait_for_selector(SETTLED.format(worlds), state="attached")
    for _ in range(600):
        shown = tab.locator("#results").get_attribute("data-state") or ""
        if shown == tab.url.partition("?")[2] and tab.locator(SETTLED.format(worlds)).count():
            return
        tab.wait_for_timeout(100)
    raise AssertionError(f"shows {shown}, not {tab.url}")


def on_page(tab: Any, claim: str) -> tuple[str, float]:
    row = tab.locator(f"#row-{claim}")
    said = row.locator("[data-headline]").get_attribute("data-headline")
    return said, float(row.locator("data").get_attribute("value"))


def by_api(site: Site, query: str, folder: Path) -> dict[str, Verdict]:
    """What the Python API says of a state: its case, written to a file and run."""
    from foedus.live.saved import saved

    case = sound(draft_text(saved(site.base, read(query)), "small.yaml"))
    assert case.model_dump() == changed(site.base, read(query)).model_dump()
    return {v.claim: v for v in judge(simulate(case, server.USUAL, out=folder))}


def test_three_controls_moved_by_hand_give_the_verdicts_of_the_python_api(
    tab: Any, site: Site, tmp_path: Path
) -> None:
    began = on_page(tab, "fewer")
    tab.get_by_text("Troops", exact=False).locator("xpath=ancestor-or-self::summary").first.click()
    tab.locator("#a-troops-cross_step-step").get_by_label("one value").check()
    tab.get_by_label("effect of a combat base beside a rival: value").focus()
    tab.keyboard.press("Home")
    tab.locator(".moving summary", has_text="Theories").click()
    tab.get_by_label("steady").uncheck()
    tab.locator("[data-claim-row=fewer] > summary").click()
    tab.get_by_role("textbox", name="Margin: Fewer disputes.").fill("0.001")
    tab.keyboard.press("Enter")
    settled(tab)
    query = tab.url.partition("?")[2]
    assert {part.partition("=")[0] for part in query.split("&")} == {
        "v", "case", "a:troops.cross_step.step", "t:effort", "m:fewer:any",
    }  # fmt: skip
    told = by_api(site, query, tmp_path / "run")
    assert (began[0], on_page(tab, "fewer")[0]) == ("depends", "holds")
    for name in ("fewer", "rare"):
        share = told[name].share
        assert share is not None
        assert on_page(tab, name) == (told[name].verdict, share.share)
        assert words.percent(share.share) in tab.locator(f"#row-{name} strong").inner_text()


def test_the_same_address_shows_the_same_and_undo_leads_back(tab: Any, browser: Any) -> None:
    start = on_page(tab, "rare")
    tab.get_by_label("Find an assumption").fill("starts a dispute")
    lowest = tab.locator("#a-rates-challenge input[type=text]").first
    lowest.fill("15")
    lowest.press("Enter")
    settled(tab)
    moved, link = on_page(tab, "rare"), tab.url
    assert moved != start
    assert "as written: " in tab.locator("#row-rare").inner_text()
    tab.get_by_role("button", name="Undo").click()
    settled(tab)
    assert on_page(tab, "rare") == start
    tab.get_by_role("button", name="Redo").click()
    settled(tab)
    assert (on_page(tab, "rare"), tab.url) == (moved, link)
    for other in opened(browser, link, 390):
        assert on_page(other, "rare") == moved
        assert other.locator("#a-rates-challenge input[type=text]").first.input_value() == "15"


def test_a_mistake_is_told_beside_its_control_and_goes_when_mended(tab: Any) -> None:
    tab.get_by_label("Find an assumption").fill("starts a dispute")
    control = tab.locator("#a-rates-challenge")
    control.locator("input[type=text]").first.fill("90")
    control.locator("input[type=text]").first.press("Enter")
    problem = control.get_by_role("alert")
    problem.wait_for(state="visible")
    assert "turned round" in problem.inner_text()
    assert tab.locator("#save").get_attribute("aria-disabled") == "true"
    control.get_by_role("button", name="back to it").click()
    problem.wait_for(state="hidden")
    settled(tab)
    assert "?" not in tab.url


def test_ends_that_are_typed_one_after_the_other_are_one_step(tab: Any) -> None:
    """Both ends go below what was the lower one: half-way the range is turned round."""
    began = tab.url
    tab.get_by_label("Find an assumption").fill("starts a dispute")
    numbers = tab.locator("#a-rates-challenge input[type=text]")
    numbers.last.fill("2")
    numbers.first.focus()
    numbers.first.fill("1")
    assert tab.url == began
    tab.get_by_label("Find an assumption").focus()
    settled(tab)
    assert "a:rates.challenge=0.01~0.02" in tab.url
    assert tab.locator("#a-rates-challenge .problem").is_hidden()
    places = tab.locator("#a-rates-challenge input[type=range]")
    low, high = (float(each.input_value()) for each in places.all())
    assert low < high  # the sliders reach as far as what was typed
    tab.get_by_role("button", name="Undo").click()
    settled(tab)
    assert tab.url.partition("?")[0] == tab.url


def test_a_link_of_another_case_file_says_so(tab: Any, browser: Any) -> None:
    link = f"{tab.url.partition('?')[0]}?v=1&case=deadbeef&a:rates.challenge=0.05~0.3"
    for other in opened(browser, link, 1280):
        assert "changed since this link was made" in other.locator("#notice").inner_text()
        assert "case=deadbeef" in other.url
        other.locator("#reset").click()
        settled(other)
        assert other.locator("#notice").is_hidden()


def test_two_states_stand_side_by_side(tab: Any) -> None:
    tab.get_by_label("Find an assumption").fill("starts a dispute")
    highest = tab.locator("#a-rates-challenge input[type=text]").last
    highest.fill("8")
    highest.press("Enter")
    settled(tab)
    first = on_page(tab, "rare")
    tab.get_by_role("button", name="Compare from here").click()
    highest.fill("30")
    highest.press("Enter")
    settled(tab)
    assert f"before: {first[0]}, {words.percent(first[1])}" in tab.locator("#row-rare").inner_text()


def test_save_as_case_gives_a_file_that_says_what_the_page_says(
    tab: Any, site: Site, tmp_path: Path
) -> None:
    tab.locator("summary", has_text="light").last.click()
    tab.locator("[data-option=light] [data-add]").select_option("o:light:training.exercises")
    settled(tab)
    tab.locator("#w-light").get_by_label("denial").check()
    settled(tab)
    with tab.expect_download() as kept:
        tab.locator("#save").click()
    assert kept.value.suggested_filename == "small-changed.yaml"
    text = Path(kept.value.path()).read_text("utf-8")
    case: Case = sound(draft_text(text, "small.yaml"))
    assert case.options["light"].without == ("denial",)
    assert "training.exercises" in case.options["light"].sets
    told = {v.claim: v for v in judge(simulate(case, server.USUAL, out=tmp_path / "run"))}
    share = told["fewer"].share
    assert share is not None
    assert on_page(tab, "fewer") == (told["fewer"].verdict, share.share)


def test_a_dragged_slider_is_followed_by_few_worlds_then_more_and_the_count_is_said(
    tab: Any,
) -> None:
    tab.evaluate("""() => {
        const count = document.getElementById("count");
        window.said = [];
        new MutationObserver(() => window.said.push(count.textContent))
            .observe(count, { childList: true, characterData: true, subtree: true });
    }""")
    tab.get_by_label("Find an assumption").fill("starts a dispute")
    began = on_page(tab, "rare")
    slider = tab.locator("#a-rates-challenge input[type=range]").last
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    place = float(slider.evaluate("s => s.value / s.max"))
    tab.mouse.move(box["x"] + 10 + place * (box["width"] - 20), box["y"] + box["height"] / 2)
    tab.mouse.down()
    tab.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + box["height"] / 2, steps=5)
    tab.mouse.up()
    tab.wait_for_url(lambda address: "?" in address)
    settled(tab)
    assert on_page(tab, "rare") != began
    counts = [f"{n:,} worlds" for n in (server.PREVIEW, *server.CLOSER, server.USUAL)]
    said = [each for each in tab.evaluate("window.said") if each in counts]
    assert list(dict.fromkeys(said))[-4:] == counts
    tab.keyboard.press("Control+z")
    settled(tab)
    assert on_page(tab, "rare") == began
    tab.locator("#more").click()
    settled(tab, server.MOST)
    assert tab.locator("#count").inner_text() == f"{server.MOST:,} worlds"
    assert tab.locator("#more").is_hidden()


def test_when_a_claim_breaks_follows_once_nothing_moves(tab: Any) -> None:
    tab.locator("[data-claim-row=fewer] > summary").click()
    when = tab.locator("#when-fewer")
    when.locator(".box").first.wait_for()
    before = when.inner_text()
    tab.locator("[data-go='a:troops.cross_step.step']").click()
    tab.keyboard.press("End")
    settled(tab)
    tab.locator("#when-fewer:not(.stale)").wait_for()
    assert when.inner_text() != before
    assert tab.locator("#results").get_attribute("data-settled") == tab.url.partition("?")[2]


def test_what_moves_a_claim_leads_to_its_control_and_charts_follow(tab: Any) -> None:
    tab.locator("[data-claim-row=fewer] > summary").click()
    tab.locator("[data-go='a:troops.cross_step.step']").click()
    focused = "document.activeElement.closest('[data-control]')?.id"
    assert tab.evaluate(focused) == "a-troops-cross_step-step"
    marks = "#card-fewer [data-chart^=curve] svg .mark-line path"
    tab.wait_for_selector(marks, state="attached")
    before = tab.locator(marks).first.get_attribute("d")
    tab.keyboard.press("End")
    settled(tab)
    assert tab.locator(marks).first.get_attribute("d") != before


@pytest.mark.parametrize(("wide", "scheme"), LOOKS)
def test_nothing_is_too_wide_and_axe_finds_no_issue_that_matters(
    browser: Any, address: str, wide: int, scheme: str
) -> None:
    for tab in opened(browser, address, wide, scheme):
        tab.locator("[data-claim-row=fewer] > summary").click()
        tab.wait_for_selector("#card-fewer article")
        tab.wait_for_selector("#when-fewer .box")
        tab.screenshot(path=SCREENS / f"live-{wide}-{scheme}.png", full_page=True)
        assert tab.evaluate("document.documentElement.scrollWidth") <= wide
        tab.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        tab.wait_for_timeout(500)
        assert tab.evaluate("document.documentElement.scrollWidth") <= wide
        unnamed = "input:not([aria-label]):not(label input):not([id]), button:empty"
        assert tab.locator(unnamed).count() == 0
        assert barriers(tab) == []


def test_the_page_is_reached_from_this_machine_alone(address: str) -> None:
    port = int(address.rstrip("/").rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5):
        pass
