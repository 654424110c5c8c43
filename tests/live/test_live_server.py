"""What the page is told is what the Python API says, and nothing a visitor sends can hurt."""

import asyncio
import json
import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from small_live import text
from starlette.testclient import TestClient

from foedus.case.read import draft_text, read_text
from foedus.case.schema import Case
from foedus.engine.closing import Closing
from foedus.engine.reading import sound
from foedus.engine.run import simulate
from foedus.errors import CaseError
from foedus.judge.claims import judge
from foedus.judge.conditions import conditions
from foedus.live.desk import IN_LINE, BusyError, Desk, LeftError
from foedus.live.edits import changed
from foedus.live.guard import LARGEST_BODY, Pace
from foedus.live.serve import LiveError, listen, names_of, site_of
from foedus.live.server import MOST, PREVIEW, Site, application
from foedus.live.state import read
from foedus.live.view import Wish, arrives, chart
from foedus.report import words
from foedus.table import Table

HOME = "http://localhost"
NO_HURRY = Pace(each_second=1e6, at_once=1e6)


@pytest.fixture
def client(site: Site) -> Iterator[TestClient]:
    with TestClient(application(site, ("localhost",), NO_HURRY), base_url=HOME) as found:
        yield found


def ask(client: TestClient, state: str, **more: Any) -> Any:
    return client.post("/play", json={"state": state, "worlds": PREVIEW, **more})


async def here() -> bool:
    return False


def test_a_moved_case_gets_the_verdicts_that_its_saved_file_gets(
    client: TestClient, tmp_path: Path
) -> None:
    state = "a:rates.challenge=0.06~0.1&t:effort=shirks&w:light=denial&m:rare:hardly=7 %25"
    told = ask(client, state, claims=["rare"]).json()
    file = client.get(f"/case.yaml?{state}")
    assert "attachment" in file.headers["content-disposition"]
    case = sound(draft_text(file.text, "saved.yaml"))
    for verdict in judge(simulate(case, PREVIEW, out=tmp_path / "run")):
        if verdict.share is None:
            continue
        row = told["html"][f"row-{verdict.claim}"]
        assert f'value="{verdict.share.share}"' in row
        assert f"</span> {verdict.verdict}</span>" in row
        assert words.interval(verdict.share) in unescape(row)


def test_a_row_says_what_it_was_as_written_and_before(client: TestClient) -> None:
    moved = ask(client, "a:rates.challenge=0.05~0.06").json()["html"]["row-rare"]
    assert "as written: " in moved
    assert "as written" not in ask(client, "").json()["html"]["row-rare"]
    pinned = "a:rates.challenge=0.15~0.2&vs=a%3Arates.challenge%3D0.05~0.06"
    row = ask(client, pinned).json()["html"]["row-rare"]
    assert "before: " in row
    share = moved.partition('<data value="')[2].partition('"')[0]
    assert words.percent(float(share)) in row.partition("before: ")[2]


def test_only_rows_are_sent_of_a_chart_that_is_drawn_already(client: TestClient) -> None:
    first = ask(client, "").json()["charts"]
    shapes = {name: each["shape"] for name, each in first.items()}
    answer = ask(client, "a:rates.challenge=0.05~0.06", shapes=shapes)
    second = answer.json()["charts"]
    assert set(first) == set(second)
    assert all("spec" in each for each in first.values())
    assert not any("spec" in each for name, each in second.items() if name != "claim-shares")
    level = next(name for name in first if name.startswith("level-"))
    assert second[level]["data"] != first[level]["data"]
    assert answer.headers["content-encoding"] == "gzip"


def test_datasets_have_the_same_names_whatever_they_hold() -> None:
    spec = {"layer": [{"data": {"name": "data-9f"}}, {"data": {"name": "data-07"}},
                      {"data": {"name": "data-9f"}}], "title": {"data": 1},
            "datasets": {"data-07": [{"x": 1}], "data-9f": [{"x": 2}]}}  # fmt: skip
    found = chart(spec)
    assert found["data"] == {"t0": [{"x": 2}], "t1": [{"x": 1}]}
    assert [each["data"]["name"] for each in found["spec"]["layer"]] == ["t0", "t1", "t0"]
    assert "spec" not in chart(spec, found["shape"])


