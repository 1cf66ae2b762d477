"""The tables as SQLAlchemy maps them: what the two FastAPI peers read."""

import datetime as dt

from sqlalchemy import DateTime, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    type_annotation_map = {dt.datetime: DateTime(timezone=True)}


class ApiKey(Base):
    __tablename__ = "roster_apikey"

    id: Mapped[int] = mapped_column(primary_key=True)
    prefix: Mapped[str]
    kind: Mapped[str]
    secret_hash: Mapped[str]
    audience: Mapped[str]
    is_limited: Mapped[bool]
    networks: Mapped[list[str]] = mapped_column(JSONB)
    rate: Mapped[int]
    expires_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]


class User(Base):
    __tablename__ = "roster_user"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str]
    username_folded: Mapped[str]
    first_name: Mapped[str]
    preferred_first_name: Mapped[str]
    last_name: Mapped[str]
    campus_email: Mapped[str]
    is_confidential: Mapped[bool]


class Organization(Base):
    __tablename__ = "organizations_organization"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    short_name: Mapped[str]
    directory_visibility: Mapped[str]


class PositionTemplate(Base):
    __tablename__ = "organizations_positiontemplate"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class PositionType(Base):
    __tablename__ = "organizations_positiontype"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Position(Base):
    __tablename__ = "organizations_position"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    order_key: Mapped[str]
    organization_id: Mapped[int] = mapped_column(ForeignKey(Organization.id))
    template_id: Mapped[int] = mapped_column(ForeignKey(PositionTemplate.id))
    type_id: Mapped[int] = mapped_column(ForeignKey(PositionType.id))
    organization: Mapped[Organization] = relationship()
    template: Mapped[PositionTemplate] = relationship()
    type: Mapped[PositionType] = relationship()


class Membership(Base):
    __tablename__ = "memberships_membership"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    position_id: Mapped[int] = mapped_column(ForeignKey(Position.id))
    recorded_start: Mapped[dt.date]
    recorded_end: Mapped[dt.date | None]
    reported_start: Mapped[dt.date | None]
    reported_end: Mapped[dt.date | None]
    shown_on_campus: Mapped[bool]
    shown_on_public: Mapped[bool]
    deleted_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    modified_at: Mapped[dt.datetime]
    user: Mapped[User] = relationship()
    position: Mapped[Position] = relationship()
