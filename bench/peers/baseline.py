"""The baseline: a WSGI application written by hand, with psycopg and orjson. It is not maintainable."""

import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson
import psycopg

from bench.peers import wire

IDS = ("organizationId", "userId")
FLAGS = ("currentMembershipsOnly", "publicPrivacyFilter")

local = threading.local()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    started = time.perf_counter()
    headers: dict[str, str] = {}
    try:
        status, body = "200 OK", answer(environ, headers)
    except wire.BadRequest as refused:
        status, body = f"{refused.status} Refused", orjson.dumps({"detail": str(refused)})
    headers["Content-Type"] = "application/json; charset=utf-8"
    headers["Content-Length"] = str(len(body))
    start_response(status, list(headers.items()))
    milliseconds = (time.perf_counter() - started) * 1000
    sys.stderr.write(f"{time.time():.3f} GET {environ['PATH_INFO']} {status[:3]} {milliseconds:.1f}\n")
    return [body]


def answer(environ: dict[str, Any], headers: dict[str, str]) -> bytes:
    connection = connected()
    authenticate(connection, environ.get("HTTP_AUTHORIZATION", ""), headers)
    if environ["PATH_INFO"] != "/api/memberships":
        raise wire.BadRequest(404, "There is no such resource.")
    page, size, asked = read(environ["QUERY_STRING"])
    values = {**asked, "limit": size, "offset": (page - 1) * size}
    if "userId" in asked or "username" in asked:
        rows = fetch(connection, "person", values)
    elif "ModifiedOnStart" in asked:
        rows = fetch(connection, "modified", values)
    else:
        rows = fetch(connection, "roster", values)
    total = values["offset"] + len(rows)
    if len(rows) == size or (page > 1 and not rows):
        [(total,)] = fetch(connection, "count", asked)
    if total > page * size:
        query = urlencode({**dict(parse_qsl(environ["QUERY_STRING"])), "page": page + 1})
        headers["Link"] = f'<http://{environ["HTTP_HOST"]}/api/memberships?{query}>; rel="next"'
    envelope = {
        "pageNumber": page,
        "pageSize": size,
        "totalItems": total,
        "totalPages": -(-total // size),
        "items": [item(*row) for row in rows],
    }
    return orjson.dumps(envelope)


def connected() -> "psycopg.Connection[Any]":
    """This thread's connection."""
    connection = getattr(local, "connection", None)
    if connection is None or connection.closed:
        local.connection = connection = psycopg.connect(
            wire.DATABASE_URL, autocommit=True, cursor_factory=psycopg.RawCursor, prepare_threshold=0
        )
    return connection


def fetch(connection: "psycopg.Connection[Any]", name: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    sql, names = wire.statement(name, tuple(values))
    return connection.execute(sql, [values[name] for name in names], binary=True).fetchall()


def authenticate(connection: "psycopg.Connection[Any]", authorization: str, headers: dict[str, str]) -> None:
    prefix, secret_hash = wire.shown_key(authorization)
    now = time.time_ns() // 1_000_000
    values = {"prefix": prefix, "secret_hash": secret_hash, "now": now, "window": now - wire.WINDOW}
    found = fetch(connection, "authenticate", values)
    if not found:
        raise wire.BadRequest(401, "This key is not known here.")
    rate, audience, is_limited, networks, used, started_at = found[0]
    wire.refuse_other_audiences(audience, is_limited, networks)
    headers |= wire.limit_headers(rate, used, started_at, now)


def read(query: str) -> tuple[int, int, dict[str, Any]]:
    """The page, its size, and what is asked, by the names that the SQL knows."""
    page, size = 1, wire.DEFAULT_PAGE_SIZE
    asked: dict[str, Any] = {}
    for name, text in parse_qsl(query, keep_blank_values=True):
        if name == "page":
            page = wire.number(name, text, least=1)
        elif name == "pageSize":
            size = min(wire.number(name, text, least=1), wire.LARGEST_PAGE_SIZE)
        elif name in IDS:
            asked[name] = wire.number(name, text)
        elif name == "username":
            asked[name] = wire.search_key(text)
        elif name == "publicPrivacyFilter":
            asked[name] = wire.flag(name, text)
        elif name == "currentMembershipsOnly":
            if wire.flag(name, text):
                asked["today"] = wire.today()
        elif name == "ModifiedOnStart":
            asked[name] = wire.instant(name, text)
        else:
            raise wire.BadRequest(400, f"{name} is not known here.")
    return page, size, asked


def item(
    number: int,
    organization_id: int,
    organization_name: str,
    organization_short_name: str,
    template_id: int,
    template_name: str,
    type_id: int,
    type_name: str,
    position_id: int,
    position_name: str,
    user_id: int,
    username: str,
    first_name: str,
    last_name: str,
    email: str,
    recorded_start: Any,
    recorded_end: Any,
    reported_start: Any,
    reported_end: Any,
    shown_on_campus: bool,
    shown_on_public: bool,
    created_at: Any,
    modified_at: Any,
) -> dict[str, Any]:
    return {
        "membershipId": number,
        "organizationId": organization_id,
        "organizationName": organization_name,
        "organizationShortName": organization_short_name,
        "positionTemplateId": template_id,
        "positionTemplateName": template_name,
        "positionTypeId": type_id,
        "positionTypeName": type_name,
        "positionId": position_id,
        "positionName": position_name,
        "userId": user_id,
        "username": username,
        "userFirstName": first_name,
        "userLastName": last_name,
        "userCampusEmail": email,
        "positionRecordedStartDate": wire.midnight(recorded_start),
        "positionRecordedEndDate": wire.midnight(recorded_end),
        "positionReportedStartDate": wire.midnight(reported_start),
        "positionReportedEndDate": wire.midnight(reported_end),
        "reflection": "",
        "userShownOnCampusRoster": shown_on_campus,
        "userShownOnPublicRoster": shown_on_public,
        "deleted": False,
        "createdOn": wire.milliseconds(created_at),
        "modifiedOn": wire.milliseconds(modified_at),
    }
