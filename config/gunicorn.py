"""Gunicorn's configuration: `gunicorn -c config/gunicorn.py config.wsgi`."""

import os
from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parent.parent
environ.Env.read_env(ROOT / ".env")  # the same file, read the same way, as the settings

# A site started from another folder finds its packages all the same.
chdir = str(ROOT)

# Only this machine unless told otherwise: a proxy with TLS stands in front.
bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"

# Threads, because requests wait for the database more than they compute.
worker_class = "gthread"

# Two, so that one slow export leaves the site answering.
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)

# Each thread may hold a database connection: workers x threads must fit PostgreSQL's max_connections.
threads = int(os.environ.get("THREADS") or 4)

# Portals pull page after page over one connection; proxies keep theirs open for longer than 2 seconds.
keepalive = 15

# A worker that gives no sign of life for so long is replaced.
timeout = 60

# Running requests may finish for so long when the server stops or restarts; service managers kill after 90.
graceful_timeout = 30

# The longest gunicorn allows, in bytes: lists of ids make queries of 8 kB.
limit_request_line = 8190

# The application logs requests itself, one structured line each, without keys.
accesslog = None

# To standard error, where systemd and containers collect it.
errorlog = "-"

# The control socket would be written into the home folder, and nothing here uses it.
control_socket_disable = True

# The application decides whose X-Forwarded headers it believes (TRUSTED_PROXIES).
forwarded_allow_ips = ""

# Heartbeats in memory where there is such a folder: a busy disk must not make workers look dead.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK | os.X_OK) else None  # noqa: S108

# The Server header says "gunicorn" without its version, and gunicorn offers no setting for it.
