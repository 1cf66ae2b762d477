"""What the two FastAPI peers do before they look for rows: the engine, the key, the parameters, the log line."""

import time
from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import FastAPI, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy import Select, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine

from bench.peers import wire
from bench.peers.tables import Membership, Organization, Position, User

engine = create_async_engine(
    wire.DATABASE_URL.replace("postgres://", "postgresql+asyncpg://"),
    pool_size=wire.CONNECTIONS,
    max_overflow=0,
    isolation_level="AUTOCOMMIT",
)
AUTHENTICATE = text(wire.text_of("authenticate"))
AuthenticatedKey = Annotated[str, Header(alias="Authorization")]
Id = Annotated[int, Field(ge=0, le=wire.MAX_ID)]


class Parameters(BaseModel, extra="forbid"):
    """What may be asked. FastAPI answers 422 to anything else, in its own words."""

    page: int = Field(default=1, ge=1, le=wire.MAX_ID)
    pageSize: int = Field(default=wire.DEFAULT_PAGE_SIZE, ge=1)
    organizationId: Id | None = None
    userId: Id | None = None
    username: str | None = None
    currentMembershipsOnly: bool = False
    publicPrivacyFilter: bool | None = None
    ModifiedOnStart: int | None = None

    @property
    def size(self) -> int:
        return min(self.pageSize, wire.LARGEST_PAGE_SIZE)

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size

    @property
    def is_about_a_person(self) -> bool:
        return self.userId is not None or self.username is not None

    def conditions(self) -> Iterator[Any]:
        """What the rows must satisfy, the campus audience's rules first."""
        yield from (Membership.shown_on_campus, Membership.deleted_at.is_(None))
        yield from (~User.is_confidential, Organization.directory_visibility == "visible")
        if self.organizationId is not None:
            yield Position.organization_id == self.organizationId
        if self.userId is not None:
            yield User.id == self.userId
        if self.username is not None:
            yield User.username_folded == wire.search_key(self.username)
        if self.publicPrivacyFilter is not None:
            yield Membership.shown_on_public == self.publicPrivacyFilter
        if self.currentMembershipsOnly:
            today = wire.today()
            yield Membership.recorded_start <= today
            yield or_(Membership.recorded_end.is_(None), Membership.recorded_end >= today)

    def modified(self) -> Any:
        """The rows that changed since, found before anything else, so that the order is not walked for them."""
        since = wire.EPOCH + (self.ModifiedOnStart or 0) * wire.MILLISECOND
        return select(Membership.id).where(Membership.modified_at >= since).cte("changed").prefix_with("MATERIALIZED")


def joined(columns: Select[Any]) -> Select[Any]:
    """A query from memberships with what privacy and order need."""
    return columns.join(Membership.position).join(Position.organization).join(Membership.user)


def narrowed(query: Select[Any], asked: Parameters) -> Select[Any]:
    query = joined(query).where(*asked.conditions())
    if asked.ModifiedOnStart is not None:
        changed = asked.modified()
        query = query.join(changed, changed.c.id == Membership.id)
    return query


def in_order(query: Select[Any]) -> Select[Any]:
    return query.order_by(Position.order_key, Position.id, Membership.id)


def page_of_ids(asked: Parameters) -> Select[Any]:
    return in_order(narrowed(select(Membership.id), asked)).limit(asked.size).offset(asked.offset)


async def authenticate(connection: AsyncConnection | AsyncSession, authorization: str) -> dict[str, str]:
    """Authenticate the key and count the request; returns the headers of the rate limit."""
    prefix, secret_hash = wire.shown_key(authorization)
    now = time.time_ns() // 1_000_000
    values = {"prefix": prefix, "secret_hash": secret_hash, "now": now, "window": now - wire.WINDOW}
    found = (await connection.execute(AUTHENTICATE, values)).first()
    if found is None:
        raise wire.BadRequest(401, "This key is not known here.")
    rate, audience, is_limited, networks, used, started_at = found
    wire.refuse_other_audiences(audience, is_limited, networks)
    return wire.limit_headers(rate, used, started_at, now)


async def total_of(connection: AsyncConnection | AsyncSession, asked: Parameters, found: int) -> int:
    """How many rows there are; a page that is not full need not be counted."""
    if found == asked.size or (asked.page > 1 and not found):
        query = narrowed(select(func.count()).select_from(Membership), asked)
        return int((await connection.execute(query)).scalar_one())
    return asked.offset + found


def link(request: Request, asked: Parameters, total: int) -> dict[str, str]:
    if total <= asked.page * asked.size:
        return {}
    query = urlencode({**request.query_params, "page": asked.page + 1})
    return {"Link": f'<{request.url.replace(query=query)}>; rel="next"'}


def application() -> FastAPI:
    made = FastAPI()

    @made.exception_handler(wire.BadRequest)
    async def refuse(request: Request, refused: wire.BadRequest) -> Response:
        return JSONResponse({"detail": str(refused)}, status_code=refused.status)

    return made
