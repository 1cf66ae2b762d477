"""Custom parameters of a resource link, with variables substituted by what may be disclosed to the tool."""

from typing import Any

from lti import claims
from lti.core import urls
from lti.models import Context, ResourceLink

PERSON_VARIABLES = {
    "$User.id": "user_id",
    "$User.image": "picture",
    "$Person.name.full": "name",
    "$Person.name.given": "given_name",
    "$Person.name.family": "family_name",
    "$Person.name.middle": "middle_name",
    "$Person.email.primary": "email",
    "$Person.sourcedId": "lis_person_sourcedid",
}
"""Variables of a person, each with the field of a member's row that is its value."""

VARIABLES = (
    *PERSON_VARIABLES,
    *("$Membership.role", "$Context.id", "$Context.title", "$Context.label", "$Context.type"),
    *("$ResourceLink.id", "$ResourceLink.title", "$Message.documentTarget", "$Message.locale"),
    *("$ToolPlatform.productFamilyCode", "$ToolPlatformInstance.guid", "$ToolPlatformInstance.name"),
    "$ToolPlatformInstance.url",
)
"""All variables that this platform supports.

Of the other standard ones, `$User.username` and addresses and telephone numbers are disclosed to no tool, and the rest
is of courses, grades and sections, which an organization has not.
"""


def substitute_variables(link: ResourceLink, row: dict[str, Any]) -> dict[str, str]:
    """The custom parameters of a link for one person. A variable that is unknown or withheld stays as it is."""
    values = {variable: row[field] for variable, field in PERSON_VARIABLES.items() if field in row}
    values |= context_variables(link.context)
    values |= {
        "$Membership.role": ",".join(row["roles"]),
        "$ResourceLink.id": str(link.uuid),
        "$ResourceLink.title": link.label,
        "$Message.documentTarget": claims.DOCUMENT_TARGET,
        "$Message.locale": claims.LOCALE,
        "$ToolPlatform.productFamilyCode": claims.PRODUCT,
        "$ToolPlatformInstance.guid": urls.issuer(),
        "$ToolPlatformInstance.name": claims.PRODUCT_NAME,
        "$ToolPlatformInstance.url": urls.issuer(),
    }
    parameters = {**link.deployment.tool.custom, **link.custom}
    return {name: values.get(value, value) for name, value in parameters.items()}


def context_variables(context: Context) -> dict[str, str]:
    organization = context.organization
    values = {
        "id": str(context.uuid),
        "title": organization.name,
        "label": organization.short_name,
        "type": claims.GROUP_CONTEXT_TYPE,
    }
    return {f"$Context.{name}": value for name, value in values.items() if value}
