"""Gunicorn's configuration: `gunicorn -c config/gunicorn.py config.wsgi`."""

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from django.core.exceptions import ImproperlyConfigured  # noqa: E402 (found by the path above)


def configuration_errors(listens: list[str] | None = None) -> str:
    """What `manage.py check` says against the settings; "" if nothing.

    In a process of its own, so that a reload after an upgrade still finds nothing of the old version loaded.
    """
    variables = environment.outside() | ({"BIND": ",".join(listens)} if listens else {})
    command = [sys.executable, str(ROOT / "manage.py"), "check"]
    found = subprocess.run(  # noqa: S603 (all of it is ours)
        command, check=False, env=variables, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    return (found.stderr.strip() or "manage.py check failed.") if found.returncode else ""


def listen_options() -> tuple[str, int, int]:
    """Where to listen, with how many workers of how many threads. ImproperlyConfigured for what makes no sense."""
    env = environment.env
    port = env.number("PORT", default=8000, least=1, most=65535)
    return (
        # Only this machine by default: a proxy with TLS stands in front.
        env.text("BIND", default="") or f"127.0.0.1:{port}",
        # Two, so that one slow export leaves the site answering.
        env.number("WEB_CONCURRENCY", default=2, least=1, most=1000),
        # One computes while the other waits for the database; more take turns (docs/performance.md). Each holds a
        # database connection: workers x threads must fit PostgreSQL's max_connections.
        env.number("THREADS", default=2, least=1, most=1000),
    )


def reload_environment() -> None:
    """At a reload, for which gunicorn runs this file again: take over what .env says now, unless it is not usable."""
    refused = configuration_errors(environment.listens)
    if not refused:
        before = environment.outside(), dict(os.environ)
        try:
            environment.read()
            listen_options()
        except ImproperlyConfigured as error:
            environment.restore(*before)
            refused = str(error)
    if refused:
        logging.getLogger("gunicorn.error").error(
            "The new settings are refused, and the old ones stay: %s", " ".join(refused.split())
        )


try:
    from config import environment  # which reads .env as the settings do

    if environment.is_served:
        reload_environment()
    bind, workers, threads = listen_options()
except ImproperlyConfigured as error:
    sys.exit(str(error))

# A site started from another folder finds its packages all the same.
chdir = str(ROOT)

# Threads, because requests wait for the database more than they compute; none of them waits for a client.
worker_class = "config.worker.Worker"

# Portals pull page after page over one connection; proxies keep theirs open for longer than 2 seconds.
keepalive = 15

# A worker that gives no sign of life for so long is replaced.
timeout = 60

# Running requests may finish for so long when the server stops or restarts; service managers kill after 90.
graceful_timeout = 30

# The longest gunicorn allows, in bytes: lists of ids make queries of 8 kB.
limit_request_line = 8190

# Connections that one worker keeps open. Where there are more, the one that has waited longest is closed.
worker_connections = 1000

# The application logs requests itself, one structured line each, without keys.
accesslog = None

# To standard error, where systemd and containers collect it.
errorlog = "-"
logger_class = "config.logs.Logger"

# The control socket would be written into the home folder, and nothing here uses it.
control_socket_disable = True

# The application decides whose X-Forwarded headers it believes (TRUSTED_PROXIES).
forwarded_allow_ips = ""

# Heartbeats in memory where there is such a folder: a busy disk must not make workers look dead.
MEMORY = "/dev/shm"  # noqa: S108 (gunicorn makes a nameless file there, which nobody can foresee)
worker_tmp_dir = MEMORY if os.access(MEMORY, os.W_OK | os.X_OK) else None

# The Server header says "gunicorn" without its version, and gunicorn offers no setting for it.


def on_starting(server: Any) -> None:
    """Serve nothing with settings that are not usable, and say why once instead of in every worker."""
    if server.cfg.bind != [bind]:
        environment.listens = list(server.cfg.bind)  # the command line overrides BIND
    if refused := configuration_errors(environment.listens):
        sys.exit(refused)
    environment.is_served = True
