"""What stands before the page: which hosts, how large, how often, and what a browser may do.

The server computes for whoever reaches it and keeps nothing, so what is guarded is the machine's
time, and the reader's browser against other pages: a page elsewhere can neither read this one
(host check, against DNS rebinding) nor send it work (Sec-Fetch-Site).
"""

import time
from collections import OrderedDict
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 64_000  # bytes
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_OWN = ("same-origin", "none", "")  # where a request may come from; old browsers do not say


@dataclass
class Pace:
    """How often one address may ask: a bucket of tokens that fills at a steady rate."""

    each_second: float = 20.0
    at_once: float = 40.0
    addresses: int = 1_000  # remembered; the one not seen for longest is forgotten first
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def allows(self, address: str, now: float) -> bool:
        """Whether `address` may ask now; `now` in seconds, from any start."""
        left, then = self._left.pop(address, (self.at_once, now))
        left = min(self.at_once, left + (now - then) * self.each_second)
        allowed = left >= 1.0
        self._left[address] = (left - allowed, now)
        while len(self._left) > self.addresses:
            self._left.popitem(last=False)
        return allowed


class Guard:
    """Middleware around the whole application."""

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...], pace: Pace) -> None:
        """`hosts`: the names under which a browser may ask, without a port."""
        self.app, self.hosts, self.pace = app, hosts, pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a refusal, or pass the request on."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        body = _Body(receive)

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
                if body.too_large:  # whatever the application made of what it could not read
                    message["status"] = 413
            await send(message)

        refusal = self._refusal(scope)
        await (refusal or self.app)(scope, body.receive, marked)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        if _name(headers.get("host", "")) not in self.hosts:
            return _refuse(421, "This server does not go by that name.")
        if headers.get("sec-fetch-site", "") not in _OWN and scope["path"] != "/":
            return _refuse(403, "Another page may not ask here.")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            return _refuse(413, "That is too much to send at once.")
        address = (scope.get("client") or ("",))[0]
        if not self.pace.allows(address, time.monotonic()):
            return _refuse(429, "Too many requests at once; wait a moment.")
        return None


def _refuse(status: int, why: str) -> JSONResponse:
    return JSONResponse({"refused": why}, status)


def _name(host: str) -> str:
    """A Host header without its port; an address of IPv6 keeps its brackets."""
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    return host.partition(":")[0].lower()


class _Body:
    """A body that is read no further than the limit, also where nobody said how long it is."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self._size = receive, 0

    @property
    def too_large(self) -> bool:
        return self._size > LARGEST_BODY

    async def receive(self) -> Message:
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if self.too_large:
            raise ValueError("a body beyond the limit")
        return message
