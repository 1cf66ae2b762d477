"""The OpenAPI descriptions of headers and errors. tests/schema compares them with real responses."""

from dataclasses import dataclass
from typing import Any


def _header(text: str, *, always: bool = False, **schema: Any) -> dict[str, Any]:
    """A header; `always` marks one that every response has."""
    required = {"required": True} if always else {}
    return {"description": text, **required, "schema": {"type": "string", **schema}}


HEADERS = {
    "X-Request-Id": _header(
        "The id of this request in the server's log: the one you sent, or a new one.",
        always=True,
        pattern="^[A-Za-z0-9._-]{1,64}$",
    ),
    "Cache-Control": _header(
        "What a cache may do: `private, no-cache` with a credential, `no-store` with one in the URL and for errors, "
        "`public, no-cache` without a credential, if the campus allows that.",
        always=True,
    ),
    "Vary": _header("The request headers that the response depends on."),
    "Allow": _header("The methods that this path supports."),
    "X-RateLimit-Limit": _header(
        "Requests per minute that the key may make, or the address if there is no key.", type="integer", minimum=1
    ),
    "X-RateLimit-Remaining": _header("Requests left in this minute.", type="integer", minimum=0),
    "X-RateLimit-Reset": _header("Seconds until the minute ends.", type="integer", minimum=1, maximum=60),
    "Link": _header('The URL of the next page, `<...>; rel="next"`, without your credential; absent on the last page.'),
    "WWW-Authenticate": _header("How to send a credential."),
    "Retry-After": _header("Seconds to wait before the next request.", type="integer", minimum=1),
    "Access-Control-Allow-Origin": _header("The origin of the request, if the campus allows it to read the response."),
    "Access-Control-Expose-Headers": _header("The headers that scripts of that origin may read."),
    "X-Content-Type-Options": _header("For browsers: `nosniff`."),
    "X-Frame-Options": _header("For browsers: `DENY`."),
    "Referrer-Policy": _header("For browsers: `same-origin`."),
    "Cross-Origin-Opener-Policy": _header("For browsers: `same-origin`."),
    "Content-Security-Policy": _header("For browsers: what a page may load."),
    "Strict-Transport-Security": _header("For browsers: use only HTTPS from now on. Only if the site uses HTTPS."),
}

_BROWSER_HEADERS = (
    *("Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "X-Content-Type-Options", "X-Frame-Options"),
    *("Referrer-Policy", "Cross-Origin-Opener-Policy", "Strict-Transport-Security"),
)
_RATE_HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
_ALL = ("X-Request-Id", "Cache-Control", "Vary", "Allow")
OPEN_HEADERS: tuple[str, ...] = (*_ALL, *_BROWSER_HEADERS, "Content-Security-Policy")
USUAL_HEADERS: tuple[str, ...] = (*_ALL, *_RATE_HEADERS, *_BROWSER_HEADERS)
LIST_HEADERS: tuple[str, ...] = ("Link", *USUAL_HEADERS)
_UNREAD: tuple[str, ...] = (
    *("X-Request-Id", "Cache-Control", "Vary", "Access-Control-Allow-Origin", "Access-Control-Expose-Headers"),
)
"""Headers of responses to requests that are refused before they are parsed (config/error_responses.py)."""

REQUEST_ID: dict[str, Any] = {
    "name": "X-Request-Id",
    "in": "header",
    "description": "An id that you choose for this request, to find it in the server's log.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
}

PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail", "requestId"],
    "properties": {
        "type": {"type": "string", "enum": ["about:blank"], "description": "The kind of error is given by `status`."},
        "title": {"type": "string", "description": "The name of the status."},
        "status": {"type": "integer", "format": "int32", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What went wrong, in a sentence."},
        "requestId": {"type": "string", "description": "The id of the request in the server's log."},
        "errors": {
            "type": "array",
            "minItems": 1,
            "description": "With status 400: each parameter that is not accepted.",
            "items": {
                "type": "object",
                "required": ["parameter", "detail"],
                "properties": {
                    "parameter": {"type": "string"},
                    "detail": {"type": "string", "description": "What would be accepted."},
                },
            },
        },
    },
}


@dataclass(frozen=True)
class Error:
    """An error response of the API."""

    name: str
    text: str
    headers: tuple[str, ...] = USUAL_HEADERS
    always: tuple[str, ...] = ()
    """Headers that this error always has."""


ERRORS = {
    "400": Error("BadRequest", "A parameter is unknown, repeated, empty or malformed; `errors` lists each."),
    "401": Error(
        "Unauthorized",
        "No credential, more than one, or one that is unknown, expired, revoked or used from another address.",
        headers=("WWW-Authenticate", *USUAL_HEADERS),
        always=("WWW-Authenticate",),
    ),
    "403": Error("Forbidden", "The audience of the credential may not make this request."),
    "404": Error("NotFound", "Nothing has this id, or you may not see it."),
    "405": Error("MethodNotAllowed", "The method is not GET or HEAD.", always=("Allow",)),
    "406": Error("NotAcceptable", "The Accept header allows no media type that is available here."),
    "408": Error("RequestTimeout", "The request did not arrive in ten seconds.", headers=_UNREAD),
    "414": Error("UriTooLong", "The request line is longer than 8,190 bytes.", headers=_UNREAD),
    "417": Error("ExpectationFailed", "The Expect header is not `100-continue`.", headers=_UNREAD),
    "429": Error(
        "TooManyRequests",
        "The key has reached its rate limit, or the address if there is no key.",
        headers=("Retry-After", *USUAL_HEADERS),
        always=("Retry-After", *_RATE_HEADERS),
    ),
    "431": Error("HeadersTooLarge", "More than 100 headers, or one of more than 8,190 bytes.", headers=_UNREAD),
    "500": Error("ServerError", "An error in the server. Its log has the details under the `requestId`."),
    "501": Error("NotImplemented", "The Transfer-Encoding of the request is not supported.", headers=_UNREAD),
    "503": Error(
        "Unavailable",
        "The database does not answer, or the items of a list have to be counted while other large lists are counted.",
        headers=("Retry-After", *USUAL_HEADERS),
        always=("Retry-After",),
    ),
}
