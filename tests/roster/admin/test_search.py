"""Searching compares names as they are compared everywhere: without regard to case, accents or compatibility forms."""

import pytest
from django.db.models import Model
from django.test import Client

from memberships.models import Membership
from organizations.models import Category, Organization, OrganizationType, Position, PositionTemplate, PositionType
from roster.models import ApiKey, User
from tests.pages import opened, signed_in
from tests.sample_data import SampleData, person

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def client(sample: SampleData) -> Client:
    return signed_in(User.objects.create_superuser("root"))


def found(client: Client, model: type[Model], term: str) -> list[str]:
    return [str(row) for row in opened(client, model, q=term).listed]


@pytest.mark.parametrize("term", ["Angstrom", "angstrom", "ÅNGSTRÖM", "  ångström  ", "liv Ångström", "strom liv"])
def test_a_person_is_found_by_a_name_however_it_is_written(client: Client, term: str) -> None:
    person("lang01", "Liv", "Ångström")
    person("langstrand", "Liv", "Langstrand")

    assert found(client, User, term) == ["Liv Ångström (lang01)"]


@pytest.mark.parametrize("term", ["ben", "benjamin", "BENJAMIN.WHITLOCK", "benjamin.whitlock@", "c004137", "S730211"])
def test_a_person_is_found_by_everything_that_tells_who_it_is(client: Client, term: str) -> None:
    assert found(client, User, term) == ["Ben Whitlock (benjamin.whitlock)"]


def test_part_of_a_card_id_finds_nobody(client: Client) -> None:
    assert found(client, User, "C0041") == []


@pytest.mark.parametrize("term", ["teatro nandu", "NANDU", "ñandú"])
def test_an_organization_is_found_by_name_and_short_name(client: Client, term: str) -> None:
    assert found(client, Organization, term) == ["Teatro Ñandú"]


def test_a_position_is_found_by_its_name_and_its_organizations(client: Client) -> None:
    assert found(client, Position, "chess president") == ["President, Chess Club", "President, Chess Club"]
    assert found(client, Position, "eclairagiste") == ["Éclairagiste, Teatro Ñandú"]


def test_a_membership_is_found_by_person_position_and_organization(client: Client) -> None:
    assert found(client, Membership, "desrosiers") == [
        "Chloé Desrosiers: Senator, Student Government",
        "Chloé Desrosiers: Artistic Director, Teatro Ñandú",
    ]
    assert found(client, Membership, "CHLOE nandu") == ["Chloé Desrosiers: Artistic Director, Teatro Ñandú"]
    assert found(client, Membership, "chloe chess") == []


def test_a_key_is_found_by_its_name_and_the_start_of_its_prefix(client: Client) -> None:
    key, _ = ApiKey.create_bearer("Portal of the Library")

    assert found(client, ApiKey, "library") == [str(key)]
    assert found(client, ApiKey, key.prefix[:8]) == [str(key)]


@pytest.mark.parametrize("model", [Category, OrganizationType, PositionTemplate, PositionType])
def test_a_word_of_a_list_is_found_without_its_accents(client: Client, model: type[Model]) -> None:
    model._default_manager.create(name="Café")
    model._default_manager.create(name="Cave")

    assert found(client, model, "CAFE") == ["Café"]


@pytest.mark.parametrize("model", [Category, Membership, Organization, Position, User, ApiKey])
@pytest.mark.parametrize("term", ["%", "_", "'", '"', "\\", '"un closed'])
def test_no_term_breaks_a_search(client: Client, model: type[Model], term: str) -> None:
    assert opened(client, model, q=term).status == 200


def test_signs_that_databases_match_anything_with_are_plain_signs(client: Client) -> None:
    assert found(client, Organization, "%") == []
    assert found(client, Organization, "*") == ["*LEAD*"]


def test_organizations_stand_in_the_order_of_their_search_keys(client: Client) -> None:
    Organization.objects.create(name="Écoute")
    Organization.objects.create(name="eating club")

    names = [row.name for row in opened(client, Organization).listed]

    assert names.index("eating club") < names.index("Écoute") < names.index("Finance Committee")


def test_people_stand_in_the_order_of_their_search_keys_of_last_and_first_names(client: Client) -> None:
    person("z1", "Zoé", "Ábel")
    person("a1", "Anna", "Abel")
    person("c1", "Cy", "abernathy")

    assert found(client, User, "")[:5] == [
        "(root)",
        "Anna Abel (a1)",
        "Zoé Ábel (z1)",
        "Cy abernathy (c1)",
        "Jolene Abernathy (jolene.abernathy)",
    ]


def test_memberships_stand_as_the_roster_prints_them(client: Client) -> None:
    listed = [row.pk for row in opened(client, Membership).listed]

    assert listed == [row.pk for row in Membership.objects.not_deleted().order_by("position__order_key", "id")]
