"""The what-if page: the report's own templates over a live engine.

    GET  /            the page, as the case is written
    POST /play        a state -> what the page must change: a few fragments, rows of charts
    POST /later       a state -> the same of what takes longer, asked for once nothing moves
    GET  /case.yaml   a state -> a case file that says it
    GET  /<name>-<hash>.<css|js>    scripts and style, made at start

A state comes with every request (`foedus.live.state`) and nothing is kept of it. No path of a
request is ever a path of the file system: assets are looked up in a table by their whole name.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.middleware.gzip import GZipMiddleware

from foedus.errors import CaseError, Problem
from foedus.judge.claims import Verdict
from foedus.live import state as states
from foedus.live.desk import BusyError, Desk, Gone, LeftError
from foedus.live.edits import Base, changed, control_of
from foedus.live.guard import Guard, Pace
from foedus.live.page import Asset
from foedus.live.saved import saved
from foedus.live.state import State, StateError
from foedus.live.view import Before, Wish, arrives, breaks, shown

PREVIEW = 128  # worlds that are played while a hand moves
CLOSER = (512, 2_048)  # once it rests, one after the other
USUAL, MOST = 16_384, 65_536  # soon after, and on demand
_CASE_FILE = "/case.yaml"

Short = Annotated[str, StringConstraints(max_length=120)]


class Asked(BaseModel):
    """What a page asks for."""

    model_config = ConfigDict(extra="forbid", strict=True)

    state: Annotated[str, StringConstraints(max_length=states.LONGEST)]
    worlds: Annotated[int, Field(ge=PREVIEW, le=MOST, multiple_of=PREVIEW)]
    claims: Annotated[list[Short], Field(max_length=8)] = []
    outcome: Short = ""
    shapes: Annotated[dict[Short, Short], Field(max_length=200)] = {}


@dataclass(frozen=True)
class Site:
    """What is served: made once, before the first visitor."""

    base: Base
    page: str
    assets: dict[str, Asset]
    desk: Desk


def application(site: Site, hosts: tuple[str, ...], pace: Pace | None = None) -> Guard:
    """The web application.

    Args:
        site: what is served.
        hosts: the names under which browsers may ask.
        pace: how often one address may ask.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    app.add_exception_handler(RequestValidationError, _not_understood)

    @app.get("/")
    async def page() -> HTMLResponse:
        return HTMLResponse(site.page, headers={"Cache-Control": "no-store"})

    @app.post("/play")
    async def play(asked: Asked, request: Request) -> Response:
        return await _told(site, partial(_played, site, asked, request.is_disconnected))

    @app.post("/later")
    async def later(asked: Asked, request: Request) -> Response:
        return await _told(site, partial(_later, site, asked, request.is_disconnected))

    @app.get(_CASE_FILE)
    async def case_file(request: Request) -> Response:
        ask = partial(_saved, site, request.url.query, request.is_disconnected)
        return await _told(site, ask)

    @app.get("/{name}")
    async def asset(name: str) -> Response:
        found = site.assets.get(f"/{name}")
        if found is None:
            return JSONResponse({"refused": "There is nothing of that name."}, 404)
        lasting = {"Cache-Control": "max-age=31536000, immutable"}
        return Response(found.content, media_type=found.kind, headers=lasting)

    return Guard(app, hosts, pace or Pace())


async def _played(site: Site, asked: Asked, gone: Gone) -> Response:
    wanted = states.read(asked.state)
    desk, base = site.desk, site.base
    case = await desk.do(changed, base, wanted)
    other = wanted.against or State()
    compared = await desk.do(changed, base, other)
    async with desk.turn(gone):
        table = await desk.play(case, asked.worlds, gone)
        before = None
        if wanted.edits != other.edits:
            was = await desk.judged(compared, asked.worlds, gone)
            before = Before("before" if other.edits else "as written", by_claim(was))
        wish = Wish(tuple(asked.claims), asked.outcome, asked.shapes)
        found = await desk.do(shown, table, wish, before)
    stale = wanted.case not in ("", base.fingerprint)
    note = "The case file has changed since this link was made." if stale else ""
    count = {"worlds": asked.worlds, "sound": len(table.sound), "refused": table.refused}
    return JSONResponse({**count, "note": note, **found})


async def _later(site: Site, asked: Asked, gone: Gone) -> Response:
    desk = site.desk
    case = await desk.do(changed, site.base, states.read(asked.state))
    async with desk.turn(gone):
        table = await desk.play(case, asked.worlds, gone)
        curves = await desk.follow(table, gone)
        found = await desk.do(arrives, table, curves, Wish(shapes=asked.shapes))
        for claim in asked.claims:
            if await gone():
                raise LeftError
            found["html"] |= await desk.do(breaks, table, claim)
    return JSONResponse(found)


async def _saved(site: Site, query: str, gone: Gone) -> Response:
    wanted = states.read(query)
    async with site.desk.turn(gone):
        text = await site.desk.do(saved, site.base, wanted)
    name = site.base.case.file.removesuffix(".yaml").removesuffix(".yml")
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in name)[:60]
    attached = {"Content-Disposition": f'attachment; filename="{plain}-changed.yaml"'}
    return Response(text, media_type="application/yaml", headers=attached)


async def _told(site: Site, answer: Callable[[], Awaitable[Response]]) -> Response:
    """An answer, or in plain words why there is none."""
    try:
        return await answer()
    except CaseError as error:
        problems = [_problem(each, site.base) for each in error.problems]
        return JSONResponse({"problems": problems}, 422)
    except StateError as error:
        return JSONResponse({"problems": [{"control": "", "what": str(error), "hint": ""}]}, 422)
    except BusyError as error:
        return JSONResponse({"refused": str(error)}, 503, headers={"Retry-After": "1"})
    except LeftError:
        return Response(status_code=499)
    except asyncio.CancelledError:  # the server is stopping, with someone still waiting
        return JSONResponse({"refused": "The server has stopped."}, 503)


def _problem(problem: Problem, base: Base) -> dict[str, str]:
    return {
        "control": control_of(problem, base.case),
        "what": problem.what,
        "hint": problem.hint,
    }


async def _not_understood(_: Request, error: Exception) -> Response:
    return JSONResponse({"refused": "This is not what the page asks."}, 422)


def by_claim(found: list[Verdict]) -> dict[str, Verdict]:
    """Verdicts by the name of their claim, of the claims that were tested."""
    return {verdict.claim: verdict for verdict in found if verdict.share is not None}
