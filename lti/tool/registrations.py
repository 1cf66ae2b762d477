"""The learning platforms that this server is registered with, and their deployments, as a launch names them."""

from typing import Any

from django.core.exceptions import ValidationError

from lti.models import LearningPlatform, PlatformDeployment
from lti.tool.errors import LaunchRefused
from lti.tool.texts import is_lms_id
from roster.names import validate_identifier

MAX_PENDING_DEPLOYMENTS = 50
"""Maximum pending deployments of a platform. Further ones are not stored."""


def platform_of(issuer: Any, client_id: Any) -> LearningPlatform:
    """The active learning platform of this issuer and client id. LaunchRefused if there is none."""
    if not is_lms_id(issuer) or not (client_id is None or is_lms_id(client_id)):
        raise LaunchRefused(400, "The learning platform did not say who it is (iss, client_id).")
    platforms = LearningPlatform.objects.active().filter(issuer=issuer)
    found: list[LearningPlatform] = list(platforms.filter(client_id=client_id) if client_id else platforms[:2])
    if len(found) > 1:
        raise LaunchRefused(
            400, "This server is registered with this learning platform more than once: client_id is needed."
        )
    if not found:
        raise LaunchRefused(403, "This server is not registered with this learning platform, or not any more.")
    return found[0]


def deployment_of(platform: LearningPlatform, deployment_id: str) -> PlatformDeployment:
    """The active deployment of this id. LaunchRefused for any other; a new one is stored as pending for staff."""
    found: PlatformDeployment | None = platform.deployments.filter(deployment_id=deployment_id).first()
    if found is None:
        try:
            validate_identifier(deployment_id)
        except ValidationError as error:
            raise LaunchRefused(400, f"The id of this deployment cannot be kept. {error.messages[0]}") from error
    if found is None and platform.deployments.filter(status="pending").count() < MAX_PENDING_DEPLOYMENTS:
        found = platform.deployments.get_or_create(deployment_id=deployment_id, defaults={"status": "pending"})[0]
    if found is None or not found.is_active:
        raise LaunchRefused(
            403,
            f"The deployment {deployment_id} of {platform.name} is not one that this server works with. Its staff can "
            "activate it in the admin, under “Deployments in an LMS”.",
        )
    return found