def test_an_open_claim_is_told_as_the_report_tells_it_with_what_moves_it(
    client: TestClient,
) -> None:
    card = ask(client, "", claims=["fewer"]).json()["html"]["card-fewer"]
    assert 'id="claim-fewer"' in card
    assert card.index('data-go="a:troops.cross_step.step"') < card.index('id="claim-fewer"')
    assert "card-rare" not in ask(client, "", claims=["fewer"]).json()["html"]


def test_when_an_open_claim_breaks_follows_the_state_and_is_what_python_says(
    client: TestClient, tmp_path: Path
) -> None:
    def when(state: str) -> str:
        asked = {"state": state, "worlds": 2_048, "claims": ["fewer", "open", "nobody"]}
        html = client.post("/later", json=asked).json()["html"]
        assert set(html) == {"when-fewer", "closing"}
        assert "comes along the routes" not in html["closing"]
        return unescape(re.sub(r"<[^>]+>", "", html["when-fewer"]))

    state = "a:troops.cross_step.step=-0.3~-0.05~0.2"
    case = sound(draft_text(client.get(f"/case.yaml?{state}").text, "saved.yaml"))
    told = conditions(simulate(case, 2_048, out=tmp_path / "run"), "fewer")
    assert told.boxes[0].limits[0].column == "troops.cross_step.step"
    assert told.boxes[0].words in when(state)
    assert told.boxes[0].words not in when("")
    assert "It fails in none of the 2,048 worlds" in when("a:troops.cross_step.step=-0.3~-0.2")


def test_curves_of_help_are_drawn_where_it_comes_along_routes(small_case: Case) -> None:
    half, days = [[0.0, 0.2], [0.1, 0.5], [0.2, 0.9]], (0, 10)
    found = Closing("C", 2030, 64, days, (4.0, 5.0, 6.0), {small_case.reference: half})
    drawn = arrives(cast("Table", SimpleNamespace(case=small_case)), found, Wish())
    assert "By when the help arrives" in drawn["html"]["closing"]
    assert "30 % of the promised help has arrived" in drawn["html"]["closing"]
    assert [row["p50"] for row in drawn["charts"]["closing"]["data"]["t0"]] == [10, 50]


def test_mistakes_are_told_with_their_controls(client: TestClient) -> None:
    answer = ask(client, "a:rates.challenge=2&m:rare:level=7")
    assert answer.status_code == 422
    assert {p["control"] for p in answer.json()["problems"]} == {
        "a:rates.challenge", "m:rare:level",
    }  # fmt: skip
    assert client.get("/case.yaml?a:rates.challenge=2").status_code == 422
    assert ask(client, "nonsense").json()["problems"][0]["control"] == ""


def test_a_link_made_with_another_case_file_says_so(client: TestClient, site: Site) -> None:
    old = ask(client, "v=1&case=00000000&a:rates.challenge=0.05~0.06").json()
    assert "has changed since" in old["note"]
    now = ask(client, f"v=1&case={site.base.fingerprint}&a:rates.challenge=0.05~0.06").json()
    assert now["note"] == ""


