"""Who computes now: one request at a time over all cores, a few in line, the rest told to wait."""

import asyncio
import os
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

from foedus.case.schema import Case
from foedus.engine.closing import Closing, closing
from foedus.errors import FoedusError
from foedus.judge.claims import Verdict, verdicts
from foedus.judge.screens import keeping
from foedus.live.played import Block, Played, Player, joined, pieces_of

T = TypeVar("T")
IN_LINE = 6  # requests that may wait; a page sends one at a time
LOOK = 0.2  # seconds after which one looks again whether who waits is still there
FOLLOWED = 512  # worlds in which help is followed on its way
JUDGED = 32  # cases whose verdicts are remembered: those that others are compared with

Gone = Callable[[], Awaitable[bool]]  # whether who asked has left


class BusyError(FoedusError):
    """Too many others are waiting already."""


class LeftError(FoedusError):
    """Who asked has left, so nobody needs the answer."""


class Desk:
    """Computes off the event loop."""

    def __init__(self, player: Player) -> None:
        """Threads as many as cores: a piece uses one."""
        self.player = player
        self.cores = os.cpu_count() or 1
        self._threads = ThreadPoolExecutor(self.cores, thread_name_prefix="foedus")
        self._turn = asyncio.Semaphore(1)
        self._in_line = 0
        self._judged = OrderedDict[tuple[str, int], list[Verdict]]()

    @asynccontextmanager
    async def turn(self, gone: Gone) -> AsyncIterator[None]:
        """A turn at the desk.

        Raises:
            BusyError: if too many are in line.
            LeftError: if who asked has left the line.
        """
        if self._in_line > IN_LINE:
            raise BusyError(f"{IN_LINE} others are waiting already; try again in a moment.")
        self._in_line += 1
        mine = asyncio.ensure_future(self._turn.acquire())
        try:
            while not mine.done():
                await asyncio.wait({mine}, timeout=LOOK)
                if not mine.done() and await gone():
                    raise LeftError
            yield
        finally:
            self._in_line -= 1
            if mine.done() and not mine.cancelled():
                self._turn.release()
            mine.cancel()

    async def do(self, work: Callable[..., T], *given: object) -> T:
        """Do something in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *given)

    async def play(self, case: Case, worlds: int, gone: Gone) -> Played:
        """Play a case, a piece a core at a time; stop if nobody waits for it any more.

        Raises:
            LeftError: if who asked has left.
        """
        job = await self.do(self.player.job, case, worlds)
        pieces, made = pieces_of(worlds), list[Block]()
        for first in range(0, len(pieces), self.cores):
            if await gone():
                raise LeftError
            these = pieces[first : first + self.cores]
            made += await asyncio.gather(
                *(self.do(self.player.block, job, piece) for piece in these)
            )
        return await self.do(joined, job, made)

    async def follow(self, table: Played, gone: Gone) -> Closing | None:
        """When help comes, in the first of the worlds; None where it comes along no routes.

        Raises:
            LeftError: if who asked has left.
        """
        if await gone():
            raise LeftError
        first = keeping(table).sound["world"].to_numpy()
        first = first[first < FOLLOWED]
        return await self.do(closing, table.case, first, self.player.seed)

    async def judged(self, case: Case, worlds: int, gone: Gone) -> list[Verdict]:
        """The verdicts on a case, remembered: it is what others are compared with."""
        key = (case.model_dump_json(), worlds)
        if key not in self._judged:
            found = await self.do(verdicts, await self.play(case, worlds, gone))
            self._judged[key] = found
        while len(self._judged) > JUDGED:
            self._judged.popitem(last=False)
        return self._judged[key]

    def close(self) -> None:
        """Let threads end."""
        self._threads.shutdown(cancel_futures=True)
