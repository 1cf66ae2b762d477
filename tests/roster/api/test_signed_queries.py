"""Queries signed as six known clients sign them are accepted; wrong, late and borrowed ones are not."""

from typing import Any

import pytest

from roster.models import ApiKey
from tests.client import Answer, ask
from tests.roster.api.signing import ADDRESS, NOW, Signer, signer
from tests.sample_data import SampleData

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.django_db,
    pytest.mark.usefixtures("clock", "behind_a_proxy"),
]

OTHER_ADDRESS = "192.0.2.8"


def assert_is_refused(answer: Answer, because: str) -> None:
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert because in answer.body["detail"]


@pytest.mark.parametrize(
    "key, signature",
    [
        ({"allow_md5": True}, {"digest": "md5"}),
        ({"allow_md5": True, "bound_to": ADDRESS}, {"digest": "md5", "address": ADDRESS, "sent_as": "ip"}),
        ({}, {"digest": "sha256"}),
        ({"bound_to": ADDRESS}, {"digest": "sha256", "address": ADDRESS}),
        ({"bound_to": ADDRESS}, {"digest": "sha512", "address": ADDRESS, "sent_as": "ipaddress"}),
    ],
    ids=[
        "MD5 without address",
        "MD5 with address sent as ip",
        "SHA-256 without address",
        "SHA-256 with an address in the hash that is not sent",
        "SHA-512 with ipaddress",
    ],
)
def test_a_known_client_is_accepted(key: dict[str, Any], signature: dict[str, Any]) -> None:
    client = signer(**key)

    assert client.ask("/api/test", client.parameters(**signature)).status == 200


def test_a_client_that_reuses_its_random_is_accepted() -> None:
    client = signer(bound_to=ADDRESS)
    signature: dict[str, Any] = {"digest": "sha512", "address": ADDRESS, "sent_as": "ipaddress", "random": "4711"}

    first, second = client.parameters(**signature), client.parameters(**signature, off=900)

    assert first["random"] == second["random"]
    assert [client.ask("/api/test", query).status for query in (first, second)] == [200, 200]


def test_a_client_that_sends_the_same_request_again_is_accepted() -> None:
    client = signer()
    query = client.parameters()

    assert [client.ask("/api/test", query).status for _ in range(2)] == [200, 200]


@pytest.mark.parametrize("signature", [{"address": ADDRESS, "sent_as": "ip"}, {"address": "", "sent_as": None}])
def test_a_key_that_is_not_bound_may_sign_an_address_or_not(signature: dict[str, Any]) -> None:
    client = signer()

    assert client.ask("/api/test", client.parameters(**signature)).status == 200


def test_an_address_may_be_sent_and_not_signed_where_the_key_is_not_bound() -> None:
    client = signer()

    assert client.ask("/api/test", {**client.parameters(), "ip": ADDRESS}).status == 200


def test_an_ipv6_address_is_signed_as_it_is_sent() -> None:
    client = signer(bound_to="2001:db8::7")
    query = client.parameters(address="2001:DB8:0:0:0:0:0:7", sent_as="ip")

    assert client.ask("/api/test", query, address="2001:db8::7").status == 200


def test_names_and_hash_may_be_in_any_letter_case() -> None:
    client = signer()
    query = {name.upper(): value for name, value in client.parameters().items()}

    assert client.ask("/api/test", {**query, "HASH": query["HASH"].upper()}).status == 200


@pytest.mark.parametrize("off", [-30_000, 0, 30_000])
def test_a_clock_may_be_30_seconds_off(off: int) -> None:
    client = signer()

    assert client.ask("/api/test", client.parameters(off=off)).status == 200


@pytest.mark.parametrize("off", [-31_000, -30_001, 30_001, 31_000])
def test_a_clock_may_not_be_31_seconds_off(off: int) -> None:
    client = signer()

    assert_is_refused(client.ask("/api/test", client.parameters(off=off)), "more than 30 seconds")


@pytest.mark.parametrize("digest", ["md5", "sha256", "sha512"])
def test_a_wrong_hash_is_refused(digest: str) -> None:
    client = signer(allow_md5=True)
    query = client.parameters(digest)
    wrong = query["hash"][:-1] + ("0" if query["hash"][-1] != "0" else "1")

    assert_is_refused(client.ask("/api/test", {**query, "hash": wrong}), "hash of this query does not match")


@pytest.mark.parametrize("name, value", [("random", "b7f4"), ("time", str(int(NOW.timestamp() * 1000) + 1))])
def test_a_signature_of_other_parameters_is_refused(name: str, value: str) -> None:
    client = signer()

    assert_is_refused(client.ask("/api/test", {**client.parameters(), name: value}), "does not match")


def test_a_signature_of_another_key_is_refused() -> None:
    client, other = signer(), signer()

    assert_is_refused(client.ask("/api/test", {**client.parameters(), "apikey": other.public_key}), "does not match")


@pytest.mark.parametrize("value", ["", "0", "g" * 64, "ab" * 20, "é" * 64])
def test_what_is_no_hash_is_refused(value: str) -> None:
    client = signer()

    assert client.ask("/api/test", {**client.parameters(), "hash": value}).status == 401