@pytest.mark.parametrize("path", [
    "/../pyproject.toml", "/%2e%2e/pyproject.toml", "/..%2fpyproject.toml", "/etc/passwd",
    "/live.js", "/templates/live.js", "/%00", "/case.yaml/../x", "//etc/passwd", "/docs",
    "/openapi.json", "/redoc",
])  # fmt: skip
def test_no_path_of_a_visitor_reaches_the_file_system(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_every_script_the_page_names_is_served_and_none_is_inline(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["content-security-policy"].startswith(
        "default-src 'none'; script-src 'self'; style-src 'self';"
    )
    assert "unsafe" not in page.headers["content-security-policy"]
    scripts = re.findall(r"<script([^>]*)>", page.text)
    assert all("src=" in each or 'type="application/json"' in each for each in scripts)
    assert not re.search(r"\son\w+=|\sstyle=", page.text)
    places = re.findall(r'(?:src|href)="(/[\w.-]+-[0-9a-f]{12}\.(?:js|css))"', page.text)
    script = client.get(next(each for each in places if re.match(r"/live-.*js$", each)))
    places += [f"/{name}" for name in re.findall(r'from "\./([\w.-]+)"', script.text)]
    assert len(places) == 6
    assert [client.get(place).status_code for place in places] == [200] * 6


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", ""])
def test_another_name_for_this_machine_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 421
    assert client.get("/", headers={"host": "LOCALHOST:8765"}).status_code == 200


def test_another_page_cannot_send_work_here(client: TestClient) -> None:
    for site_ in ("cross-site", "same-site"):
        headers = {"sec-fetch-site": site_}
        answer = client.post("/play", json={"state": "", "worlds": PREVIEW}, headers=headers)
        assert answer.status_code == 403
        assert client.get("/", headers=headers).status_code == 200  # a link may lead here


def test_a_body_beyond_the_limit_is_refused_told_or_not(client: TestClient) -> None:
    large = b"x" * (LARGEST_BODY + 1)
    assert client.post("/play", content=large).status_code == 413

    def in_parts() -> Iterator[bytes]:  # without a Content-Length
        for _ in range(10):
            yield b"x" * (LARGEST_BODY // 8)

    assert client.post("/play", content=in_parts()).status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        {"state": "", "worlds": MOST + PREVIEW},
        {"state": "", "worlds": 10**12},
        {"state": "", "worlds": PREVIEW + 1},
        {"state": "", "worlds": 0},
        {"state": "", "worlds": "2048"},
        {"state": "", "worlds": PREVIEW, "file": "/etc/passwd"},
        {"state": "", "worlds": PREVIEW, "claims": ["x"] * 100},
        {"state": "x" * 20_000, "worlds": PREVIEW},
        [],
        None,
    ],
)
def test_worlds_and_all_else_that_is_asked_have_bounds(client: TestClient, body: Any) -> None:
    assert client.post("/play", json=body).status_code == 422


def test_who_asks_too_often_is_told_to_wait(site: Site) -> None:
    app = application(site, ("localhost",), Pace(each_second=0.001, at_once=3))
    with TestClient(app, base_url=HOME) as hurried:
        assert [hurried.get("/").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_a_pace_forgives_with_time_and_forgets_the_oldest() -> None:
    pace = Pace(each_second=1, at_once=2, addresses=2)
    assert [pace.allows("a", 0.0) for _ in range(3)] == [True, True, False]
    assert pace.allows("a", 1.0)
    assert not pace.allows("a", 1.5)
    assert pace.allows("b", 1.5)
    assert pace.allows("c", 1.5)
    assert len(pace._left) == 2


def test_few_may_wait_and_who_leaves_the_line_is_not_worked_for(site: Site) -> None:
    async def crowd() -> tuple[str, int]:
        desk = Desk(site.desk.player)
        left = False

        async def gone() -> bool:
            return left

        async def wait() -> str:
            try:
                async with desk.turn(gone):
                    return "served"
            except LeftError:
                return "left"

        async with desk.turn(here):
            waiting = [asyncio.ensure_future(wait()) for _ in range(IN_LINE)]
            await asyncio.sleep(0)
            with pytest.raises(BusyError):
                async with desk.turn(here):
                    pass
            left = True
            found = await asyncio.gather(*waiting)
        async with desk.turn(here):  # the desk is free again
            pass
        desk.close()
        return found[0], len(set(found))

    assert asyncio.run(crowd()) == ("left", 1)


def test_blocks_are_not_played_for_who_has_left(site: Site) -> None:
    async def leave() -> None:
        async def gone() -> bool:
            return True

        case = changed(site.base, read("a:rates.challenge=0.11~0.12"))
        with pytest.raises(LeftError):
            await site.desk.play(case, PREVIEW, gone)

    before = len(site.desk.player._blocks)
    asyncio.run(leave())
    assert len(site.desk.player._blocks) == before


def test_when_too_many_wait_the_page_is_told_so(
    client: TestClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site.desk, "_in_line", IN_LINE + 1)
    answer = ask(client, "")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert "waiting already" in answer.json()["refused"]


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "\n".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join([f'*{chr(97 + i)}'] * 9)}]" for i in range(9)
)


