"""Where a request ends in the bytes of a connection (`config/framing.py`)."""

import pytest

from config.framing import BODY_LIMIT, HEAD_LIMIT, Incoming, origin

GET = b"GET /api/test HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /lti/token HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"


@pytest.mark.parametrize("request_sent", [GET, POST, b"\r\n" + GET, b"GET / HTTP/1.0\r\n\r\n"])
def test_a_request_is_whole_at_its_last_byte_and_not_before(request_sent: bytes) -> None:
    incoming = Incoming()
    found = [incoming.add(bytes([byte])) for byte in request_sent]
    assert found == [False] * (len(request_sent) - 1) + [True]
    assert not incoming.is_last
    assert incoming.take() == request_sent


def test_requests_that_come_together_are_taken_one_by_one() -> None:
    incoming = Incoming()
    assert incoming.add(POST + GET + GET[:5])
    assert incoming.take() == POST
    assert incoming.parse_buffered()
    assert incoming.take() == GET
    assert not incoming.parse_buffered()
    assert incoming.add(GET[5:])
    assert incoming.take() == GET


@pytest.mark.parametrize(
    "field", [b"Transfer-Encoding: chunked", b"transfer-encoding : gzip", b"Content-Length: %d" % (BODY_LIMIT + 1)]
)
def test_a_body_that_is_not_read_ends_the_connection(field: bytes) -> None:
    incoming = Incoming()
    assert incoming.add(b"POST / HTTP/1.1\r\n" + field + b"\r\n\r\n")
    assert incoming.is_last
    assert incoming.has_long_body == field.startswith(b"Content")


@pytest.mark.parametrize("field", [b"Content-Length: -5", b"Content-Length: 5, 5", b"Content-Length: +5"])
def test_a_length_that_is_none_is_left_to_the_parser_and_nothing_after_it_is_read(field: bytes) -> None:
    incoming = Incoming()
    assert incoming.add(b"POST / HTTP/1.1\r\n" + field + b"\r\n\r\n")
    assert incoming.is_last


def test_a_length_with_many_zeros_before_it_is_the_length() -> None:
    sent = b"GET / HTTP/1.1\r\nContent-Length: " + b"0" * 5000 + b"%d\r\n\r\n" % len(GET) + GET
    incoming = Incoming()
    assert [incoming.add(sent[:-1]), incoming.add(sent[-1:]), incoming.is_last] == [False, True, False]
    assert incoming.take() == sent


@pytest.mark.parametrize("digits", [19, 22, 5000])
def test_what_follows_a_length_of_any_size_is_never_a_request(digits: int) -> None:
    incoming = Incoming()
    assert incoming.add(b"GET / HTTP/1.1\r\nContent-Length: " + b"9" * digits + b"\r\n\r\n" + GET)
    assert (incoming.is_last, incoming.has_long_body) == (True, True)


def test_two_lengths_end_the_connection_even_if_they_are_alike() -> None:
    incoming = Incoming()
    assert incoming.add(b"POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello" + GET)
    assert incoming.is_last


@pytest.mark.parametrize(
    "line", [b"\r\nGET / HTTP/1.1", b"GET / HTTP/1.1", b"GET / HTTP/1.0", b"GET / HTTP/1.0 HTTP/1.1"]
)
def test_only_a_client_of_http_1_1_receives_100_continue(line: bytes) -> None:
    incoming = Incoming()
    incoming.add(line + b"\r\nHost: x\r\nX: HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
    assert incoming.expects_continue == line.endswith(b"1.1")


@pytest.mark.parametrize("sent", [b"GET / HTTP/1.1\n", b"GET / HTTP/1.1\r\nHost: x\n\n"])
def test_lines_that_end_otherwise_are_handed_on_at_once(sent: bytes) -> None:
    incoming = Incoming()
    assert incoming.add(sent)
    assert incoming.is_last


def test_headers_without_end_are_given_up() -> None:
    incoming = Incoming()
    incoming.add(b"GET / HTTP/1.1\r\n")
    field = b"X-One: " + b"1" * 993 + b"\r\n"
    assert [incoming.add(field) for _ in range(HEAD_LIMIT // len(field) + 1)][-1]
    assert incoming.has_long_head


def test_an_address_without_end_keeps_little_memory_and_the_headers_after_it() -> None:
    incoming = Incoming()
    incoming.add(b"GET /" + b"a" * HEAD_LIMIT)
    for _ in range(50):
        assert not incoming.add(b"a" * HEAD_LIMIT)
        assert len(incoming.data) < 2 * HEAD_LIMIT
    assert incoming.add(b" HTTP/1.1\r\nOrigin: https://portal.example.edu\r\n\r\n")
    assert len(incoming.data.partition(b"\r\n")[0]) > 8190
    assert origin(incoming.take()) == "https://portal.example.edu"


@pytest.mark.parametrize(
    "line, path",
    [
        (b"GET /healthz HTTP/1.1", b"/healthz"),
        (b"HEAD /readyz/?a=b HTTP/1.0", b"/readyz"),
        (b"GET /healthzz HTTP/1.1", None),
        (b"GET /api/healthz HTTP/1.1", None),
        (b"POST /healthz HTTP/1.1", None),
    ],
)
def test_health_checks_are_recognized(line: bytes, path: bytes | None) -> None:
    incoming = Incoming()
    incoming.add(line + b"\r\nHost: x\r\n\r\n")
    assert incoming.probe() == path


@pytest.mark.parametrize(
    "version, field, expected",
    [
        (b"1.1", b"Expect: 100-continue", True),
        (b"1.1", b"Expect: more", False),
        (b"1.0", b"Expect: 100-continue", False),
    ],
)
def test_only_a_client_that_expects_100_continue_receives_it(version: bytes, field: bytes, expected: bool) -> None:
    incoming = Incoming()
    incoming.add(b"POST / HTTP/" + version + b"\r\nContent-Length: 5\r\n" + field + b"\r\n\r\n")
    assert incoming.expects_continue == expected
