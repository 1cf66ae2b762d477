"""The sign-in page of LTI leads to a page that is there."""

import pytest
from django.test import Client

from roster.models import User

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.mark.parametrize("is_staff", [False, True])
def test_signing_in_without_a_next_page_leads_to_one_that_is_there(is_staff: bool) -> None:
    User.objects.create_user("ben", password="a long word 42", is_staff=is_staff)
    client = Client()

    answer = client.post("/lti/sign-in", {"username": "ben", "password": "a long word 42"}, follow=True)

    assert answer.redirect_chain[0] == ("/", 302)
    assert answer.status_code == 200
    assert client.get("/lti/sign-in", follow=True).status_code == 200, "somebody who is signed in already"
