"""Arrows between the packages go one way: config, lti, memberships, organizations, roster."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from tests.repository.import_order import ORDER, ROOT, backward_arrows, backward_relations


def test_no_source_points_backwards() -> None:
    assert [str(arrow) for arrow in backward_arrows()] == []


def test_no_relation_between_models_points_backwards() -> None:
    assert backward_relations(apps.get_models(include_auto_created=True)) == []


def test_the_order_names_every_package_of_the_product() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}

    assert packages - {"tests", "bench"} <= set(ORDER)


@pytest.mark.parametrize(
    "file, source, target",
    [
        ("roster/a.py", "import organizations", "organizations"),
        ("roster/a.py", "import memberships.models as m", "memberships.models"),
        ("roster/a.py", "from organizations.models import Organization", "organizations.models.Organization"),
        ("roster/api/a.py", "from ...organizations import models", "organizations.models"),
        ("roster/api/a.py", "from ... import lti", "lti"),
        ("roster/a.py", "def f():\n    from config import settings", "config.settings"),
        ("roster/a.py", "if TYPE_CHECKING:\n    import lti.models", "lti.models"),
        ("roster/a.py", "from tests.conftest import sample", "tests.conftest.sample"),
        ("organizations/a.py", "ForeignKey('memberships.Membership', CASCADE)", "memberships.Membership"),
        ("organizations/a.py", "ManyToManyField(to='lti.Tool')", "lti.Tool"),
        ("organizations/a.py", "apps.get_model('memberships.Membership')", "memberships.Membership"),
        ("organizations/a.py", "apps.get_model('memberships', 'Membership')", "memberships.Membership"),
        ("organizations/a.py", "import_module('memberships')", "memberships"),
        ("organizations/a.py", "import_string('memberships.models.Membership')", "memberships.models.Membership"),
        ("organizations/migrations/0002_a.py", "dependencies = [('lti', '0001_initial')]", "lti.0001_initial"),
        ("memberships/a.py", "path('lti/', include('lti.urls'))", "lti.urls"),
        ("lti/a.py", "from config.urls import urlpatterns", "config.urls.urlpatterns"),
        ("roster/privacy.py", "from rest_framework import serializers", "rest_framework.serializers"),
    ],
)
def test_a_backward_arrow_is_found(tmp_path: Path, file: str, source: str, target: str) -> None:
    write(tmp_path / file, source)

    assert [arrow.target for arrow in backward_arrows(tmp_path)] == [target]


@pytest.mark.parametrize(
    "file, source",
    [
        ("roster/a.py", "import roster.models"),
        ("roster/a.py", "from rest_framework import serializers"),
        ("roster/a.py", '"""A user is not told of memberships."""'),
        ("roster/a.py", "'memberships'"),
        ("organizations/a.py", "from roster.models import User"),
        ("memberships/a.py", "ForeignKey('organizations.Position', PROTECT)"),
        ("memberships/a.py", "apps.get_model('roster', 'User')"),
        ("lti/a.py", "from memberships.models import Membership"),
        ("config/urls.py", "include('lti.urls')"),
    ],
)
def test_a_forward_arrow_is_allowed(tmp_path: Path, file: str, source: str) -> None:
    write(tmp_path / file, source)

    assert backward_arrows(tmp_path) == []


@isolate_apps("roster", "memberships")
def test_a_backward_relation_is_found() -> None:
    class Above(models.Model):
        class Meta:
            app_label = "memberships"

        def __str__(self) -> str:
            return ""

    class Below(models.Model):
        one = models.ForeignKey(Above, on_delete=models.CASCADE)
        many = models.ManyToManyField(Above, related_name="+")

        class Meta:
            app_label = "roster"

        def __str__(self) -> str:
            return ""

    assert backward_relations([Above, Below]) == [
        "roster.Below.one may not point to memberships.Above",
        "roster.Below.many may not point to memberships.Above",
    ]


def write(path: Path, source: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
