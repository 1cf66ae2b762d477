"""What each parameter asks, by hand: over the values that an unfiltered answer prints, and nothing else.

Written from the tables of parameters in docs/api.md, without a word of the product.
"""

import datetime as dt
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

Item = Mapping[str, Any]
Predicate = Callable[[Item, str], bool]


@dataclass(frozen=True)
class ByHand:
    """A parameter: the printed fields it compares with, and how."""

    reads: tuple[str, ...]
    matches: Predicate


def folded(name: str) -> str:
    """NFKD, combining marks dropped, casefolded."""
    letters = [char for char in unicodedata.normalize("NFKD", name) if unicodedata.combining(char) == 0]
    return "".join(letters).casefold()


def is_true(word: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[word.lower()]


def number(field: str) -> ByHand:
    return ByHand((field,), lambda item, asked: bool(item[field] == int(asked)))


def flag(field: str) -> ByHand:
    return ByHand((field,), lambda item, asked: bool(item[field] is is_true(asked)))


def word(field: str) -> ByHand:
    return ByHand((field,), lambda item, asked: bool(item[field].lower() == asked.lower()))


def text(field: str) -> ByHand:
    """An identifier, which has no spaces around it."""
    return ByHand((field,), lambda item, asked: bool(text_of(item[field]) == asked.strip()))


def name(field: str) -> ByHand:
    return ByHand((field,), lambda item, asked: folded(text_of(item[field])) == folded(asked))


def part(field: str) -> ByHand:
    return ByHand((field,), lambda item, asked: folded(asked) in folded(item[field]))


def account(field: str) -> ByHand:
    """A name without spaces around it, of which a blank one is nobody's."""
    return ByHand((field,), lambda item, asked: bool(asked.strip()) and folded(item[field]) == folded(asked.strip()))


def kind(id_field: str, name_field: str) -> ByHand:
    """A name; a number is taken as the id."""

    def matches(item: Item, asked: str) -> bool:
        if asked.isascii() and asked.isdigit():
            return bool(item[id_field] == int(asked))
        return item[id_field] is not None and folded(item[name_field]) == folded(asked)

    return ByHand((id_field, name_field), matches)


def category() -> ByHand:
    one = kind("categoryId", "categoryName")
    return ByHand(("categories",), lambda item, asked: any(one.matches(held, asked) for held in item["categories"]))


def start(field: str) -> ByHand:
    return ByHand((field,), lambda item, asked: item[field] is not None and bool(item[field] >= int(asked)))


def end(field: str) -> ByHand:
    return ByHand((field,), lambda item, asked: item[field] is not None and bool(item[field] <= int(asked)))


def before(field: str) -> ByHand:
    return ByHand((field,), lambda item, asked: item[field] is not None and bool(item[field] < int(asked)))


def only(field: str, wanted: Any) -> ByHand:
    """True leaves one value; false leaves all."""
    return ByHand((field,), lambda item, asked: not is_true(asked) or item[field] == wanted)


def everything() -> ByHand:
    return ByHand((), lambda item, asked: True)


def deleted_too() -> ByHand:
    return ByHand((), lambda item, asked: is_true(asked) or not item["deleted"])


def current(today: int) -> ByHand:
    """`today` is the printed midnight of the day it is on campus."""
    starts, ends = "positionRecordedStartDate", "positionRecordedEndDate"

    def matches(item: Item, asked: str) -> bool:
        return not is_true(asked) or (item[starts] <= today and (item[ends] is None or today <= item[ends]))

    return ByHand((starts, ends), matches)


def text_of(value: Any) -> str:
    """A text, wrapped with the time of its last change or not."""
    return str(value["value"] if isinstance(value, dict) else value)


def printed_midnight(day: dt.date, zone: str = "America/New_York") -> int:
    return int(dt.datetime.combine(day, dt.time(), ZoneInfo(zone)).timestamp()) * 1000


def parameters(today: int) -> dict[str, dict[str, ByHand]]:
    """Every parameter of every list; `today` is the printed midnight of the day it is on campus."""
    return {
        "/api/memberships": {
            "membershipId": number("membershipId"),
            "userId": number("userId"),
            "username": account("username"),
            "organizationId": number("organizationId"),
            "positionTemplateId": number("positionTemplateId"),
            "positionTemplateName": name("positionTemplateName"),
            "currentMembershipsOnly": current(today),
            "publicPrivacyFilter": flag("userShownOnPublicRoster"),
            "campusPrivacyFilter": flag("userShownOnCampusRoster"),
            "includeReflections": everything(),
            "startDate": start("positionRecordedStartDate"),
            "endDate": end("positionRecordedEndDate"),
            "ModifiedOnStart": start("modifiedOn"),
            "ModifiedOnEnd": before("modifiedOn"),
            "IncludeDeletes": deleted_too(),
            "orderBy": everything(),
        },
        "/api/organizations": {
            "organizationId": number("organizationId"),
            "status": word("status"),
            "excludeHiddenOrganizations": only("directoryVisibility", "Visible"),
            "category": category(),
            "type": kind("typeId", "typeName"),
            "name": part("name"),
            "ModifiedOnStart": start("modifiedOn"),
            "ModifiedOnEnd": before("modifiedOn"),
            "IncludeDeletes": everything(),
        },
        "/api/positions": {
            "positionId": number("positionId"),
            "organizationId": number("organizationId"),
            "template": kind("positionTemplateId", "positionTemplateName"),
            "type": kind("positionTypeId", "positionTypeName"),
            "activeStatusOnly": only("active", True),
            "IncludeDeletes": everything(),
        },
        "/api/users": {
            "userId": number("userId"),
            "username": account("username"),
            "cardId": text("cardId"),
            "sisId": text("sisId"),
            "affiliation": name("affiliation"),
            "enrollmentStatus": name("enrollmentStatus"),
            "SchoolOfEnrollment": name("primarySchoolOfEnrollment"),
            "primarySchoolOfEnrollment": name("primarySchoolOfEnrollment"),
            "status": word("status"),
            "CreatedOnStart": start("createdOn"),
            "CreatedOnEnd": before("createdOn"),
            "IncludeDeletes": everything(),
        },
    }


def filtered(path: str, items: list[Item], asked: Mapping[str, str], today: int) -> list[Item]:
    """The items of an unfiltered list, with the deleted, that match all that is asked."""
    declared = parameters(today)[path]
    if path == "/api/memberships":
        asked = {"IncludeDeletes": "false", **asked}
    found = [item for item in items if all(declared[name].matches(item, asked[name]) for name in asked)]
    return sorted(found, key=lambda item: int(item["membershipId"])) if "orderBy" in asked else found
