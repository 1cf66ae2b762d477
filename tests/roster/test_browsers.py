"""A browser loads the pages of this site from this site alone, and shows them in no other's frame."""

import pytest
from django.test import Client

from roster.content_security_policy import CONTENT_SECURITY_POLICY
from tests.sample_data import SampleData


def headers(path: str) -> dict[str, str]:
    return dict(Client().get(path).headers)


@pytest.mark.parametrize("path", ["/admin/login/", "/nothing"])
def test_a_page_names_no_other_host(db: None, path: str) -> None:
    sent = headers(path)

    assert sent["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert "'unsafe-inline'" not in CONTENT_SECURITY_POLICY.partition("style-src")[0]
    assert sent["X-Frame-Options"] == "DENY"
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert sent["Referrer-Policy"] == "same-origin"
    assert sent["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_form_may_be_sent_to_the_tool_that_it_launches() -> None:
    assert "form-action" not in CONTENT_SECURITY_POLICY


def test_a_page_with_a_policy_of_its_own_keeps_it(db: None) -> None:
    assert headers("/api/docs/")["Content-Security-Policy"] not in {"", CONTENT_SECURITY_POLICY}


def test_an_answer_of_the_api_is_never_taken_for_a_page(sample: SampleData) -> None:
    sent = headers("/api/memberships")

    assert "Content-Security-Policy" not in sent
    assert sent["X-Content-Type-Options"] == "nosniff"
