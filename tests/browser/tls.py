"""Sites over TLS for a real browser: lms.test, roster.test and tool.test, with a certificate that nobody signed.

Cookies of frames behave as on the web only over TLS and between different sites.
"""

import datetime as dt
import http.client
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connections
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect, sync_playwright

from tests.browser.conftest import FLAGS, chromium
from tests.lti.tool.lms import Handler, Lms
from tests.serving import serving

HOSTS = ("lms.test", "roster.test", "tool.test")

ONE_PROCESS = "--disable-site-isolation-trials"
"""Frames of other sites stay in the process of their page. The driver sometimes loses a frame that moves to another one
with a redirect, and then waits for it. Cookies do not depend on processes."""

expect.set_options(timeout=30_000)  # a launch is many requests, of which the first wait for the site to start


@dataclass(frozen=True)
class Certificate:
    """The files of a certificate for all hosts, and of its key."""

    certificate: Path
    key: Path

    @classmethod
    def made_in(cls, folder: Path) -> "Certificate":
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Tests")])
        now = timezone.now()
        signed = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=30))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS]), critical=False)
            .sign(key, hashes.SHA256())
        )
        made = cls(folder / "certificate.pem", folder / "key.pem")
        made.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        made.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return made


class Proxy(BaseHTTPRequestHandler):
    """Sends each request on to a site as a proxy in front of it does."""

    ports: ClassVar[dict[int, int]] = {}
    """The port of the site behind each port of a proxy."""

    def do_GET(self) -> None:
        self.send_on()

    def do_POST(self) -> None:
        self.send_on()

    def send_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        sent = {**dict(self.headers.items()), "X-Forwarded-Proto": "https", "Connection": "close"}
        site = http.client.HTTPConnection("127.0.0.1", self.ports[self.connection.getsockname()[1]], timeout=60)
        site.request(self.command, self.path, body=body, headers=sent)
        answer = site.getresponse()
        answered = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {"connection", "transfer-encoding", "date", "server"}:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answered)
        site.close()

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def over_tls(folder: Path, server: ThreadingHTTPServer) -> Iterator[None]:
    """Let a server answer over TLS."""
    files = Certificate.made_in(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serving_over_tls(folder: Path) -> Iterator[str]:
    """This site at roster.test, with the settings of HTTPS; its URL."""
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    proxy.daemon_threads = True
    url = address("roster.test", proxy.server_port)
    settings: dict[str, Any] = {
        "HTTPS": "true",
        "ALLOWED_HOSTS": "roster.test",
        "TRUSTED_PROXIES": "127.0.0.1",
        "SITE_URL": url,
    }
    with serving(folder, workers=2, **settings, CSRF_TRUSTED_ORIGINS=url) as site:
        Proxy.ports[proxy.server_port] = site.port
        with over_tls(folder, proxy):
            yield url


def address(host: str, port: int, path: str = "") -> str:
    return f"https://{host}:{port}{path}"


@contextmanager
def lms_over_tls(folder: Path, lms: Lms) -> Iterator[int]:
    """The pages of a scripted LMS at lms.test and tool.test too; the port."""
    pages = Lms(("127.0.0.1", 0), Handler)
    pages.replies, pages.asked = lms.replies, lms.asked
    with over_tls(folder, pages):
        yield pages.server_port


@contextmanager
def profile(folder: Path, *, scripts: bool = True, **preferences: Any) -> Iterator[BrowserContext]:
    """A browser with a profile of its own, in which these preferences are set."""
    (folder / "Default").mkdir(parents=True)
    (folder / "Default" / "Preferences").write_text(json.dumps({"profile": preferences}))
    mapped = f"--host-resolver-rules={','.join(f'MAP {host} 127.0.0.1' for host in HOSTS)}"
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(folder),
            executable_path=chromium(),
            args=[*FLAGS, mapped, "--ignore-certificate-errors", ONE_PROCESS],
            ignore_https_errors=True,
            java_script_enabled=scripts,
            viewport={"width": 1000, "height": 700},
        )
        context.set_default_timeout(60_000)
        yield context
        context.close()
        connections.close_all()  # what a test opened while the driver's loop ran in its thread
