"""Learning platforms and their courses for the tests."""

from typing import Any

from lti.models import Course, LearningPlatform, PlatformDeployment

LMS = "https://lms.example.com"


def make_platform(**fields: Any) -> LearningPlatform:
    """An active registration with an LMS that is not there."""
    usual = {
        "name": "Campus LMS",
        "issuer": LMS,
        "client_id": "campus-roster",
        "authorization_url": f"{LMS}/auth",
        "token_url": f"{LMS}/token",
        "key_set_url": f"{LMS}/keys",
    }
    platform: LearningPlatform = LearningPlatform.objects.create(**{**usual, **fields})
    return platform


def make_course(platform: LearningPlatform | None = None, deployment_id: str = "1", **fields: Any) -> Course:
    """A course of an active deployment; on a platform of its own unless one is given."""
    platform = platform or make_platform()
    deployment = PlatformDeployment.objects.get_or_create(platform=platform, deployment_id=deployment_id)[0]
    usual = {
        "context_id": "chem-101",
        "label": "CHEM 101",
        "title": "General Chemistry",
        "memberships_url": f"{platform.issuer}/courses/chem-101/memberships",
    }
    course: Course = Course.objects.create(deployment=deployment, **{**usual, **fields})
    return course
