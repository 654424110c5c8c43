"""`foedus live CASE`: read, compile and play before the first visitor, then serve."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import uvicorn

from foedus.case.schema import Case
from foedus.engine.closing import closing
from foedus.errors import FoedusError
from foedus.live.desk import FOLLOWED, Desk
from foedus.live.edits import base_of
from foedus.live.guard import Guard
from foedus.live.page import assets, html
from foedus.live.played import Player, joined, pieces_of
from foedus.live.server import CLOSER, MOST, PREVIEW, USUAL, Site, application

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
LARGEST = 6_000  # options x threats x years: about the work that one world is


class LiveError(FoedusError):
    """The page cannot be served."""


def site_of(case: Case, seed: int = 0) -> Site:
    """Everything that is served of a case: it is compiled and played here.

    Raises:
        LiveError: if a world of the case is too much work for a page that answers at once.
    """
    work = len(case.options) * len(case.threats) * case.horizon
    if work > LARGEST:
        raise LiveError(
            f"{case.file} has {len(case.options)} options x {len(case.threats)} threats x "
            f"{case.horizon} years: too much for a page that answers at once. Use `foedus run`."
        )
    player, base = Player(seed), base_of(case)
    job = player.job(case, CLOSER[-1])
    table = joined(job, [player.block(job, piece) for piece in pieces_of(CLOSER[-1])])
    closing(
        case, table.sound["world"].to_numpy()[:FOLLOWED], seed
    )  # compiled, where help has routes
    places, found = assets()
    counts = {"preview": PREVIEW, "closer": CLOSER, "usual": USUAL, "most": MOST}
    return Site(base, html(base, table, places, counts), found, Desk(player))


def listen(host: str, port: int) -> socket.socket:
    """A socket that browsers can reach.

    Raises:
        LiveError: if the port is taken, or the host is not of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
    except (OSError, OverflowError) as error:
        found.close()
        why = getattr(error, "strerror", None) or str(error)
        raise LiveError(
            f"Cannot listen on {host}, port {port}: {why.lower()}. Try --port 0."
        ) from None
    return found


def names_of(host: str, names: Sequence[str]) -> tuple[str, ...]:
    """The names by which browsers may ask for the page.

    Raises:
        LiveError: if the page is to be reached from elsewhere and no name is given.
    """
    if host in ("127.0.0.1", "localhost", "::1"):
        return (*LOOPBACK, *(name.lower() for name in names))
    if host in ("0.0.0.0", "::") and not names:
        raise LiveError(
            f"--host {host} needs --name: the name by which browsers reach this machine"
        )
    return (*LOOPBACK, f"[{host}]" if ":" in host else host.lower(), *(n.lower() for n in names))


def serve(
    site: Site, found: socket.socket, names: tuple[str, ...], ready: Callable[[], None]
) -> None:
    """Serve until interrupted; `ready` is called once browsers can ask."""
    config = uvicorn.Config(
        application(site, names), log_level="warning", access_log=False, server_header=False,
        date_header=False, ws="none", limit_concurrency=64, timeout_keep_alive=30,
        timeout_graceful_shutdown=1, proxy_headers=False,
    )  # fmt: skip
    ready()
    try:
        uvicorn.Server(config).run(sockets=[found])
    finally:
        site.desk.close()


@contextmanager
def beside(app: Guard) -> Iterator[str]:
    """A page that is served from a thread, for as long as one is within; gives its address."""
    running = uvicorn.Server(
        uvicorn.Config(app, log_level="error", ws="none", timeout_graceful_shutdown=1)
    )
    with listen("127.0.0.1", 0) as found:
        thread = threading.Thread(target=running.run, kwargs={"sockets": [found]}, daemon=True)
        thread.start()
        while not running.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{found.getsockname()[1]}/"
        running.should_exit = True
        thread.join(30)
