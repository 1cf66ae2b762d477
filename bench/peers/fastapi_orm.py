"""FastAPI with SQLAlchemy's ORM and Pydantic, the way its documentation teaches."""

from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import BaseModel
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import async_sessionmaker
from sqlalchemy.orm import contains_eager

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
from bench.peers.tables import Membership, Position

app = application()
session_of = async_sessionmaker(engine, expire_on_commit=False)


class Item(BaseModel):
    membershipId: int
    organizationId: int
    organizationName: str
    organizationShortName: str
    positionTemplateId: int
    positionTemplateName: str
    positionTypeId: int
    positionTypeName: str
    positionId: int
    positionName: str
    userId: int
    username: str
    userFirstName: str
    userLastName: str
    userCampusEmail: str
    positionRecordedStartDate: int
    positionRecordedEndDate: int | None
    positionReportedStartDate: int | None
    positionReportedEndDate: int | None
    reflection: str
    userShownOnCampusRoster: bool
    userShownOnPublicRoster: bool
    deleted: bool
    createdOn: int
    modifiedOn: int


class Envelope(BaseModel):
    pageNumber: int
    pageSize: int
    totalItems: int
    totalPages: int
    items: list[Item]


@app.get("/api/memberships")
async def memberships(
    request: Request, response: Response, asked: Annotated[Parameters, Query()], authorization: AuthenticatedKey
) -> Envelope:
    async with session_of() as session:
        response.headers.update(await authenticate(session, authorization))
        found = (await session.scalars(page_of(asked))).all()
        total = await total_of(session, asked, len(found))
    response.headers.update(link(request, asked, total))
    return Envelope(
        pageNumber=asked.page,
        pageSize=asked.size,
        totalItems=total,
        totalPages=-(-total // asked.size),
        items=[item(membership) for membership in found],
    )


def page_of(asked: Parameters) -> Select[Any]:
    """A page of memberships with all that is printed: of a person joined at once, else the ids first."""
    position = contains_eager(Membership.position)
    query = select(Membership).options(
        contains_eager(Membership.user),
        position.contains_eager(Position.organization),
        position.joinedload(Position.template, innerjoin=True),
        position.joinedload(Position.type, innerjoin=True),
    )
    if asked.is_about_a_person:
        return in_order(narrowed(query, asked)).limit(asked.size).offset(asked.offset)
    page = page_of_ids(asked).cte("page")
    return in_order(joined(query).join(page, page.c.id == Membership.id))


def item(membership: Membership) -> Item:
    user, position = membership.user, membership.position
    return Item(
        membershipId=membership.id,
        organizationId=position.organization_id,
        organizationName=position.organization.name,
        organizationShortName=position.organization.short_name,
        positionTemplateId=position.template_id,
        positionTemplateName=position.template.name,
        positionTypeId=position.type_id,
        positionTypeName=position.type.name,
        positionId=position.id,
        positionName=position.name,
        userId=user.id,
        username=user.username,
        userFirstName=user.preferred_first_name or user.first_name,
        userLastName=user.last_name,
        userCampusEmail=user.campus_email,
        positionRecordedStartDate=wire.midnight(membership.recorded_start),
        positionRecordedEndDate=wire.midnight(membership.recorded_end),
        positionReportedStartDate=wire.midnight(membership.reported_start),
        positionReportedEndDate=wire.midnight(membership.reported_end),
        reflection="",
        userShownOnCampusRoster=membership.shown_on_campus,
        userShownOnPublicRoster=membership.shown_on_public,
        deleted=membership.deleted_at is not None,
        createdOn=wire.milliseconds(membership.created_at),
        modifiedOn=wire.milliseconds(membership.modified_at),
    )
