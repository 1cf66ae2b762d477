"""`GET /api/idtoken`: who launched, from which platform, where, and which services there are.

It has the names of LTIaaS, beside older ones of our own: those of a roster's row for a person, and `context`.
"""

import hashlib
from typing import Any

from lti import claims
from lti.core import service_key_token
from lti.ltik.course_claims import course_claims, present
from lti.models import CourseLaunch, Launch, ServiceKey
from lti.platform.id_token import PERSON_FIELDS, launch_claims

PLATFORM_NAMES = {
    "productFamilyCode": "product_family_code",
    "guid": "guid",
    "name": "name",
    "version": "version",
    "description": "description",
    "contactEmail": "contact_email",
}
"""Each name of LTIaaS for what a platform says of itself, with that of the claim."""


def claims_of_launch(launch: Launch | CourseLaunch, *, has_resource_link: bool) -> dict[str, Any]:
    """The claims of a launch that the tool may read, by their names in LTI."""
    if isinstance(launch, CourseLaunch):
        return course_claims(launch)
    return launch_claims(launch, has_resource_link=has_resource_link)


def launch_details(launch: Launch | CourseLaunch, *, has_resource_link: bool) -> dict[str, Any]:
    """The claims of a launch in sections, and its services."""
    content = claims_of_launch(launch, has_resource_link=has_resource_link)
    presentation = content.get(claims.LAUNCH_PRESENTATION, {})
    link = {"resourceLink": content[claims.RESOURCE_LINK]} if claims.RESOURCE_LINK in content else {}
    return {
        "ltiVersion": content[claims.VERSION],
        "user": user_section(content),
        "platform": platform_section(content),
        "context": content[claims.CONTEXT_CLAIM],
        "launch": {
            "id": str(launch.uuid),
            "type": content[claims.MESSAGE_TYPE],
            **present({"target": content.get(claims.TARGET_LINK_URI)}),
            "context": content[claims.CONTEXT_CLAIM],
            **link,
            "presentation": present(
                {"locale": presentation.get("locale"), "returnUrl": presentation.get("return_url")}
            ),
            "custom": content.get(claims.CUSTOM, {}),
        },
        "services": services_section(launch, content),
    }


def user_section(content: dict[str, Any]) -> dict[str, Any]:
    """The person. The SIS id has the name that it has in a roster's row."""
    ltiaas_names = {"givenName": content.get("given_name"), "familyName": content.get("family_name")}
    sourcedid = content.get(claims.LIS, {}).get("person_sourcedid")
    return {
        "id": content["sub"],
        **{name: content[name] for name in PERSON_FIELDS if name in content},
        **present({**ltiaas_names, "lis_person_sourcedid": sourcedid}),
        "roles": content[claims.ROLES],
    }


def platform_section(content: dict[str, Any]) -> dict[str, Any]:
    """The platform. Its `id` is made of the issuer and the client id, which identify a registration."""
    described = content.get(claims.TOOL_PLATFORM, {})
    registration = f"{content['iss']}\n{content['aud']}"
    return {
        "id": hashlib.sha256(registration.encode()).hexdigest()[:32],
        "url": content["iss"],
        "clientId": content["aud"],
        "deploymentId": content[claims.DEPLOYMENT_ID],
        **{name: described[source] for name, source in PLATFORM_NAMES.items() if source in described},
    }


def services_section(launch: Launch | CourseLaunch, content: dict[str, Any]) -> dict[str, Any]:
    """What the tool may ask for. This server answers deep linking itself, and has no grades."""
    has_roster = claims.NAMES_AND_ROLES in content
    key = ServiceKey.of_launch(launch) if has_roster else None
    return {
        "namesAndRoles": {"available": has_roster},
        "assignmentAndGrades": {"available": False},
        "deepLinking": {"available": False},
        **({"serviceKey": service_key_token.mint(key)} if key else {}),
    }
