"""Gunicorn's configuration: `gunicorn -c config/gunicorn.py config.wsgi`."""

import logging
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from django.core.exceptions import ImproperlyConfigured  # noqa: E402 (found through the path above)
from gunicorn import util  # noqa: E402


def configuration_errors(listens: list[str] | None = None) -> str:
    """The errors that `manage.py check` finds in the settings; "" if there are none.

    It runs in a separate process, which after an upgrade loads the new version of the code.
    """
    variables = environment.outside() | ({"BIND": ",".join(listens)} if listens else {})
    command = [sys.executable, str(ROOT / "manage.py"), "check"]
    result = subprocess.run(  # noqa: S603 (no part of it is user input)
        command, check=False, env=variables, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    return (result.stderr.strip() or "manage.py check failed.") if result.returncode else ""


def listen_options() -> tuple[str, int, int]:
    """The addresses, the number of workers and the threads of each. ImproperlyConfigured for invalid values."""
    env = environment.env
    port = env.number("PORT", default=8000, least=1, most=65535)
    # By default only this machine, because a proxy with TLS is in front.
    addresses = env.text("BIND", default="") or f"127.0.0.1:{port}"
    for address in addresses_of(addresses):
        try:
            util.parse_address(address)
        except RuntimeError as error:
            raise ImproperlyConfigured(f"BIND is {addresses!r}: {error}") from error
    return (
        addresses,
        # Two, so that the site still answers during a slow export.
        env.number("WEB_CONCURRENCY", default=2, least=1, most=1000),
        # One computes while the other waits for the database; more bring no gain (docs/performance.md). Each has a
        # database connection: workers x threads must not exceed PostgreSQL's max_connections.
        env.number("THREADS", default=2, least=1, most=1000),
    )


def addresses_of(text: str) -> list[str]:
    return [address.strip() for address in text.split(",")]


def try_to_listen(addresses: str) -> None:
    """ImproperlyConfigured if gunicorn cannot listen there: it would close the old sockets first, and then end."""
    for address in addresses_of(addresses):
        parsed = util.parse_address(address)
        try:
            if isinstance(parsed, tuple):
                family = socket.AF_INET6 if util.is_ipv6(parsed[0]) else socket.AF_INET
                with socket.socket(family) as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(parsed)
            elif isinstance(parsed, str) and not os.access(os.path.dirname(parsed) or ".", os.W_OK | os.X_OK):
                raise PermissionError(None, "no file can be created in this folder")
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ImproperlyConfigured(
                f"The server cannot listen on {address} ({reason}). If the address is right, restart the server."
            ) from error


def reload_environment() -> None:
    """At a reload, when gunicorn runs this file again: read .env again, and keep the old values if it is invalid."""
    errors = configuration_errors(environment.listens)
    if not errors:
        before = environment.outside(), dict(os.environ)
        listened = listen_options()[0]
        try:
            environment.read()
            addresses = listen_options()[0]
            if addresses != listened and not environment.listens:
                try_to_listen(addresses)
        except ImproperlyConfigured as error:
            environment.restore(*before)
            errors = str(error)
    if errors:
        logging.getLogger("gunicorn.error").error(
            "The new settings are refused, and the old ones stay: %s", " ".join(errors.split())
        )


try:
    from config import environment  # which reads .env as the settings do

    if environment.is_served:
        reload_environment()
    bind, workers, threads = listen_options()
except ImproperlyConfigured as error:
    sys.exit(str(error))

# So that a site started from another folder finds its packages.
chdir = str(ROOT)

# Threads, because requests wait for the database. The main loop of this worker waits for slow clients.
worker_class = "config.worker.Worker"

# Seconds, more than gunicorn's 2: portals read many pages over one connection, and proxies keep theirs open.
keepalive = 15

# A worker that does not respond for this many seconds is replaced.
timeout = 60

# Seconds for running requests to finish when the server stops or restarts. Service managers kill it after 90.
graceful_timeout = 30

# In bytes, the maximum of gunicorn, because queries with lists of ids have up to 8 kB.
limit_request_line = 8190

# Maximum of open connections of one worker. With more, the one that has waited longest is closed.
worker_connections = 1000

# The application itself logs requests, each in one structured line without keys.
accesslog = None

# To standard error, where systemd and containers collect it.
errorlog = "-"
logger_class = "config.logs.Logger"

# The control socket would be created in the home folder, and is not used.
control_socket_disable = True

# The application decides whose X-Forwarded headers it trusts (TRUSTED_PROXIES).
forwarded_allow_ips = ""

# Heartbeat files in memory if possible, so that a busy disk does not make workers appear dead.
MEMORY = "/dev/shm"  # noqa: S108 (gunicorn creates an unnamed temporary file there)
worker_tmp_dir = MEMORY if os.access(MEMORY, os.W_OK | os.X_OK) else None

# The Server header says "gunicorn" without its version, and gunicorn offers no setting for it.


def on_starting(server: Any) -> None:
    """Refuse to start with invalid settings, with one error message instead of one from each worker."""
    if server.cfg.bind != addresses_of(bind):
        environment.listens = list(server.cfg.bind)  # the command line overrides BIND
    if errors := configuration_errors(environment.listens):
        sys.exit(errors)
    environment.is_served = True
