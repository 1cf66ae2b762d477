"""A machine on which the commands of docs/deploying.md run: a folder that replaces its root, and programs of its own.

What would change the real machine, or needs a registry, is a program of a few lines here, which FAKED names with the
reason. Everything else is the real program: the shell, PostgreSQL and its clients, curl, manage.py, gunicorn.
"""

import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

from tests.postgres_server import Server
from tests.repository.files import tracked_files
from tests.repository.import_order import ROOT

FAKED = {
    "apt": "installs packages of the system",
    "useradd": "makes an account of the system",
    "install": "the real one, but for the account that does not exist here",
    "git": "there is no such repository: a clone is a copy of this checkout",
    "python3": "the packages are those of the tests: a new environment is a link to theirs",
    "runuser": "the accounts do not exist: postgres is the superuser of the test, and roster has no rights of root",
    "systemd-analyze": "the units name folders of the real machine; tests/deploy/verify_units.py has it read them",
    "systemctl": "no service manager runs in a test: the server is started as the unit says",
    "certbot": "asks an authority on the internet for a certificate",
    "nginx": "nginx_in_front.py runs it with the shipped configuration",
}
"""The programs that replace those of a real machine, with the reason."""

CLONE = """
case "$1" in
clone) mkdir -p "$3" && cd "$REPOSITORY" && xargs -0 cp --parents --target-directory="$3" < "$MACHINE/files"
       [ "$(id -u)" != 0 ] || chmod -R a-w "$3" ;;
rev-parse) echo 0123456789abcdef ;;
fetch|checkout) ;;
*) exit 1 ;;
esac
"""
PYTHON3 = """
if [ "$1 $2" = "-m venv" ]; then
    mkdir -p "$3/bin"
    printf '#!/bin/sh\\n[ "$1 $2" != "-m pip" ] || exit 0\\nexec "%s" "$@"\\n' "$INTERPRETER" > "$3/bin/python"
    chmod 755 "$3/bin/python"
else
    exec "$INTERPRETER" "$@"
fi
"""
INSTALL = """
for word; do shift; case "$word" in --owner=*|--group=*) ;; *) set -- "$@" "$word" ;; esac; done
exec /usr/bin/install "$@"
"""
RUNUSER = """
account=$2; shift 3
case "$account" in
postgres) export PGHOST=127.0.0.1 PGUSER=postgres; exec "$@" ;;
roster) ;;
*) exit 1 ;;
esac
export HOME="$MACHINE/var/lib/campus-roster" PYTHONDONTWRITEBYTECODE=1
[ "$(id -u)" != 0 ] || set -- setpriv --bounding-set=-all --inh-caps=-all "$@"
case "$*" in
*createsuperuser*)
    export DJANGO_SUPERUSER_USERNAME="roster-admin$(cat "$MACHINE/administrators" 2>/dev/null || true)"
    echo 2 > "$MACHINE/administrators"
    exec "$@" --no-input ;;
*changepassword*) printf 'another-1-word-for-it\\nanother-1-word-for-it\\n' | "$@" ;;
*) exec "$@" ;;
esac
"""
SYSTEMCTL = """
stop() { [ ! -f "$MACHINE/pid" ] || { kill "$(cat "$MACHINE/pid")"; while kill -0 "$(cat "$MACHINE/pid")" 2>/dev/null
    do sleep 0.05; done; rm "$MACHINE/pid"; }; }
start() {
    cd "$MACHINE/srv/campus-roster"
    command=$(sed -n 's/^ExecStart=//p' "$MACHINE/etc/systemd/system/campus-roster.service")
    HOME="$MACHINE" runuser -u roster -- env BIND="127.0.0.1:$WEB" WEB_CONCURRENCY=1 sh -c "exec $MACHINE$command" \
        >> "$MACHINE/log" 2>&1 &
    echo $! > "$MACHINE/pid"
    until curl --output /dev/null http://127.0.0.1:8000/healthz; do kill -0 $!; sleep 0.1; done
}
case "$*" in
daemon-reload|"enable --now campus-roster-"*) ;;
"enable --now campus-roster"|"start campus-roster"|"restart campus-roster") stop; start ;;
"stop campus-roster") stop ;;
"reload nginx") ;;
*) exit 1 ;;
esac
"""
NOTHING = "true"
PROGRAMS = {
    **dict.fromkeys(FAKED, NOTHING),
    "install": INSTALL,
    "git": CLONE,
    "python3": PYTHON3,
    "runuser": RUNUSER,
    "systemctl": SYSTEMCTL,
}


class Machine:
    """The folder, and the environment of the shell in which root types the commands."""

    def __init__(self, folder: Path, server: Server, port: int) -> None:
        self.folder = folder
        self.server = server
        for name in ("bin", "etc/systemd/system", "etc/nginx/sites-enabled", "etc/nginx/conf.d", "srv", "var/lib"):
            (folder / name).mkdir(parents=True)
        (folder / "etc/nginx/sites-enabled/default").touch()
        for name, text in PROGRAMS.items():
            self._write_program(name, f'#!/bin/sh\nset -eu\necho {name} >> "$MACHINE/faked"\n{text}\n')
        (folder / ".curlrc").write_text(f'silent\nconnect-to = "127.0.0.1:8000:127.0.0.1:{port}"\n')
        (folder / "files").write_bytes(b"\0".join(os.fsencode(path) for path in tracked_files()))
        self.environment = {
            "PATH": f"{folder / 'bin'}:{server.binaries}:{os.environ['PATH']}",
            "CURL_HOME": str(folder),
            "HOME": str(folder),
            "MACHINE": str(folder),
            "REPOSITORY": str(ROOT),
            "INTERPRETER": sys.executable,
            "WEB": str(port),
            "PGPORT": str(server.port),
            "PGPASSWORD": server.password,
            "DJANGO_SUPERUSER_PASSWORD": "a-word-1-for-the-test",
            "LANG": "C.UTF-8",
        }

    def _write_program(self, name: str, text: str) -> None:
        path = self.folder / "bin" / name
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def placed(self, text: str) -> str:
        """Commands with the folders of the real machine below this one, and its database on the test's server."""
        url = f"postgres://roster:{self.server.password}@127.0.0.1:{self.server.port}/roster"
        text = text.replace("postgres:////var/run/postgresql/roster", url)
        for top in ("/srv/", "/var/lib/", "/var/www/", "/etc/"):
            text = text.replace(f" {top}", f" {self.folder}{top}").replace(f"({top}", f"({self.folder}{top}")
        return text

    def run(self, script: str) -> "subprocess.CompletedProcess[str]":
        """The output of the commands in a shell without a terminal."""
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            check=False,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=1200,
            start_new_session=True,
        )

    def stop(self) -> None:
        pid = self.folder / "pid"
        if pid.exists():
            os.kill(int(pid.read_text()), signal.SIGTERM)
        if os.geteuid() != 0:
            subprocess.run(["chmod", "-R", "u+w", self.folder], check=True)
        shutil.rmtree(self.folder / "srv", ignore_errors=True)
