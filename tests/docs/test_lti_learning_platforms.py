"""docs/lti/learning-platforms.md describes what the server sends to an LMS, and what it answers."""

from http import HTTPStatus

from lti.admin.learning_platforms import LABELS
from lti.core.tool_configuration import platform_configuration
from tests.docs.tables import table_under

PAGE = "docs/lti/learning-platforms.md"


def test_every_value_to_copy_has_a_row() -> None:
    written = table_under("Registering by hand", PAGE)
    values = platform_configuration()

    assert written == [
        (LABELS[name], f"`{value.replace('https://testserver', 'https://roster.example.edu')}`")
        for name, value in values.items()
    ]


def test_the_words_of_errors_are_those_of_their_status() -> None:
    written = table_under("For the developer of the tool", PAGE)

    assert [(row[0].strip("`"), row[1]) for row in written] == [
        (HTTPStatus(int(row[1])).name, row[1]) for row in written
    ]
