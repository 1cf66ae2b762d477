"""The claims of a launch from a course, rebuilt from what is stored of it, as far as the tool may read them."""

from typing import Any

from lti import claims, roles
from lti.ltik.course_members import tool_of
from lti.models import CourseLaunch


def course_claims(launch: CourseLaunch) -> dict[str, Any]:
    """Who launched, from which platform, where. What the LMS did not send is absent."""
    course, platform, tool = launch.course, launch.platform, tool_of(launch)
    person = {name: value for name, value in (launch.person or {}).items() if name in tool.member_fields}
    sourcedid = person.pop("lis_person_sourcedid", "")
    link = {"title": launch.resource_link_title, "description": launch.resource_link_description}
    service = {"context_memberships_url": launch.memberships_url, "service_versions": ["2.0"]}
    optional = {
        claims.TARGET_LINK_URI: launch.target_link_url,
        claims.CUSTOM: launch.custom if tool.may_read_texts_of_platforms else {},
        claims.TOOL_PLATFORM: present({**launch.platform_details, "product_family_code": launch.product}),
        claims.LAUNCH_PRESENTATION: present({"locale": launch.locale, "return_url": launch.return_url}),
        claims.NAMES_AND_ROLES: service if launch.memberships_url else {},
        claims.LIS: present({"person_sourcedid": sourcedid}),
    }
    return {
        "iss": platform.issuer,
        "aud": platform.client_id,
        "azp": platform.client_id,
        "sub": launch.subject,
        **person,
        claims.MESSAGE_TYPE: claims.RESOURCE_LINK_REQUEST,
        claims.VERSION: claims.LTI_VERSION,
        claims.DEPLOYMENT_ID: course.deployment.deployment_id,
        claims.RESOURCE_LINK: {"id": launch.resource_link_id, **present(link)},
        claims.ROLES: launch.roles or [roles.SYSTEM_USER_ROLE],
        claims.CONTEXT_CLAIM: {
            "id": course.context_id,
            **present({"label": course.label, "title": course.title, "type": course.types}),
        },
        **present(optional),
    }


def present(values: dict[str, Any]) -> dict[str, Any]:
    """Those of these values that are not empty."""
    return {name: value for name, value in values.items() if value}
