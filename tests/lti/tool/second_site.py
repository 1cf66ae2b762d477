"""This server a second time, in processes and with a database of its own: the LMS that the tests launch from."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.postgres import ENVIRONMENT
from tests.repository.import_order import ROOT
from tests.serving import Site, serving

LOOP = """
import contextlib, io, json, os, sys
import django
django.setup()
from django.core.management import call_command
from lti.models import *
from organizations.models import *
from memberships.models import *
from roster.models import *
call_command("migrate", verbosity=0)
print("ready", flush=True)
known = globals()
for line in sys.stdin:
    known["answer"] = None
    exec(json.loads(line), known)
    print(json.dumps(known["answer"]), flush=True)
"""


class SecondSite:
    """The other site: it serves at `url`, and `run` changes its database."""

    def __init__(self, site: Site, process: "subprocess.Popen[str]") -> None:
        self.url = site.url
        self.process = process

    def run(self, program: str) -> Any:
        """What a program leaves as `answer`, run over there with all models at hand."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{json.dumps(program)}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "The program failed over there."
        return json.loads(line)


@contextmanager
def second_site(folder: Path) -> Iterator[SecondSite]:
    """A site with an empty database of its own."""
    database = {"DATABASE_URL": f"sqlite:///{folder}/second.sqlite3"}
    with serving(folder, workers=1, **database) as site:
        known = {**os.environ, **ENVIRONMENT, **database, "SITE_URL": site.url}
        known["DJANGO_SETTINGS_MODULE"] = "config.settings"
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        process = subprocess.Popen([sys.executable, "-c", LOOP], env=known, cwd=ROOT, **pipes)
        try:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"  # its tables are there
            yield SecondSite(site, process)
        finally:
            process.communicate(timeout=60)
