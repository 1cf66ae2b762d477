"""The address of the site itself, and the files that browsers and robots look for there."""

import pytest
from django.conf import settings
from django.test import Client

from roster.models import User
from tests.client import new_client
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases


def test_it_leads_everybody_to_the_pages_about_the_api(sample: SampleData) -> None:
    visitor, member = new_client(), new_client()
    member.force_login(sample.amara)

    for client in (visitor, member):
        response = client.get("/")
        assert (response.status_code, response["Location"]) == (302, "/api/docs/")
        assert client.get(response["Location"]).status_code == 200


def test_it_leads_staff_to_the_admin(sample: SampleData) -> None:
    client = new_client()
    client.force_login(User.objects.create_user("keeper", is_staff=True))

    response = client.get("/")

    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert client.get(response["Location"]).status_code == 200


def test_no_cache_hands_the_way_of_one_to_another(sample: SampleData) -> None:
    response = new_client().get("/")

    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert "Cookie" in response["Vary"]


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_it_is_only_read(sample: SampleData, method: str) -> None:
    response = getattr(Client(), method)("/")

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_robots_are_asked_to_stay_away(sample: SampleData) -> None:
    response = Client().get("/robots.txt")

    assert (response.status_code, response["Content-Type"]) == (200, 'text/plain; charset="utf-8"')
    assert response.getvalue() == b"User-agent: *\nDisallow: /\n"


def test_there_is_a_picture_for_browsers(sample: SampleData) -> None:
    response = Client().get("/favicon.ico")

    assert response.status_code == 200
    assert response["Content-Type"].startswith("image/")
    assert response.getvalue() == (settings.BASE_DIR / "roster" / "root" / "favicon.ico").read_bytes()


@pytest.mark.parametrize("path", ["/robots.txt.gz", "/favicon.png", "/robots.txt/", "/index.html"])
def test_there_is_nothing_else(sample: SampleData, path: str) -> None:
    assert Client().get(path).status_code == 404
