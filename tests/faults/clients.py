"""Clients that continue to send requests during a failure, and record the responses."""

import http.client
import re
import threading
import time
from collections import Counter
from urllib.parse import urlencode

PATIENCE = 60
"""Seconds in which an answer, or a refusal, has to come."""

CUT = (ConnectionResetError, BrokenPipeError, http.client.RemoteDisconnected, http.client.IncompleteRead)
FORM = "application/x-www-form-urlencoded"
CATEGORIES = "/admin/organizations/category/add/"


class Clients:
    """Three that read and one that writes, each over a connection of its own, until they are stopped."""

    def __init__(self, port: int, key: str, password: str) -> None:
        self.port, self.key = port, key
        self.counts: Counter[str] = Counter()
        self.acknowledged: list[str] = []
        self.written = 0
        self.messages: set[str] = set()
        self.cookies: dict[str, str] = {}
        self.is_over = threading.Event()
        self.sign_in(password)
        self.lock = threading.Lock()

    def request(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body or None, headers)
            response = connection.getresponse()
            for cookie in response.headers.get_all("Set-Cookie") or []:
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return response.status, response.read()
        finally:
            connection.close()

    def post(self, path: str, **values: str) -> int:
        form = urlencode({"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **values})
        return self.request("POST", path, form, **{"Content-Type": FORM, "Cookie": self.cookie()})[0]

    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def sign_in(self, password: str) -> None:
        self.request("GET", "/admin/login/")
        if self.post("/admin/login/", username="faults", password=password, next="/admin/") != 302:
            raise SystemExit("The writer could not sign in.")

    def start(self) -> None:
        self.is_over.clear()
        self.counts.clear()
        self.messages.clear()
        self.threads = [threading.Thread(target=run) for run in (self.read, self.read, self.read, self.write)]
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def count(self, *names: str) -> None:
        with self.lock:
            self.counts.update(names)

    def read(self) -> None:
        while not self.is_over.is_set():
            self.count("sent", self.outcome_of_reading())
            time.sleep(0.02)

    def outcome_of_reading(self) -> str:
        """What came of a request, which is sent again where the connection ended before an answer (RFC 9110, 9.2.2)."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                status, body = self.request(
                    "GET", "/api/organizations?pageSize=5", **{"X-Engage-Api-Key": self.key, "Connection": "close"}
                )
            except ConnectionRefusedError:
                return "refused"
            except CUT:
                self.count("cut")
                continue
            except OSError as error:
                return self.lost(repr(error))
            return self.outcome(status, body)
        return self.lost("cut again and again")

    def write(self) -> None:
        while not self.is_over.is_set():
            self.written += 1
            name = f"Written {self.written}"
            try:
                status = self.post(CATEGORIES, name=name)
            except ConnectionRefusedError:
                self.count("sent", "refused")
            except CUT:
                self.count("sent", "cut", "refused")  # not acknowledged: nobody may rely on it
            except OSError as error:
                self.count("sent", self.lost(repr(error)))
            else:
                if status == 302:
                    self.acknowledged.append(name)
                self.count("sent", self.outcome(status, b""))
            time.sleep(0.02)

    def outcome(self, status: int, body: bytes) -> str:
        if status in {200, 302}:
            return "answered"
        if status in {429, 503}:
            return "refused"
        return self.lost(f"{status} {re.sub(rb'[^ -~]', b'', body[:200]).decode()}")

    def lost(self, why: str) -> str:
        self.messages.add(why)
        return "lost"
