"""Gunicorn's worker, which shares connections with its like, and has the API's one shape of errors also for requests
that never reach the application."""

import logging
import time
from http import HTTPStatus
from secrets import token_hex
from typing import Any

import orjson
from django.http import HttpRequest
from gunicorn.http import errors
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

logger = logging.getLogger("roster.refused")

REFUSALS: tuple[tuple[type[Exception], int, str], ...] = (
    (errors.InvalidResponseHeader, 500, ""),
    (errors.InvalidResponseHeaderName, 500, ""),
    (errors.LimitRequestLine, 414, "The address of a request may be 8190 bytes long, its query included."),
    (errors.LimitRequestHeaders, 431, "A request may have 100 headers, each 8190 bytes long."),
    (errors.ExpectationFailed, 417, "The server cannot meet what the Expect header asks."),
    (errors.UnsupportedTransferCoding, 501, "The server does not know this transfer coding."),
    (errors.ParseException, 400, "The server cannot make sense of this request."),
)
"""What gunicorn refuses before it has a request to hand on, with status and detail; the first that fits counts."""


YIELD = 0.001
"""Seconds for which a busy worker leaves a new connection to the others."""


class Worker(ThreadWorker):
    def accept(self, listener: Any) -> None:
        """Take a new connection, after the others where all threads are busy here.

        A connection stays with the worker that took it. One that takes all that come at the same moment would answer
        alone, and the others would have nothing to do for as long as they are kept alive.
        """
        if self.nr_conns - len(self.keepalived_conns) - len(self.pending_conns) >= self.cfg.threads:
            time.sleep(YIELD)
        super().accept(listener)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer a request that could not be read. Its text is not logged: it may hold a key."""
        refusals = ((status, detail) for kind, status, detail in REFUSALS if isinstance(exc, kind))
        status, detail = next(refusals, (500, ""))
        request_id = token_hex(16)
        fields = {"request_id": request_id, "status": status, "reason": type(exc).__name__}
        if status == 500:
            logger.error("A request failed outside the application.", exc_info=exc, extra={"fields": fields})
        else:
            logger.info("A request was refused before it was read.", extra={"fields": fields})
        try:
            write_nonblock(client, answer(status, detail, request_id))
        except OSError:
            logger.debug("The answer to a refused request could not be sent.")


def answer(status: int, detail: str, request_id: str) -> bytes:
    """A whole HTTP answer with a problem in it, after which the connection closes."""
    from roster.api.errors import MEDIA_TYPE, SERVER_FAILED, problem  # needs the application, which is loaded by now

    request = HttpRequest()
    request.request_id = request_id  # type: ignore[attr-defined]
    body = orjson.dumps(problem(request, status, detail or SERVER_FAILED))
    lines = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        "Connection: close",
        f"Content-Type: {MEDIA_TYPE}",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        f"X-Request-Id: {request_id}",
    )
    return "\r\n".join((*lines, "", "")).encode() + body
