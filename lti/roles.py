"""What the positions of a campus are called in LTI: LIS role URIs (docs/lti/README.md).

A template carries its own URIs, which the admin edits. A template without any has those that its name suggests.
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
"""The role of somebody who launches a tool from an organization without being a member that the tool may know of."""

LONGEST = 255
"""Bytes of the longest role that a filter finds: it stands in the link to the next page, which must stay short."""


PRINCIPALS = (
    *("Administrator", "ContentDeveloper", "Instructor", "Learner", "Manager", "Member", "Mentor", "Officer"),
)
"""The context roles of LIS. Sub-roles are open to everybody's own."""


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
"""The role of a template that carries none, by its folded name; any other is a plain member."""

INSTRUCTOR, LEARNER = context_role("Instructor"), context_role("Learner")
LEADING = {context_role(name) for name in ("Officer", "Manager", "Mentor")}
"""Roles to which a deployment that adds course roles adds Instructor; to all others it adds Learner."""


def default_roles(name: str) -> list[str]:
    """The roles of a template of this name that carries none."""
    return with_principals([context_role(DEFAULTS.get(search_key(name).replace("-", " "), "Member"))])


def roles_of(template: PositionTemplate, *, adds_course_roles: bool = False) -> list[str]:
    """What a holder of a position of this kind is, the principal role beside each sub-role."""
    roles = with_principals(template.lti_roles) if template.lti_roles else default_roles(template.name)
    if adds_course_roles:
        roles = merged([roles, [INSTRUCTOR if LEADING.intersection(roles) else LEARNER]])
    return roles


def with_principals(roles: Iterable[str]) -> list[str]:
    """These roles, and before each sub-role its principal, by which a filter finds it. None comes twice."""
    found: dict[str, None] = {}
    for role in roles:
        principal = principal_of(role)
        if principal:
            found[principal] = None
        found[role] = None
    return list(found)


def principal_of(role: str) -> str | None:
    """`...membership#Officer` of `...membership/Officer#Chair`; None of what is no sub-role."""
    principal, mark, sub = role.removeprefix(SUB).partition("#")
    return f"{CONTEXT_ROLE_PREFIX}{principal}" if role.startswith(SUB) and mark and principal and sub else None


def merged(lists: Iterable[Iterable[str]]) -> list[str]:
    """The roles of several positions as one list, each once, in the order of the positions."""
    return list(dict.fromkeys(role for roles in lists for role in roles))


def parse_role(role: str) -> str:
    """A role as a filter asks for it, full URI or short name, in the form in which roles compare."""
    role = role.strip()
    return (role if "://" in role else context_role(role)).casefold()


def matches_role(roles: Iterable[str], role: str) -> bool:
    """Is `role`, as `asked` gives it, among these?"""
    return len(role.encode()) <= LONGEST and role in (name.casefold() for name in roles)


def read_context_role(text: str) -> str:
    """The URI of a context role or sub-role that somebody wrote, in full or as its short name.

    ValidationError for what is none, so that a misspelt role is not one that nobody ever has.
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
