# `make run` starts the portal with a demo country, `make test` runs every test, `make check` every other check.
# Needs Python 3.11 or newer with venv, git and make; everything else is fetched into .venv, node_modules and var.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
# The demo's own environment; `var/demo.env` holds keys made on this machine.
DEMO_ENV = set -a; . var/demo.env; ENV_FILE=/dev/null DEMO=1 DEBUG=0 ORIGIN=http://127.0.0.1:$(PORT) ALLOWED_HOSTS=127.0.0.1,localhost; set +a
# A few commands need settings, but no secrets and no database.
DEVELOPMENT := ENV_FILE=/dev/null DEBUG=1

.PHONY: help
help: ## Say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/installed: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing Python packages"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@echo "Installing what tests and checks need"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

node_modules/installed: package-lock.json .venv/installed
	@echo "Installing the design system"
	@bin/npm ci --silent
	@touch $@

var/demo.env: .venv/installed
	@mkdir -p var
	@(umask 077; $(DEVELOPMENT) $(MANAGE) new_keys > $@)

locale/da/LC_MESSAGES/django.mo: locale/da/LC_MESSAGES/django.po .venv/installed
	@$(DEVELOPMENT) $(MANAGE) messages compile

var/static/collected: node_modules/installed .venv/installed $(shell find static -type f)
	@mkdir -p var
	@ENV_FILE=/dev/null DEMO=1 $(MANAGE) collectstatic --noinput --clear --ignore scss --verbosity 0
	@touch $@

.PHONY: setup
setup: .venv/installed node_modules/installed locale/da/LC_MESSAGES/django.mo ## Install what the portal needs

.PHONY: setup-dev
setup-dev: setup .venv/installed-dev ## Install what tests and checks need as well

.PHONY: run
run: setup var/demo.env var/static/collected ## Start the portal with the demo country (PORT=8000)
	@$(DEMO_ENV); $(MANAGE) migrate --verbosity 0; $(MANAGE) demo
	@echo "The portal is at http://127.0.0.1:$(PORT)  (stop it with Ctrl+C)"
	@$(DEMO_ENV); exec $(BIN)/gunicorn unilogin_portal.wsgi --config unilogin_portal/gunicorn.py --bind 127.0.0.1:$(PORT)

.PHONY: test
test: setup-dev var/static/collected ## Run every test: SQLite, PostgreSQL, Redis, the browser
	@$(BIN)/python -m tests.run

.PHONY: check
check: setup-dev ## Lint, types, import contracts, templates, migrations, messages, deployment settings
	@mkdir -p var
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(DEVELOPMENT) $(BIN)/mypy .
	@$(BIN)/lint-imports --no-cache
	@git ls-files 'templates/*.html' | xargs $(BIN)/djhtml --check --tabwidth 2
	@$(DEVELOPMENT) $(MANAGE) makemigrations --check --dry-run
	@$(DEVELOPMENT) $(MANAGE) messages check
	@bin/check-deploy

.PHONY: bench
bench: setup ## Measure how fast people are loaded, let in and fetched, on PostgreSQL (BENCH_DATABASE_URL)
	@$(BIN)/python -m tests.bench

.PHONY: lock
lock: ## Pin the Python packages again, after a change of pyproject.toml
	@$(BIN)/uv pip compile --quiet pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --upgrade -o requirements.txt
	@$(BIN)/uv pip compile --quiet pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header -c requirements.txt -o requirements-dev.txt
	@$(BIN)/uv pip compile --quiet --group node --universal --python-version 3.11 --generate-hashes --no-header -c requirements-dev.txt -o requirements-node.txt

.PHONY: messages
messages: setup ## Bring the Danish catalogue up to date with the code
	@$(DEVELOPMENT) $(MANAGE) messages update

.PHONY: clean
clean: ## Remove what was installed and the demo country
	@rm -rf .venv node_modules var
