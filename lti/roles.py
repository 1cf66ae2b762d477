"""Role mapping: from positions to LIS role URIs (docs/lti/README.md).

A template has its own URIs, which staff edit in the admin. Without any, its name decides.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from organizations.models import PositionTemplate
from roster.names import search_key

CONTEXT_ROLE_PREFIX = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
"""Context roles: `...membership#Officer`. Their last part is the short name that a tool may filter by."""

SUB = "http://purl.imsglobal.org/vocab/lis/v2/membership/"
"""Sub-roles: `...membership/Officer#Chair`."""

SYSTEM_USER_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/system/person#User"
"""The role of somebody who launches a tool from an organization and may not be disclosed to it as a member."""

LONGEST = 255
"""Maximum bytes of a role in a filter: it is part of the link to the next page, which must stay short."""


PRINCIPALS = (
    *("Administrator", "ContentDeveloper", "Instructor", "Learner", "Manager", "Member", "Mentor", "Officer"),
)
"""The context roles of LIS. Anybody may add sub-roles."""


def context_role(name: str) -> str:
    """The URI of a role by its short name, `Officer`, or of a sub-role by `Officer#Chair`."""
    return f"{SUB}{name}" if "#" in name else f"{CONTEXT_ROLE_PREFIX}{name}"


DEFAULTS = {
    "president": "Officer#Chair",
    "chair": "Officer#Chair",
    "vice president": "Officer#Vice-Chair",
    "secretary": "Officer#Secretary",
    "treasurer": "Officer#Treasurer",
    "communications": "Officer#Communications",
    "officer": "Officer",
    "advisor": "Mentor#Advisor",
    "manager": "Manager",
    "organization manager": "Manager",
    "member": "Member",
}
"""The role of a template without URIs, by the search key of its name; for other names it is Member."""

INSTRUCTOR, LEARNER = context_role("Instructor"), context_role("Learner")
LEADING = {context_role(name) for name in ("Officer", "Manager", "Mentor")}
"""Roles to which a deployment that adds course roles adds Instructor; to all others it adds Learner."""


def default_roles(name: str) -> list[str]:
    """The roles of a template of this name that has no URIs."""
    return with_principals([context_role(DEFAULTS.get(search_key(name).replace("-", " "), "Member"))])


def roles_of(template: PositionTemplate, *, adds_course_roles: bool = False) -> list[str]:
    """The roles of whoever holds a position of this template, with the principal role of each sub-role."""
    roles = with_principals(template.lti_roles) if template.lti_roles else default_roles(template.name)
    if adds_course_roles:
        roles = merged([roles, [INSTRUCTOR if LEADING.intersection(roles) else LEARNER]])
    return roles


def with_principals(roles: Iterable[str]) -> list[str]:
    """These roles, and before each sub-role its principal role, by which filters find it. Each comes once."""
    found: dict[str, None] = {}
    for role in roles:
        principal = principal_of(role)
        if principal:
            found[principal] = None
        found[role] = None
    return list(found)


def principal_of(role: str) -> str | None:
    """`...membership#Officer` of `...membership/Officer#Chair`; None if the role is no sub-role."""
    principal, mark, sub = role.removeprefix(SUB).partition("#")
    return f"{CONTEXT_ROLE_PREFIX}{principal}" if role.startswith(SUB) and mark and principal and sub else None


def merged(lists: Iterable[Iterable[str]]) -> list[str]:
    """The roles of several positions as one list, each once, in the order of the positions."""
    return list(dict.fromkeys(role for roles in lists for role in roles))


def parse_role(role: str) -> str:
    """A role of a filter, as full URI or short name, in the form in which roles are compared."""
    role = role.strip()
    return (role if "://" in role else context_role(role)).casefold()


def matches_role(roles: Iterable[str], role: str) -> bool:
    """Is `role`, in the form of `parse_role`, among these?"""
    return len(role.encode()) <= LONGEST and role in (name.casefold() for name in roles)


def read_context_role(text: str) -> str:
    """The URI of a context role or sub-role that somebody wrote, in full or as its short name.

    ValidationError for any other text, so that a misspelt role is not stored.
    """
    name = short_name(text.strip())
    principal, mark, sub = name.partition("#")
    known = {role.casefold(): role for role in PRINCIPALS}.get(principal.casefold())
    uri = context_role(f"{known}{mark}{sub}")
    if known is None or bool(mark) != bool(sub) or not sub.isprintable() or set(" #/") & set(sub):
        raise ValidationError(
            f"{text} is no context role of LIS: {', '.join(PRINCIPALS[:-1])} or {PRINCIPALS[-1]}, or a sub-role as "
            "Instructor#TeachingAssistant."
        )
    if len(uri.encode()) > LONGEST:
        raise ValidationError(f"A role has at most {LONGEST} bytes as a URI.")
    return uri


def short_name(role: str) -> str:
    """`Learner` or `Officer#Chair` of the URI of a context role; any other as it is."""
    for start in (CONTEXT_ROLE_PREFIX, SUB):
        if role.casefold().startswith(start.casefold()):
            return role[len(start) :]
    return role
