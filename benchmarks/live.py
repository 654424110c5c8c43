"""The live page in a browser: when it is first seen, and how soon it follows a hand.

    python benchmarks/live.py [--case FILE] [--moves 5] [--worlds 2048]

Serves a case, opens its page in Chromium and moves a slider. Prints when the page was first
painted, when it showed what follows from a movement with how many worlds, and how much was sent.
Wall times say how busy the machine was as well, so the processor time of the server stands beside.
"""

import argparse
import os
import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import sync_playwright

import foedus
from foedus.live.guard import Pace
from foedus.live.serve import beside, site_of
from foedus.live.server import CLOSER, PREVIEW, USUAL, application

PATIENCE = 600_000  # milliseconds
MOVE = """async ([counts, patience]) => {
    const results = document.getElementById("results");
    const slider = document.querySelector(".moving input[type=range]");
    slider.value = Number(slider.value) + 7;
    const began = performance.now(), at = {};
    const found = new Promise((done) => {
        const look = () => {
            const shown = Number(results.dataset.worlds);
            const current = results.dataset.state === location.search.slice(1);
            if (current && counts.includes(shown)) at[shown] ??= performance.now() - began;
            if (at[counts.at(-1)]) done(at);
        };
        new MutationObserver(look).observe(results, { attributes: true });
        setTimeout(() => done(at), patience);
    });
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    slider.dispatchEvent(new Event("change", { bubbles: true }));
    return found;
}"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"


@contextmanager
def served(case: Any) -> Iterator[str]:
    """The page of a case, at an address."""
    site = site_of(case)
    with beside(application(site, ("127.0.0.1",), Pace(1e6, 1e6))) as address:
        yield address
    site.desk.close()


def looked_at(browser: Any, address: str, moves: int, worlds: int) -> dict[str, Any]:
    """One visit: seconds until the first paint, and after each movement by number of worlds."""
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    tab.set_default_timeout(PATIENCE)
    sizes: list[int] = []
    tab.on("response", lambda r: r.url.endswith("/play") and sizes.append(_size(r)))
    tab.goto(address)
    tab.wait_for_selector(f"#results[data-worlds='{worlds}']", state="attached")
    painted = tab.evaluate(PAINT) / 1e3
    counts = [each for each in (PREVIEW, *CLOSER, USUAL) if each <= worlds]
    times, spent = list[dict[str, float]](), list[float]()
    tab.evaluate("document.querySelectorAll('.moving details').forEach((d) => { d.open = true; })")
    sizes.clear()
    for _ in range(moves):
        before = time.process_time()
        times.append(tab.evaluate(MOVE, [counts, PATIENCE]))
        spent.append(time.process_time() - before)
        tab.wait_for_timeout(300)
    tab.close()
    after = {n: statistics.median(t[str(n)] / 1e3 for t in times) for n in counts}
    return {"painted": painted, "after": after, "spent": statistics.median(spent),
            "bytes": statistics.median(sizes)}  # fmt: skip


def _size(response: Any) -> int:
    return int(response.headers.get("content-length", "0"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--case", default="south-caucasus")
    parser.add_argument("--moves", type=int, default=5)
    parser.add_argument("--worlds", type=int, default=USUAL, help="The most that are waited for.")
    given = parser.parse_args()
    case = foedus.read(given.case)
    with served(case) as address, sync_playwright() as tool:
        browser = tool.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        found = looked_at(browser, address, given.moves, given.worlds)
        browser.close()
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    print(
        f"Case {case.file}, {len(case.options)} options, {given.moves} movements, the middle one; "
        f"{busy:.1f} programs a core wanted to run at the end, so wall times are about that many "
        f"times those of an idle machine.\n"
    )
    print("| what is waited for | asked, s | measured, s |\n|---|---|---|")
    print(f"| the first paint | 2 | {found['painted']:.2f} |")
    for worlds, seconds in found["after"].items():
        asked = "1" if worlds == PREVIEW else ""
        print(f"| what follows, in {worlds:,} worlds | {asked} | {seconds:.2f} |")
    print(f"\nProcessor time of the server for these answers: {found['spent']:.2f} s. ", end="")
    print(f"One answer is {found['bytes'] / 1e3:.1f} kB on the wire.")


if __name__ == "__main__":
    main()
