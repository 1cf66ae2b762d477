"""Which models are the roster, whose every change is noted, and which are not: one decision for each model."""

from typing import Any

from django.apps import apps

from roster.models import ChangeTracked, TimeStamped
from roster.querysets import ChangeTrackedQuerySet, TimeStampedQuerySet
from tests.repository.test_constraints import PACKAGES

TRACKED = {
    "memberships.Membership": "a list of its own",
    "memberships.Reflection": "printed with the membership",
    "organizations.Category": "printed with organizations",
    "organizations.CustomField": "printed with the organization",
    "organizations.LimitedKey": "says what a key sees",
    "organizations.Organization": "a list of its own",
    "organizations.OrganizationType": "printed with organizations",
    "organizations.Position": "a list of its own",
    "organizations.PositionTemplate": "printed with positions and memberships",
    "organizations.PositionType": "printed with positions and memberships",
    "roster.User": "a list of its own",
}
NOT_TRACKED = {
    "lti.AccessToken": "a credential",
    "lti.Context": "an id of an organization that never changes",
    "lti.Course": "what an LMS says of itself",
    "lti.CourseLaunch": "a launch",
    "lti.CourseLink": "where members come from; those are tracked",
    "lti.CourseRole": "a part of a course link",
    "lti.CourseSync": "a report",
    "lti.Deployment": "where a tool is used; differences read its own time",
    "lti.Disclosed": "a record of what was disclosed",
    "lti.Invitation": "a credential",
    "lti.Launch": "a launch",
    "lti.LearningPlatform": "a registration; its key set is fetched",
    "lti.PlatformDeployment": "a registration",
    "lti.PlatformKey": "a signing key",
    "lti.Recognized": "who a person of a course is here",
    "lti.ResourceLink": "a link to launch from",
    "lti.ServiceKey": "a credential",
    "lti.SyncedMembership": "that a sync made a membership",
    "lti.Tool": "a registration; differences read its own time",
    "lti.ToolApiKey": "a credential",
    "lti.ToolKey": "a credential",
    "lti.UsedNonce": "replay protection",
    "roster.ApiKey": "a credential; what it may know is a part of what is asked",
    "roster.Change": "the log itself",
    "roster.DatabaseInstance": "of the log",
    "roster.KeyUse": "counted requests",
    "roster.LastUse": "counted requests",
    "roster.RateCount": "counted requests",
}


def models() -> dict[str, Any]:
    return {model._meta.label: model for package in PACKAGES for model in apps.get_app_config(package).get_models()}


def test_each_model_is_tracked_or_is_not() -> None:
    assert sorted([*TRACKED, *NOT_TRACKED]) == sorted(models())
    assert sorted(name for name, model in models().items() if issubclass(model, ChangeTracked)) == sorted(TRACKED)


def test_the_manager_of_each_model_goes_the_way_of_its_base_classes() -> None:
    for base, words in ((ChangeTracked, ChangeTrackedQuerySet), (TimeStamped, TimeStampedQuerySet)):
        having = {name for name, model in models().items() if issubclass(model, base)}
        asked = {name for name, model in models().items() if isinstance(model._default_manager.all(), words)}
        assert asked == having
