"""The sample data of the whole suite: people and organizations of the story in docs/demo-campus.md.

A small part of fixtures/campus.json, created through the models. A test names the rows that it uses
(`sample.amara`, `sample.chess_club`), never their numbers. Nothing begins or ends
from 2 May 2025 to 30 April 2076.
"""

import datetime as dt
from typing import Any

from django.contrib.auth.models import Permission

from memberships.models import Membership, Reflection
from organizations.models import (
    Category,
    CustomField,
    LimitedKey,
    Organization,
    OrganizationType,
    Position,
    PositionTemplate,
    PositionType,
)
from roster.models import ApiKey, User

CREATED = dt.datetime(2024, 8, 20, 14, 0, 0, 123_456, tzinfo=dt.UTC)
"""When every row of the sample data was created."""
MODIFIED = dt.datetime(2025, 3, 5, 14, 0, 0, 999_999, tzinfo=dt.UTC)
"""When every row of the sample data last changed: the last microsecond before 14:00:01."""
CREATED_MS, MODIFIED_MS = 1_724_162_400_123, 1_741_183_200_999
"""The two as the wire prints them."""


class SampleData:
    """Everybody, by the names that the story gives them. Making one writes it into an empty database."""

    def __init__(self) -> None:
        self.create_kinds()
        self.create_people()
        self.create_organizations()
        self.create_positions()
        self.create_memberships()
        self.set_instants()
        self.create_keys()

    def set_instants(self) -> None:
        """All was made and last changed at the same times, in the database and in the objects here."""
        for model in (User, Organization, Position, Membership):
            model.objects.update(created_at=CREATED, modified_at=MODIFIED)
        for row in vars(self).values():
            if isinstance(row, User | Organization | Position | Membership):
                row.created_at, row.modified_at = CREATED, MODIFIED
            if isinstance(row, Organization | Membership):
                row.shown_modified_at = MODIFIED

    def create_kinds(self) -> None:
        self.officer, self.advising, self.membership = (
            PositionType.objects.create(name=name) for name in ("Officer", "Advisor", "Member")
        )
        self.president_kind = PositionTemplate.objects.create(
            name="President", default_type=self.officer, default_shown_on_campus=True, default_shown_on_public=True
        )
        self.treasurer_kind = PositionTemplate.objects.create(name="Treasurer", default_type=self.officer)
        self.manager_kind = PositionTemplate.objects.create(name="Manager", default_type=self.officer)
        self.member_kind = PositionTemplate.objects.create(name="Member", default_type=self.membership)
        self.student_organization, self.governing_body = (
            OrganizationType.objects.create(name=name) for name in ("Student Organization", "Governing Body")
        )
        self.arts, self.governance, self.wellness = (
            Category.objects.create(name=name) for name in ("Arts", "Governance", "Wellness")
        )

    def create_people(self) -> None:
        self.amara = person(
            *("amara.okafor", "Amara", "Okafor"),
            middle_name="Ngozi",
            preferred_email="amara@mail.example.org",
            card_id="C004100",
            sis_id="S730000",
            mobile_phone="555-0120",
            class_standing="Senior",
            picture_url="https://www.example.edu/pictures/amara.okafor.jpg",
            last_login=dt.datetime(2025, 4, 28, 14, 0, tzinfo=dt.UTC),
            custom_fields=[{"name": "Residence hall", "value": ["Alder House"]}],
        )
        self.ben = person(
            *("benjamin.whitlock", "Benjamin", "Whitlock"),
            preferred_first_name="Ben",
            school="Business",
            card_id="C004137",
            sis_id="S730211",
        )
        self.chloe = person("chloe.desrosiers", "Chloé", "Desrosiers")
        self.dalia = person("dalia.brightwater", "Dalia", "Brightwater", school="Engineering")
        self.eun_ji = person("eun-ji.harlow", "Eun-ji", "Harlow", enrollment_status="Part-time", school="Engineering")
        self.farid = person("farid.haddad-lowe", "Farid", "Haddad-Lowe", school="Business")
        self.grace = person(
            *("grace.thornbury", "Grace", "Thornbury"), affiliation="Alumni", enrollment_status="", status="inactive"
        )
        self.hana = person("hana.morikawa", "Hana", "Morikawa", school="Nursing")
        self.ignacio = person("ignacio.penalver", "Ignacio", "Peñalver")
        self.jolene = person(
            *("jolene.abernathy", "Jolene", "Abernathy"),
            affiliation="Staff",
            enrollment_status="",
            school="",
            is_staff=True,
        )
        self.jolene.user_permissions.add(Permission.objects.get(codename="ask_as_staff"))
        self.kofi = person("kofi.mensah-boyd", "Kofi", "Mensah-Boyd", school="Business", status="unregistered")
        self.lin = person("lin.yuxi", "Lin", "Yuxi", enrollment_status="Part-time", school="Engineering")
        self.marisol = person(
            *("marisol.quinones", "Marisol", "Quiñones"), card_id="C004544", sis_id="S732532", is_confidential=True
        )
        self.nadia = person("nadia.farouk", "Nadia", "Farouk", school="Nursing")  # belongs to nothing, may do nothing

    def create_organizations(self) -> None:
        self.student_government = organization(
            "Student Government", "SG", type=self.governing_body, primary_contact=self.amara
        )
        self.student_government.categories.add(self.governance)
        self.finance_committee = organization(
            *("Finance Committee", "SG-FIN"),
            type=self.governing_body,
            membership_type="closed",
            parent=self.student_government,
            primary_contact=self.ben,
        )
        self.chess_club = organization("Chess Club", "CHESS", type=self.student_organization)
        CustomField.objects.create(
            organization=self.chess_club, name="Meeting days", values=["Thursday"], is_public=True
        )
        CustomField.objects.create(organization=self.chess_club, name="Budget code", values=["CH-117"], is_public=False)
        self.chess_club_downtown = organization("Chess Club", "CHESS-DT", type=self.student_organization)
        self.lead = organization("*LEAD*", "LEAD", primary_contact=self.jolene)
        self.teatro = organization(
            "Teatro Ñandú", "ÑANDÚ", type=self.student_organization, primary_contact=self.marisol
        )
        self.teatro.categories.add(self.arts)
        self.night_owls = organization(
            *("Night Owls", "OWLS"), directory_visibility="hidden", membership_type="closed", primary_contact=self.hana
        )
        self.night_owls.categories.add(self.wellness)
        self.cafe = organization("Listening Café", "CAFÉ", parent=self.night_owls, primary_contact=self.hana)
        self.cafe.categories.add(self.wellness)
        self.guild = organization(
            *("Typewriter Guild", ""), type=self.student_organization, status="inactive", primary_contact=self.grace
        )
        self.guild.categories.add(self.arts)

    def create_positions(self) -> None:
        self.sg_president = position(self.student_government, "President", self.president_kind)
        self.sg_treasurer = position(self.student_government, "Treasurer", self.treasurer_kind)
        self.senator = position(self.student_government, "Senator", self.member_kind)
        self.sg_advisor = position(self.student_government, "Advisor", self.manager_kind, type=self.advising)
        self.chair = position(self.finance_committee, "Chair", self.president_kind)
        self.finance_member = position(self.finance_committee, "Member", self.member_kind)
        self.chess_president = position(self.chess_club, "President", self.president_kind)
        self.chess_member = position(self.chess_club, "Member", self.member_kind)
        self.downtown_president = position(self.chess_club_downtown, "President", self.president_kind)
        self.downtown_member = position(self.chess_club_downtown, "Member", self.member_kind)
        self.participant = position(self.lead, "Participant", self.member_kind)
        self.director = position(self.teatro, "Artistic Director", self.president_kind)
        self.lighting = position(self.teatro, "Éclairagiste", self.manager_kind)
        self.actor = position(self.teatro, "Actor", self.member_kind)
        self.night_manager = position(self.night_owls, "Night Manager", self.manager_kind)
        self.listener = position(self.night_owls, "Listener", self.member_kind)
        self.host = position(self.cafe, "Host", self.manager_kind)
        self.guild_president = position(self.guild, "President", self.president_kind, is_active=False)

    def create_memberships(self) -> None:
        """Flags by letters: C on the campus roster, P on the public one."""
        amara, ben, chloe, farid, lin = self.amara, self.ben, self.chloe, self.farid, self.lin
        self.amara_senator = membership(amara, self.senator, "2022-09-06", "2023-05-31", "C")
        self.amara_president = membership(amara, self.sg_president, "2024-06-01", None, "CP")
        self.amara_chess = membership(amara, self.chess_member, "2022-09-08", "2023-05-18", "C")
        self.amara_chess_again = membership(amara, self.chess_member, "2024-09-05", None, "C")
        self.amara_one_day = membership(amara, self.participant, "2023-10-07", "2023-10-07", "C")
        self.amara_future = membership(amara, self.finance_member, "2076-05-01", "2076-05-01", "CP")
        self.ben_treasurer = membership(ben, self.sg_treasurer, "2024-06-01", None, "C")
        self.ben_chair = membership(ben, self.chair, "2024-06-01", None, "CP")
        self.chloe_senator = membership(
            *(chloe, self.senator, "2023-09-05", "2024-05-31", "P"),
            reported_start=dt.date(2023, 9, 5),
            reported_end=dt.date(2024, 6, 30),
        )
        self.chloe_director = membership(chloe, self.director, "2024-09-01", None, "CP")
        self.dalia_chess = membership(
            self.dalia, self.chess_member, "2022-09-08", None, "P", reported_start=dt.date(2022, 9, 1)
        )
        self.eun_ji_president = membership(self.eun_ji, self.downtown_president, "2023-09-01", None, "CP")
        self.farid_chess = membership(farid, self.chess_member, "2023-09-07", None, "CP")
        self.farid_deleted = membership(farid, self.downtown_member, "2023-09-07", None, "CP")
        self.farid_listener = membership(farid, self.listener, "2023-11-01", None, "CP")
        self.grace_president = membership(
            self.grace, self.sg_president, "2021-06-01", "2022-05-31", "CP", reported_start=dt.date(2021, 5, 15)
        )
        self.grace_guild = membership(self.grace, self.guild_president, "2019-03-05", "2023-05-22", "CP")
        self.hana_manager = membership(self.hana, self.night_manager, "2023-11-01", None, "CP")
        self.hana_host = membership(self.hana, self.host, "2024-02-14", None, "CP")
        self.ignacio_lights = membership(self.ignacio, self.lighting, "2022-09-12", "2023-05-31", "CP")
        self.ignacio_lights_again = membership(self.ignacio, self.lighting, "2024-01-16", None, "CP")
        self.jolene_advisor = membership(self.jolene, self.sg_advisor, "2018-08-01", None, "CP")
        self.kofi_downtown = membership(self.kofi, self.downtown_member, "2024-09-05", None, "C")
        self.lin_finance = membership(lin, self.finance_member, "2024-09-03", None, "")
        self.lin_deleted = membership(lin, self.actor, "2024-03-01", None, "C")
        self.marisol_senator = membership(self.marisol, self.senator, "2023-09-05", None, "CP")
        self.marisol_actor = membership(self.marisol, self.actor, "2023-02-01", None, "CP")
        self.farid_deleted.delete()
        self.lin_deleted.delete()
        Reflection.objects.write(
            self.amara_president, "I learned to say what I do not know, in front of two hundred people."
        )
        Reflection.objects.write(self.ben_chair, "Every club wants a bus. There is one bus.")
        Reflection.objects.write(self.farid_deleted, "Wrong club.")
        Reflection.objects.write(self.farid_listener, "Mostly I say nothing.")

    def create_keys(self) -> None:
        """Bearer keys, as the text a client sends; the limited ones are limited to the main campus's chess club."""
        self.public_key = key("public")
        self.campus_key = key("campus")
        self.staff_key = key("staff")
        self.reflections_key = key("staff", may_read_reflections=True)
        self.limited_campus_key = key("campus", to=[self.chess_club])
        self.limited_staff_key = key("staff", to=[self.chess_club])


