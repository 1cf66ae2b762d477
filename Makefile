# Campus Roster from the command line. `make` alone lists the targets.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test lint format lock clean

SHELL := /bin/sh
VENV := .venv
PYTHON := $(VENV)/bin/python
PIP_INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes
INTERPRETERS := python3.11 python3 python3.12 python3.13 python3.14

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' Makefile

lock: requirements.in requirements-dev.in  ## Resolve requirements*.in into the hashed lock files (needs uv; UPGRADE=--upgrade for newer versions)
	@command -v uv >/dev/null || { echo "make lock needs uv; install it with: python3 -m pip install uv" >&2; exit 1; }
	$(UV_COMPILE) --output-file requirements.lock requirements.in
	$(UV_COMPILE) --constraints requirements.lock --output-file requirements-dev.lock requirements-dev.in

UV_COMPILE = UV_PYTHON_DOWNLOADS=never uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --custom-compile-command "make lock" $(UPGRADE)

clean:  ## Remove the virtual environment and caches; data and .env stay
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis staticfiles
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The virtual environment. A stamp is newer than its lock file, so that an unchanged lock installs nothing.

$(VENV)/run.stamp: requirements.lock $(PYTHON)
	@echo "Installing the packages of requirements.lock into $(VENV) ..."
	@$(PIP_INSTALL) --requirement requirements.lock $(EXPLAIN_PIP)
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(PYTHON)
	@echo "Installing the packages of requirements-dev.lock into $(VENV) ..."
	@$(PIP_INSTALL) --requirement requirements-dev.lock $(EXPLAIN_PIP)
	@touch $@

EXPLAIN_PIP = || { echo "The packages could not be installed. Check the network or pip's settings, then run the same command again." >&2; exit 1; }

$(PYTHON):
	@for python in $(INTERPRETERS); do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		$$python -m venv --clear $(VENV) && exit 0; \
		rm -rf $(VENV); \
		echo "$$python cannot make a virtual environment. Install its venv and ensurepip modules (Debian and Ubuntu: apt install python3-venv), then try again." >&2; \
		exit 1; \
	done; \
	echo "Python 3.11 or newer is needed and was not found. Install it (https://www.python.org/downloads/, or your system's package python3.11), then try again." >&2; \
	exit 1