def test_an_expansion_without_end_is_refused_at_once() -> None:
    began = time.process_time()
    with pytest.raises(CaseError, match="parts once its aliases"):
        read_text(BOMB, "bomb.yaml")
    assert time.process_time() - began < 20


def test_python_in_yaml_is_never_made() -> None:
    with pytest.raises(CaseError, match="refused"):
        read_text("foedus: !!python/object/apply:os.system ['true']\n", "bad.yaml")


def test_a_case_too_large_to_answer_at_once_is_refused_before_it_is_compiled() -> None:
    sets = "{base.delay: {exactly: 1, unit: years, source: made}}"
    many = {f"o{i}": f"{{says: One more., sets: {sets}}}" for i in range(45)}
    found = (
        text()
        .replace("years: [2030, 2030]", "years: [2030, 2089]")
        .replace(
            "\nsources:", "".join(f"\n  {n}: {says}" for n, says in many.items()) + "\nsources:"
        )
    )
    pairs = "".join(
        f"T{i}: {{challenger: S{i}, target: Host, helper: Helper, rivals: false}}, "
        for i in range(3)
    )
    found = found.replace("threats: {", "threats: {" + pairs)
    actors = "".join(f"S{i}: {{name: S{i}}}, " for i in range(3))
    forces = "".join(
        f"  forces.S{i}: {{exactly: 1, unit: brigades, source: made}}\n" for i in range(3)
    )
    found = found.replace("actors: {", "actors: {" + actors)
    found = found.replace("assumptions:\n", "assumptions:\n" + forces, 1)
    case = sound(draft_text(found, "large.yaml"))
    with pytest.raises(LiveError, match="too much for a page"):
        site_of(case)


SCRIPT = "</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def hostile(small_case: Case) -> Iterator[Site]:
    found = text().replace("a base makes war less likely", SCRIPT)
    found = found.replace("title: The worked", f"title: {SCRIPT} The worked")
    found = found.replace("Fewer disputes.", f'"{SCRIPT}"').replace("Dear.", f'"{SCRIPT}"')
    site = site_of(sound(draft_text(found, "hostile.yaml")))
    yield site
    site.desk.close()


def test_what_a_case_says_is_text_on_the_page_and_in_every_answer(hostile: Site) -> None:
    with TestClient(application(hostile, ("localhost",), NO_HURRY), base_url=HOME) as client:
        page = client.get("/").text
        assert "<img" not in page
        assert page.count("</script>") == page.count("<script")
        told = ask(client, "a:rates.challenge=0.05~0.06", claims=["fewer"]).json()
        assert not any("<img" in each for each in told["html"].values())
        assert "&lt;img" in told["html"]["row-fewer"]


@pytest.mark.parametrize("state", [
    "a:forces.Rival=1e-300~1e300", "a:timing.travel=0~1e308", "a:rates.challenge=nan",
    "a:prices.rent=inf", "a:prices.rent=0~1e308",
    "a:troops.cross_step.step=-1e308~1e308", "o:sent:base.troops=0~1e308", "m:rare:level=1e308",
    "a:rates.challenge=1e99999", "a:rates.challenge=" + "9" * 399,
])  # fmt: skip
def test_a_huge_range_is_refused_in_words_or_played_and_ends(
    client: TestClient, state: str
) -> None:
    answer = ask(client, state, claims=["fewer", "rare"])
    said = json.loads(answer.text, parse_constant=pytest.fail)  # no NaN, no Infinity
    if answer.status_code == 422:
        assert all(problem["what"] for problem in said["problems"])
    else:
        assert answer.status_code == 200
        assert said["sound"] + said["refused"] == said["worlds"]


def test_the_page_is_this_machine_s_alone_unless_told() -> None:
    with listen("127.0.0.1", 0) as found:
        port = found.getsockname()[1]
        assert found.getsockname()[0] == "127.0.0.1"
        found.listen()
        with pytest.raises(LiveError, match="in use"):
            listen("127.0.0.1", port)
    assert "localhost" in names_of("127.0.0.1", ())
    assert names_of("0.0.0.0", ("Desk.example",))[-1] == "desk.example"
    with pytest.raises(LiveError, match="--name"):
        names_of("0.0.0.0", ())
