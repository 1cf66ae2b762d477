# Campus Roster from the command line. `make` alone lists the targets.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test test-newest-django faults browser-test deploy-test lint bench format lock clean

SHELL := /bin/sh
VENV := .venv
PYTHON := $(VENV)/bin/python
PIP_INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes
PACKAGES := $(patsubst %/__init__.py,%,$(wildcard */__init__.py))
WORKERS ?= auto
INTERPRETERS := python3.11 python3 python3.12 python3.13 python3.14

# The environment of a real site, for the checks that depend on it.
REAL_SITE = env DEMO=false HTTPS=true DATABASE_URL=sqlite:///:memory: \
	SECRET_KEY=$$($(PYTHON) -c "import secrets; print(secrets.token_urlsafe(48))") \
	ALLOWED_HOSTS=roster.example.edu CSRF_TRUSTED_ORIGINS=https://roster.example.edu TRUSTED_PROXIES=127.0.0.1

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

run: $(VENV)/run.stamp  ## Serve the demo campus on http://127.0.0.1:8000 (PORT=... and DATABASE_URL=... choose otherwise)
	@$(PYTHON) -m config.dotenv
	@$(PYTHON) -m config.preflight
	@$(PYTHON) manage.py migrate --no-input --verbosity 0
	@mkdir -p staticfiles  # empty here: the files come straight from the packages, and whitenoise warns without it
	@$(PYTHON) manage.py start_demo
	@exec $(PYTHON) -m gunicorn --config config/gunicorn.py config.wsgi

test: $(VENV)/dev.stamp  ## Run all tests on PostgreSQL, then those for both databases on SQLite (ARGS=... goes to pytest)
	$(PYTHON) -m pytest --numprocesses $(WORKERS) --maxprocesses 4 --dist worksteal $(ARGS)
	$(PYTHON) -m pytest --sqlite --numprocesses $(WORKERS) --maxprocesses 4 --dist worksteal $(ARGS)

NEWEST = .venv-newest-django
test-newest-django:  ## Run all tests on the newest Django, in a virtual environment of its own (Python 3.12 or newer; ARGS=... goes to pytest)
	@$(MAKE) --no-print-directory VENV=$(NEWEST) INTERPRETERS="python3.14 python3.13 python3.12" $(NEWEST)/dev.stamp
	@$(NEWEST)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade django $(EXPLAIN_PIP)
	@$(NEWEST)/bin/python -m django --version
	@$(MAKE) --no-print-directory VENV=$(NEWEST) test ARGS='$(ARGS)'

browser-test: $(VENV)/dev.stamp  ## Walk through the admin, a launch and the API docs with a real browser (needs a Chromium; CHROMIUM=... names one)
	$(PYTHON) -m pytest tests/browser/walk_through_the_admin.py tests/browser/read_the_api_docs.py \
		tests/browser/walk_through_lti.py tests/browser/walk_through_an_lms.py \
		tests/browser/walk_through_a_course.py tests/browser/launch_in_a_frame.py \
		tests/browser/storage_for_tools.py $(ARGS)

deploy-test: $(VENV)/dev.stamp  ## Run every command of docs/deploying.md, the shipped nginx configuration and units (needs nginx, openssl, systemd-analyze)
	$(PYTHON) -m pytest tests/deploy/deploying_commands.py tests/deploy/nginx_in_front.py tests/deploy/verify_units.py --numprocesses 0 $(ARGS)

faults: $(VENV)/dev.stamp  ## Kill, stop, freeze and fill what the server needs, and count what its clients lose (under ten minutes)
	$(PYTHON) -m tests.faults

lint: $(VENV)/dev.stamp  ## Check style, types, import order, missing migrations and the settings of a real site
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m tests.repository.import_order
	$(REAL_SITE) $(PYTHON) -m mypy manage.py $(PACKAGES)
	$(REAL_SITE) $(PYTHON) manage.py makemigrations --check --dry-run
	$(REAL_SITE) $(PYTHON) manage.py check --deploy --fail-level WARNING

bench: $(VENV)/bench.stamp  ## Measure this server beside its peers (QUICK=1: under five minutes; SOAK=1: memory over a quarter of an hour; MECHANISMS=1: what each gains; FILTERS=1: each filter; DIMENSIONS=1: more rows; SQLITE=1: SQLite)
	@exec $(PYTHON) -m bench

format: $(VENV)/dev.stamp  ## Put the sources into the common format
	$(PYTHON) -m ruff check --fix
	$(PYTHON) -m ruff format

lock: requirements.in requirements-dev.in requirements-bench.in  ## Resolve requirements*.in into the hashed lock files (needs uv; UPGRADE=--upgrade for newer versions)
	@command -v uv >/dev/null || { echo "make lock needs uv; install it with: python3 -m pip install uv" >&2; exit 1; }
	$(UV_COMPILE) --output-file requirements.lock requirements.in
	$(UV_COMPILE) --constraints requirements.lock --output-file requirements-dev.lock requirements-dev.in
	$(UV_COMPILE) --constraints requirements-dev.lock --output-file requirements-bench.lock requirements-bench.in

UV_COMPILE = UV_PYTHON_DOWNLOADS=never uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --custom-compile-command "make lock" $(UPGRADE)

clean:  ## Remove the virtual environment and caches; data and .env stay
	rm -rf $(VENV) $(NEWEST) .pytest_cache .mypy_cache .ruff_cache .hypothesis staticfiles
	find . \( -name __pycache__ -o -name node_modules \) -type d -prune -exec rm -rf {} +

# The virtual environment. A stamp is newer than its lock file, so that an unchanged lock installs nothing.

$(VENV)/run.stamp: requirements.lock $(PYTHON)
	@echo "Installing the packages of requirements.lock into $(VENV) ..."
	@$(PIP_INSTALL) --requirement requirements.lock $(EXPLAIN_PIP)
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(PYTHON)
	@echo "Installing the packages of requirements-dev.lock into $(VENV) ..."
	@$(PIP_INSTALL) --requirement requirements-dev.lock $(EXPLAIN_PIP)
	@touch $@

$(VENV)/bench.stamp: requirements-bench.lock $(PYTHON)
	@echo "Installing the packages of requirements-bench.lock into $(VENV) ..."
	@$(PIP_INSTALL) --requirement requirements-bench.lock $(EXPLAIN_PIP)
	@touch $@

EXPLAIN_PIP = || { echo "The packages could not be installed. Check the network or pip's settings, then run the same command again." >&2; exit 1; }

$(PYTHON):
	@found=; for python in $(INTERPRETERS); do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		found="$$found $$python"; \
		$$python -m venv --clear $(VENV) >/dev/null 2>&1 && exit 0; \
		rm -rf $(VENV); \
	done; \
	if [ -z "$$found" ]; then \
		echo "Python 3.11 or newer is needed and was not found. Install it (https://www.python.org/downloads/, or your system's package python3.11), then try again." >&2; \
	else \
		echo "No virtual environment could be made with$$found. Install Python's venv and ensurepip modules (Debian and Ubuntu: apt install python3-venv) and see that this folder may be written to, then try again." >&2; \
	fi; exit 1
