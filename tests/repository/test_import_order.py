"""Arrows between the packages go one way: config, lti, memberships, organizations, roster."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from tests.repository.import_order import ORDER, ROOT, backward_arrows, backward_relations, import_cycles


def test_no_source_points_backwards() -> None:
    assert [str(arrow) for arrow in backward_arrows()] == []


def test_no_relation_between_models_points_backwards() -> None:
    assert backward_relations(apps.get_models(include_auto_created=True)) == []


def test_no_modules_or_folders_import_each_other_in_a_cycle() -> None:
    assert import_cycles() == []


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
        ("roster/reads/a.py", "from rest_framework.views import APIView", "rest_framework.views.APIView"),
        ("roster/reads/a.py", "from django.http import HttpRequest", "django.http.HttpRequest"),
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
        ("roster/reads/a.py", "from rest_framework.serializers import Serializer"),
        ("roster/a.py", '"""A user is not shown memberships."""'),
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


@pytest.mark.parametrize(
    "files, cycle",
    [
        ({"roster/a.py": "import roster.b", "roster/b.py": "from roster import a"}, "roster: a.py <- b.py <- a.py"),
        (
            {
                "lti/a/one.py": "from lti.b import one",
                "lti/b/one.py": "",
                "lti/b/two.py": "def f():\n    import lti.a.two",
                "lti/a/two.py": "",
            },
            "lti: a <- b <- a",
        ),
        (
            {"roster/__init__.py": "", "roster/a.py": "import roster", "roster/b.py": "import roster.a"},
            None,
        ),
    ],
)
def test_a_cycle_is_found(tmp_path: Path, files: dict[str, str], cycle: str | None) -> None:
    for file, source in files.items():
        write(tmp_path / file, source)

    assert import_cycles(tmp_path) == ([cycle] if cycle else [])


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
