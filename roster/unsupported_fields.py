"""Keys of a user item that clients of Engage read, and for which this server stores no values.

Typed clients fail if one of them is missing. Responses to staff contain all of them, empty; other responses, none.
"""

from typing import Any

EMPTY_TEXTS = (
    *("archivedUsername", "preferredLastName", "legalFirstName", "legalLastName"),
    *("institutionProvidedFirstName", "institutionProvidedMiddleName", "institutionProvidedLastName"),
    *(
        f"{kind}{part}"
        for kind in ("local", "home", "abroad")
        for part in (
            *("PhoneCountryCode", "Phone", "PhoneExtension", "Street1", "Street2", "Street3"),
            *("City", "StateProvince", "PostalCode", "Country"),
        )
    ),
)
DATED_TEXTS = (
    *("suffix", "hometown", "sex", "race", "ethnicity", "currentTermEnrolled", "currentTermGpa"),
    *("previousTermEnrolled", "previousTermGpa", "creditHoursEarned", "careerLevel", "degreeSought", "major", "minor"),
    *("majorAdvisor", "otherAdvisor", "localResidencyStatus", "housingFacility", "international", "transfer"),
    *("athlete", "athleticParticipation"),
)
DATED_DAYS = ("dateOfBirth", "anticipatedDateOfGraduation")

EMPTY_USER_FIELDS: dict[str, Any] = {
    **dict.fromkeys(EMPTY_TEXTS, ""),
    **{key: {"value": "", "lastModified": None} for key in DATED_TEXTS},
    **{key: {"value": None, "lastModified": None} for key in DATED_DAYS},
}
"""Each of these keys with its empty value: a text, or an object with the `value` of a text or day."""
