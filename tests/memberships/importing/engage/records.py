"""Made-up records of the wire's shape, one of each kind, that belong together. A test changes what it is about."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

ORGANIZATION, PARENT = 51403, 49001
POSITION, TEMPLATE, TYPE = 611201, 1887, 1160
USER, CONTACT = 640117, 640300
MEMBERSHIP = 2710441
ORGANIZATION_TYPE, CATEGORY = 14, 31

FIRST_DAY = 1_351_137_600_000  # 2012-10-25 00:00 in New York
LAST_DAY = 1_369_972_800_000  # 2013-05-31 00:00 in New York
CREATED = 1_282_320_000_123  # 2010-08-20 12:00:00.123 in New York

Json = dict[str, Any]


def a_membership(**changes: Any) -> Json:
    return {
        "membershipId": MEMBERSHIP,
        "organizationId": ORGANIZATION,
        "organizationName": "Beacon Commons",
        "organizationShortName": "BEACON",
        "positionTemplateId": TEMPLATE,
        "positionTemplateName": "Member",
        "positionTypeId": TYPE,
        "positionTypeName": "General",
        "positionId": POSITION,
        "positionName": "Deckhand",
        "userId": USER,
        "username": "204518",
        "userFirstName": "Wexley",
        "userLastName": "Tran",
        "userCampusEmail": "wexley.tran@example.edu",
        "positionRecordedStartDate": FIRST_DAY,
        "positionRecordedEndDate": None,
        "positionReportedStartDate": None,
        "positionReportedEndDate": None,
        "reflection": "",
        "userShownOnCampusRoster": "True",
        "userShownOnPublicRoster": "False",
        **changes,
    }


def an_organization(**changes: Any) -> Json:
    return {"organizationId": ORGANIZATION, "name": "Beacon Commons", "shortName": "BEACON", **changes}


def a_position(**changes: Any) -> Json:
    return {
        "positionId": POSITION,
        "positionName": "Deckhand",
        "organizationId": ORGANIZATION,
        "organizationName": "Beacon Commons",
        "positionTemplateId": TEMPLATE,
        "positionTemplateName": "Member",
        "positionTypeId": TYPE,
        "positionTypeName": "General",
        **changes,
    }


def a_user(**changes: Any) -> Json:
    return {
        "userId": USER,
        "username": "204518",
        "firstName": "Wexley",
        "lastName": "Tran",
        "campusEmail": "wexley.tran@example.edu",
        **changes,
    }


def without(record: Json, *keys: str) -> Json:
    return {key: value for key, value in record.items() if key not in keys}


def an_answer(*records: Json) -> Json:
    """Records in the envelope of a list."""
    count = len(records)
    return {"pageNumber": 1, "pageSize": 100, "totalItems": count, "totalPages": 1, "items": list(records)}


def new_york(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    """An instant in New York, in epoch milliseconds."""
    instant = dt.datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("America/New_York"))
    return int(instant.timestamp() * 1000)
