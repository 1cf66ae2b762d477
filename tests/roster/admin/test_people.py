"""Staff keep the people of the campus."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group, Permission
from django.test import Client

from roster.models import User
from tests.pages import opened, signed_in
from tests.sample_data import MODIFIED, SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

TAKEN = "Somebody has this username already, perhaps in other letter case."
PASSWORD = "correct horse battery staple"


@pytest.fixture
def client(sample: SampleData) -> Client:
    return signed_in(User.objects.create_superuser("root", last_name="Root"))


def test_a_person_is_added_without_a_password(client: Client) -> None:
    page = opened(client, User, "add").send(
        username="omar.said", first_name="Omar", last_name="Saïd", campus_email="omar.said@example.edu"
    )

    user = User.objects.get(username="omar.said")
    assert page.url.endswith(f"/{user.pk}/change/")
    assert user.has_usable_password() is False
    assert (user.name_key, user.status, user.is_staff) == ("said\x01omar", "active", False)


def test_a_person_is_added_with_a_password_to_sign_in(client: Client) -> None:
    opened(client, User, "add").send(
        username="omar.said", usable_password="true", password1=PASSWORD, password2=PASSWORD
    )

    assert authenticate(username="Omar.Said", password=PASSWORD) == User.objects.get(username="omar.said")


def test_a_new_person_can_be_confidential_from_the_beginning(client: Client) -> None:
    opened(client, User, "add").send(username="omar.said", is_confidential="on")

    assert User.objects.get(username="omar.said").is_confidential is True


@pytest.mark.parametrize("username", ["amara.okafor", "AMARA.Okafor", "amara.ökafor"])
def test_a_new_person_takes_nobodys_username(client: Client, username: str) -> None:
    page = opened(client, User, "add").send(username=username)

    assert page.errors == [TAKEN]
    assert TAKEN in page.text


def test_a_renamed_person_takes_nobodys_username(client: Client, sample: SampleData) -> None:
    page = opened(client, sample.ben).send(username="Amara.Okafor")

    assert page.errors == [TAKEN]
    sample.ben.refresh_from_db()
    assert sample.ben.username == "benjamin.whitlock"


def test_a_person_may_change_the_letter_case_of_the_own_username(client: Client, sample: SampleData) -> None:
    opened(client, sample.ben).send(username="Benjamin.Whitlock")

    sample.ben.refresh_from_db()
    assert sample.ben.username == "Benjamin.Whitlock"


@pytest.mark.parametrize(
    "field, value, error",
    [
        ("username", "", "This field is required."),
        ("status", "gone", "Select a valid choice. gone is not one of the available choices."),
        ("last_name", "Two\tTabs", "A name has no control characters, line breaks or tabs."),
        ("campus_email", "nowhere", "Enter a valid email address."),
    ],
)
def test_the_error_of_a_wrong_value_is_shown_beside_its_field(
    client: Client, sample: SampleData, field: str, value: str, error: str
) -> None:
    assert opened(client, sample.ben).send(**{field: value}).errors == [error]


@pytest.mark.parametrize(
    "custom_fields",
    ['{"name": "Hall"}', '[{"name": "Hall", "value": "Alder"}]', '["Hall"]', '[{"name": "a\\u0000b", "value": []}]'],
)
def test_custom_fields_of_another_shape_are_refused(client: Client, sample: SampleData, custom_fields: str) -> None:
    page = opened(client, sample.ben).send(custom_fields=custom_fields)

    assert page.errors == ['Custom fields are a list: [{"name": "Residence hall", "value": ["Alder House"]}].']


def test_custom_fields_are_kept_as_they_are_written(client: Client, sample: SampleData) -> None:
    opened(client, sample.ben).send(custom_fields='[{"name": "Hall", "value": ["Alder", "Æther"]}]')

    sample.ben.refresh_from_db()
    assert sample.ben.custom_fields == [{"name": "Hall", "value": ["Alder", "Æther"]}]


def test_everything_about_a_person_can_be_changed(client: Client, sample: SampleData) -> None:
    changes = {
        "first_name": "Benedict",
        "preferred_first_name": "Benny",
        "middle_name": "Q",
        "last_name": "White",
        "campus_email": "b@example.edu",
        "preferred_email": "b@mail.example.org",
        "mobile_phone": "555-0199",
        "picture_url": "https://www.example.edu/b.jpg",
        "card_id": "C1",
        "sis_id": "S1",
        "affiliation": "Alumni",
        "enrollment_status": "None",
        "class_standing": "Graduate",
        "school": "Law",
        "status": "inactive",
    }
    opened(client, sample.ben).send(**changes, is_confidential="on")

    sample.ben.refresh_from_db()
    assert {name: getattr(sample.ben, name) for name in changes} == changes
    assert sample.ben.is_confidential is True
    assert sample.ben.school_folded == "law"


def test_a_page_sent_back_as_it_was_changes_nothing(client: Client, sample: SampleData) -> None:
    opened(client, sample.amara).send()

    sample.amara.refresh_from_db()
    assert sample.amara.modified_at == MODIFIED
    assert sample.amara.attribute_times == {}


def test_a_changed_attribute_takes_the_time_of_its_change(client: Client, sample: SampleData) -> None:
    opened(client, sample.amara).send(class_standing="Graduate")

    sample.amara.refresh_from_db()
    assert list(sample.amara.attribute_times) == ["class_standing"]
    assert sample.amara.modified_at > MODIFIED


def test_the_page_of_a_confidential_person_says_so_first(client: Client, sample: SampleData) -> None:
    assert "Confidential: only staff may know about this person" in opened(client, sample.marisol).text
    assert "Confidential: this person" not in opened(client, sample.amara).text


def test_an_administrator_gives_a_password(client: Client, sample: SampleData) -> None:
    page = opened(client, sample.ben)
    assert "../password/" in page.links

    answer = client.post(
        page.url.replace("/change/", "/password/"), {"password1": PASSWORD, "password2": PASSWORD, "set-password": "1"}
    )

    assert answer.status_code == 302
    assert authenticate(username="benjamin.whitlock", password=PASSWORD) == sample.ben


def test_a_hash_is_never_shown(client: Client, sample: SampleData) -> None:
    sample.ben.set_password(PASSWORD)
    sample.ben.save()

    assert sample.ben.password not in opened(client, sample.ben).response.content.decode()


def test_groups_and_permissions_are_given(client: Client, sample: SampleData) -> None:
    group = Group.objects.create(name="Front desk")
    permission = Permission.objects.get(codename="ask_as_staff")

    opened(client, sample.nadia).send(is_staff="on", groups=[str(group.pk)], user_permissions=[str(permission.pk)])

    sample.nadia.refresh_from_db()
    assert sample.nadia.is_staff is True
    assert [*sample.nadia.groups.all(), *sample.nadia.user_permissions.all()] == [group, permission]


def test_people_are_filtered_by_what_marks_them(client: Client, sample: SampleData) -> None:
    assert opened(client, User, is_confidential__exact="1").listed == [sample.marisol]
    assert opened(client, User, status__exact="inactive").listed == [sample.grace]