def person(username: str, first_name: str, last_name: str, **fields: Any) -> User:
    usual = {
        "campus_email": f"{username}@example.edu",
        "affiliation": "Student",
        "enrollment_status": "Full-time",
        "school": "Arts and Sciences",
    }
    user = User(username=username, first_name=first_name, last_name=last_name, **{**usual, **fields})
    user.set_unusable_password()
    user.save()
    return user


def organization(name: str, short_name: str = "", **fields: Any) -> Organization:
    made: Organization = Organization.objects.create(name=name, short_name=short_name, **fields)
    return made


def position(organization: Organization, name: str, template: PositionTemplate, **fields: Any) -> Position:
    made: Position = Position.objects.create(organization=organization, name=name, template=template, **fields)
    return made


def membership(
    user: User, position: Position, start: str, end: str | None = None, flags: str = "C", **fields: Any
) -> Membership:
    """`user` holding `position` from `start` to `end`; `flags` has a C for the campus roster and a P for the public."""
    made: Membership = Membership.objects.create(
        user=user,
        position=position,
        recorded_start=dt.date.fromisoformat(start),
        recorded_end=end and dt.date.fromisoformat(end),
        shown_on_campus="C" in flags,
        shown_on_public="P" in flags,
        **fields,
    )
    return made


def key(audience: str, to: list[Organization] | None = None, **fields: Any) -> str:
    """A new bearer key, as the text a client sends; limited to the organizations of `to` when that is given."""
    made, text = ApiKey.create_bearer(f"{audience} key", audience=audience, rate=1_000_000, **fields)
    for limit in to or []:
        LimitedKey.objects.create(api_key=made, organization=limit)
    return text
