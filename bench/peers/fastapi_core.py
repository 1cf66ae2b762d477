"""FastAPI with SQLAlchemy's core and orjson: rows, no objects."""

from typing import Annotated, Any

import orjson
from fastapi import Query, Request, Response
from sqlalchemy import Select, func, select

from bench.peers import wire
from bench.peers.fastapi_common import (
    AuthenticatedKey,
    Parameters,
    application,
    authenticate,
    engine,
    in_order,
    joined,
    link,
    narrowed,
    page_of_ids,
    total_of,
)
from bench.peers.tables import Membership, Organization, Position, PositionTemplate, PositionType, User

app = application()

COLUMNS = (
    *(Membership.id, Organization.id, Organization.name, Organization.short_name),
    *(PositionTemplate.id, PositionTemplate.name, PositionType.id, PositionType.name, Position.id, Position.name),
    *(User.id, User.username, func.coalesce(func.nullif(User.preferred_first_name, ""), User.first_name)),
    *(User.last_name, User.campus_email),
    *(Membership.recorded_start, Membership.recorded_end, Membership.reported_start, Membership.reported_end),
    *(Membership.shown_on_campus, Membership.shown_on_public, Membership.created_at, Membership.modified_at),
)


@app.get("/api/memberships")
async def memberships(
    request: Request, asked: Annotated[Parameters, Query()], authorization: AuthenticatedKey
) -> Response:
    async with engine.connect() as connection:
        headers = await authenticate(connection, authorization)
        rows = (await connection.execute(page_of(asked))).all()
        total = await total_of(connection, asked, len(rows))
    envelope = {
        "pageNumber": asked.page,
        "pageSize": asked.size,
        "totalItems": total,
        "totalPages": -(-total // asked.size),
        "items": [item(row) for row in rows],
    }
    headers |= link(request, asked, total)
    return Response(orjson.dumps(envelope), headers=headers, media_type="application/json; charset=utf-8")


def page_of(asked: Parameters) -> Select[Any]:
    """A page of rows: of a person joined at once, of everything else the ids first."""
    columns = select(*COLUMNS).select_from(Membership)
    if asked.is_about_a_person:
        query = with_labels(narrowed(columns, asked)).limit(asked.size).offset(asked.offset)
    else:
        page = page_of_ids(asked).cte("page")
        query = with_labels(joined(columns)).join(page, page.c.id == Membership.id)
    return in_order(query)


def with_labels(query: Select[Any]) -> Select[Any]:
    return query.join(Position.template).join(Position.type)


def item(row: Any) -> dict[str, Any]:
    return {
        "membershipId": row[0],
        "organizationId": row[1],
        "organizationName": row[2],
        "organizationShortName": row[3],
        "positionTemplateId": row[4],
        "positionTemplateName": row[5],
        "positionTypeId": row[6],
        "positionTypeName": row[7],
        "positionId": row[8],
        "positionName": row[9],
        "userId": row[10],
        "username": row[11],
        "userFirstName": row[12],
        "userLastName": row[13],
        "userCampusEmail": row[14],
        "positionRecordedStartDate": wire.midnight(row[15]),
        "positionRecordedEndDate": wire.midnight(row[16]),
        "positionReportedStartDate": wire.midnight(row[17]),
        "positionReportedEndDate": wire.midnight(row[18]),
        "reflection": "",
        "userShownOnCampusRoster": row[19],
        "userShownOnPublicRoster": row[20],
        "deleted": False,
        "createdOn": wire.milliseconds(row[21]),
        "modifiedOn": wire.milliseconds(row[22]),
    }