def test_a_bound_key_is_refused_from_another_address() -> None:
    client = signer(bound_to=ADDRESS)

    for query in (client.parameters(address=ADDRESS), client.parameters(address=ADDRESS, sent_as="ip")):
        assert client.ask("/api/test", query, address=OTHER_ADDRESS).status == 401


def test_a_bound_key_is_refused_for_another_address() -> None:
    client = signer(bound_to=ADDRESS)
    query = client.parameters(address=OTHER_ADDRESS, sent_as="ip")

    for caller in (ADDRESS, OTHER_ADDRESS):
        assert client.ask("/api/test", query, address=caller).status == 401


def test_a_bound_key_has_its_address_in_the_hash() -> None:
    client = signer(bound_to=ADDRESS)

    assert_is_refused(client.ask("/api/test", client.parameters()), "does not match")
    assert_is_refused(client.ask("/api/test", {**client.parameters(), "ip": ADDRESS}), "does not match")


def test_an_address_that_is_sent_is_the_callers_own() -> None:
    client = signer()
    query = client.parameters(address=OTHER_ADDRESS, sent_as="ip")

    assert_is_refused(client.ask("/api/test", query), "not the address of its sender")
    assert_is_refused(client.ask("/api/test", {**client.parameters(), "ip": "here"}), "not the address of its sender")


def test_an_untrusted_peer_may_not_say_where_a_query_comes_from(settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["203.0.113.1"]
    client = signer(bound_to=ADDRESS)

    assert_is_refused(client.ask("/api/test", client.parameters(address=ADDRESS)), "may not be used from this address")


def test_md5_needs_the_consent_of_the_key() -> None:
    client = signer()

    assert_is_refused(client.ask("/api/test", client.parameters("md5")), "does not allow MD5 hashes")


def test_sha1_is_not_among_the_hashes() -> None:
    client = signer(allow_md5=True)

    assert_is_refused(client.ask("/api/test", client.parameters("sha1")), "does not match")


@pytest.mark.parametrize("public", [False, True], ids=["closed", "open to the public"])
@pytest.mark.parametrize("missing", ["apikey", "time", "random", "hash"])
def test_an_incomplete_signature_is_refused(settings: Any, missing: str, public: bool) -> None:
    settings.PUBLIC_API = public
    client = signer()
    query = client.parameters()

    for rest in ({**query, missing: ""}, {name: value for name, value in query.items() if name != missing}):
        assert_is_refused(
            client.ask("/api/organizations", rest), "needs apikey, time, random and hash, each exactly once"
        )


def test_a_repeated_parameter_of_the_signature_is_refused() -> None:
    client = signer()

    assert_is_refused(client.ask("/api/test?RANDOM=b7f3", client.parameters()), "each exactly once")


def test_two_names_for_the_address_are_refused() -> None:
    client = signer()
    query = client.parameters(address=ADDRESS, sent_as="ip")

    assert_is_refused(client.ask("/api/test", {**query, "ipaddress": ADDRESS}), "may have only one address")


@pytest.mark.parametrize("time", ["1795348800", "1795348800250.5", "-179534880025", "now", "١٧٩٥٣٤٨٨٠٠٢٥٠"])
def test_a_time_that_is_not_in_milliseconds_is_refused(time: str) -> None:
    client = signer()

    assert_is_refused(client.ask("/api/test", {**client.parameters(), "time": time}), "13 digits")


def test_a_bearer_key_does_not_sign_and_a_signing_key_is_no_bearer() -> None:
    made, text = ApiKey.create_bearer("Portal")
    client = signer()

    assert client.ask("/api/test", Signer(made.prefix, text.rpartition("_")[2]).parameters()).status == 401
    assert ask(f"cr_{client.public_key}_{client.private_key}", "/api/test").status == 401


def test_a_signature_beside_another_key_is_refused(sample: SampleData) -> None:
    assert_is_refused(ask(sample.staff_key, "/api/test", **signer().parameters()), "more than one credential")


def test_a_signed_query_asks_like_any_other(sample: SampleData) -> None:
    client = signer()
    answer = client.ask("/api/memberships", {**client.parameters(), "userName": "amara.okafor", "pageSize": "2"})

    assert answer.body == ask(sample.campus_key, "/api/memberships", username="amara.okafor", pageSize=2).body
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_link_to_the_next_page_does_not_carry_the_signature(sample: SampleData) -> None:
    client = signer()
    query = client.parameters()
    link = client.ask("/api/memberships", {**query, "pageSize": "2"}).headers["Link"]

    assert "cursor=" in link
    assert not any(f"{name}=" in link for name in query)


@pytest.mark.parametrize("name", ["time", "random", "ip", "ipaddress"])
def test_a_parameter_of_a_signature_is_not_known_without_one(sample: SampleData, name: str) -> None:
    assert list(ask(sample.staff_key, "/api/organizations", **{name: "1"}).refused) == [name]


def test_a_key_stored_under_a_lost_secret_key_is_refused_and_the_log_says_why(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client = signer()
    settings.SECRET_KEY = "another" * 10

    assert_is_refused(client.ask("/api/test", client.parameters()), "does not match")
    assert f"The private key of {client.public_key} was stored under a SECRET_KEY" in caplog.text


def test_a_key_stored_under_an_earlier_secret_key_signs_while_that_one_is_a_fallback(settings: Any) -> None:
    client = signer()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, [settings.SECRET_KEY]

    assert client.ask("/api/test", client.parameters()).status == 200
