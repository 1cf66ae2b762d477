"""The section of docs/lti/tools.md on ltiks describes what the ltik API does."""

import re
from typing import Any

import orjson
import pytest
from django.test import Client

from lti.ltik import errors, parameters
from lti.ltik.idtoken import PLATFORM_NAMES
from lti.models import Tool
from tests.client import ask
from tests.docs.blocks import blocks
from tests.docs.tables import table_under
from tests.lti.ltik.ltik_api import key_of, launch_of, ltik_of, request_with_ltik, service_key_of
from tests.lti.tools import deploy, make_tool
from tests.repository.import_order import ROOT
from tests.sample_data import SampleData

PAGE, HEADING = "docs/lti/tools.md", "Using an ltik"


def test_every_parameter_has_a_row() -> None:
    assert tuple(row[0].strip("`") for row in table_under(HEADING, PAGE)) == parameters.NAMES


def test_every_name_of_an_idtoken_is_documented(sample: SampleData) -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    tool = make_tool(may_read_sourcedid=True)
    answer = request_with_ltik(
        ltik_of(launch_of(sample.amara, sample.chess_club, deploy(tool))), key_of(tool), "/api/idtoken"
    )

    sections = {name: value for name, value in answer.body.items() if isinstance(value, dict)}
    names = {*answer.body, *(name for section in sections.values() for name in section), *PLATFORM_NAMES}
    assert sorted(name for name in names if f"`{name}`" not in page) == []


def test_the_error_that_is_shown_is_the_one_that_is_answered(db: None) -> None:
    shown = [orjson.loads(block) for block in blocks(PAGE, "json") if '"details"' in block]

    assert shown == [ask(None, "/api/memberships", headers={"Authorization": "LTIK-AUTH-V2"}).body]


def test_every_code_of_an_error_is_documented() -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")

    assert [
        word for word in errors.ERROR_CODES.values() if f"`{word}`" not in page and word != "METHOD_NOT_ALLOWED"
    ] == []


@pytest.fixture
def values(sample: SampleData) -> dict[str, str]:
    """The values of the variables in the lines."""
    tool: Tool = make_tool()
    launch = launch_of(sample.amara, sample.chess_club, deploy(tool))
    token = ltik_of(launch)
    key = key_of(tool, may_launch=True)
    url = ask(None, "/api/memberships?limit=1", headers={"Authorization": f"LTIK-AUTH-V2 {key}:{token}"}).body["next"]
    return {"$API_KEY": key, "$LTIK": token, "$NEXT": url, "$SERVICE_KEY": service_key_of(launch)}


def test_every_curl_line_is_answered(sample: SampleData, values: dict[str, str]) -> None:
    lines = [block for block in blocks(PAGE, "sh") if block.startswith("curl ")]
    assert len(lines) == 7
    for line in lines:
        assert run(line, sample, values) == (201 if "-X POST" in line else 200), line


def run(line: str, sample: SampleData, values: dict[str, str]) -> int:
    """The status that a line is answered with; its ids are those of the sample data."""
    for name, value in values.items():
        line = line.replace(name, value)
    headers = dict(re.findall(r'-H "([\w-]+): ([^"]+)"', line))
    [url] = re.findall(r'"http://127\.0\.0\.1:8000([^"]+)"', line)
    client: Any = Client()
    if "-X POST" in line:
        body = orjson.loads(re.findall(r"-d '([^']+)'", line)[0])
        assert body.keys() == {"userId", "organizationId"}
        sent = {"userId": sample.amara.pk, "organizationId": sample.chess_club.pk}
        headers.pop("Content-Type")
        return int(client.post(url, sent, content_type="application/json", headers=headers).status_code)
    given = dict(re.findall(r'--data-urlencode "(\w+)=([^"]+)"', line))
    return int(client.get(url, given or None, headers=headers).status_code)
