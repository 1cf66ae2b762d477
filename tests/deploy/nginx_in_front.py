"""docs/deploy/nginx.conf with a real nginx and real gunicorn workers behind it: TLS, other names, logs, limits, errors.

`make deploy-test` runs it; it needs nginx and openssl.
"""

import json
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from roster.models import ApiKey
from tests.repository.import_order import ROOT
from tests.serving import serving

NAME = "roster.example.edu"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
DOOMED = "cr_abcdefghijkl_" + "Zx9" * 14 + "Q"


@dataclass(frozen=True)
class Front:
    """nginx on two ports of its own."""

    plain: int
    tls: int
    log: Path
    error_log: Path

    def send(
        self,
        target: str,
        host: str = NAME,
        method: str = "GET",
        *,
        over_tls: bool = True,
        name: str = "",
        headers: str = "",
    ) -> str:
        """The complete response to a request, until the connection closes; `headers` are whole lines."""
        connection = socket.create_connection(("127.0.0.1", self.tls if over_tls else self.plain), timeout=20)
        if over_tls:
            context = ssl._create_unverified_context()  # noqa: S323 (the certificate was made for this test)
            connection = context.wrap_socket(connection, server_hostname=name or host)
        length = "Content-Length: 0\r\n" if method == "POST" and not headers else ""
        with connection:
            connection.sendall(
                f"{method} {target} HTTP/1.1\r\nHost: {host}\r\n{length}{headers}Connection: close\r\n\r\n".encode()
            )
            response = b""
            while piece := connection.recv(65536):
                response += piece
        return response.decode(errors="replace")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def front(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    assert NGINX, "This needs nginx: apt-get install nginx-light"
    folder = tmp_path_factory.mktemp("nginx")
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    subprocess.run(
        [*made, "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"], check=True, capture_output=True
    )
    settings = {"HTTPS": "true", "TRUSTED_PROXIES": "127.0.0.1", "ALLOWED_HOSTS": NAME, "KEY_IN_QUERY": "true"}
    settings["SITE_URL"] = f"https://{NAME}"
    with serving(folder, workers=1, **settings) as site:
        plain, tls = free_port(), free_port()
        text = (ROOT / "docs" / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        text = re.sub(r"listen \[::\]:.*\n", "", text)
        text = text.replace("listen 80", f"listen 127.0.0.1:{plain}").replace("listen 443", f"listen 127.0.0.1:{tls}")
        text = text.replace("127.0.0.1:8000", f"127.0.0.1:{site.port}")
        text = text.replace(f"/etc/letsencrypt/live/{NAME}", str(folder)).replace("/var/log/nginx", str(folder))
        (folder / "site.conf").write_text(text)
        temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi"))
        temporary += f" uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;"
        (folder / "nginx.conf").write_text(
            f"daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/main.log;\n"
            f"events {{}}\nhttp {{ {temporary} access_log {folder}/main-access.log; include {folder}/site.conf; }}\n"
        )
        command: list[str | Path] = [NGINX, "-c", folder / "nginx.conf", "-e", folder / "main.log"]
        subprocess.run([*command, "-t"], check=True, capture_output=True)
        with subprocess.Popen(command) as server:
            try:
                wait_for(plain)
                yield Front(plain, tls, folder / "campus-roster.log", folder / "campus-roster-error.log")
            finally:
                server.terminate()


def wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("nginx did not start")


def problem_of(response: str) -> dict[str, object]:
    head, _, body = response.partition("\r\n\r\n")
    assert "Content-Type: application/problem+json" in head
    found: dict[str, object] = json.loads(body)
    return found


def test_it_answers_over_tls_by_its_name_and_sends_plain_requests_there(front: Front, transactional_db: None) -> None:
    assert front.send("/healthz").startswith("HTTP/1.1 200 ")
    moved = front.send("/api/test?x=1", over_tls=False)
    assert moved.startswith("HTTP/1.1 301 ")
    assert f"Location: https://{NAME}/api/test?x=1" in moved


@pytest.mark.parametrize("host", ["other.example.edu", "127.0.0.1", "", "localhost"])
def test_other_names_get_no_answer_and_leave_nothing_in_any_log(front: Front, host: str) -> None:
    assert front.send(f"/api/test?key={DOOMED}", host or "_", over_tls=False) == ""
    with pytest.raises(ssl.SSLError):
        front.send(f"/api/test?key={DOOMED}", host or "_", name=host or "nobody.example.edu")

    assert front.send(f"/{DOOMED}", host="other.example.edu", name=NAME) == ""
    assert all(DOOMED not in path.read_text() for path in front.log.parent.glob("*.log"))


def test_no_key_is_logged_wherever_it_stands(front: Front, transactional_db: None) -> None:
    _, key = ApiKey.create_bearer("in the query", audience="staff")
    for target in (
        f"/api/test?key={key}",
        f"/api/{key}",
        f"/{key}/x",
        f"/api/memberships/{key}?a={key}",
        f"/%63{key[1:]}",
    ):
        front.send(target)

    lines = front.log.read_text()
    assert key not in "".join(path.read_text() for path in front.log.parent.glob("*.log"))
    assert key[-30:] not in lines
    assert " GET /api/test 200 " in lines
    assert " GET /*** 404 " in lines


@pytest.mark.parametrize("long", ["a" * 9_000, "a" * 15_000, "a" * 16_600])
def test_a_long_address_is_refused_as_every_error(front: Front, transactional_db: None, long: str) -> None:
    response = front.send(f"/api/memberships?username={long}")

    assert response.startswith("HTTP/1.1 414 ")
    assert problem_of(response)["detail"] == "The address of a request may be 8190 bytes long, its query included."


@pytest.mark.parametrize("size", [9_000, 15_000, 16_600, 70_000])
def test_a_long_header_is_refused_as_every_error(front: Front, transactional_db: None, size: int) -> None:
    response = front.send("/api/test", headers=f"X-Long: {'a' * size}\r\n")

    assert response.startswith("HTTP/1.1 431 ")
    assert problem_of(response)["detail"] == "A request may have 100 headers, each 8190 bytes long, 65536 bytes in all."


def test_a_body_that_is_too_large_is_refused_as_every_error_and_to_tools_as_one_of_oauth(front: Front) -> None:
    long = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000000\r\n"

    response = front.send("/lti/registration", method="POST", headers=long)
    assert response.startswith("HTTP/1.1 413 ")
    assert problem_of(response)["detail"] == "The body of a request may be 1 MB large."

    head, _, body = front.send("/lti/token", method="POST", headers=long).partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 400 ")
    assert "Content-Type: application/json" in head
    assert "Cache-Control: no-store" in head
    assert json.loads(body)["error"] == "invalid_request"


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/password_change/", "/lti/sign-in"])
def test_attempts_are_limited_at_every_url_that_checks_a_secret(
    front: Front, transactional_db: None, path: str
) -> None:
    response = [front.send(path, method="POST") for _ in range(9)]

    refused = [each for each in response if each.startswith("HTTP/1.1 429 ")]
    assert refused
    assert problem_of(refused[0])["status"] == 429
    assert "Retry-After: 6" in refused[0]
    assert front.send("/admin/login/").startswith("HTTP/1.1 200 ")
