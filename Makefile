# Works with Python 3.11 or newer, pip and make alone: everything else is fetched into .tools and .venv.
PYTHON ?= python3
PORT ?= 8000
EXAMPLES ?= 1

.DEFAULT_GOAL := help
.ONESHELL:
.SUFFIXES:
SHELL := /bin/sh
.SHELLFLAGS := -ec
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
READY := .venv/.ready
UV := .tools/bin/uv
LOCKS := requirements-tools.txt requirements.txt requirements-dev.txt

# What is set here or in the environment reaches the service as its settings.
export PORT EXAMPLES DATA_DIR DATABASE_URL DATABASE_DIRECT_URL HOST PUBLIC_URL POLICY_FILE RULEBOOK_DIR
export REGISTER_URL REGISTER_SECRET SMTP_URL MAIL_FROM SMS_URL SMS_TOKEN TRUSTED_ISSUERS WORKER LOG_LEVEL ENV
# Tools of ours must not be bent by a virtual environment or Python path that happens to be active.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME
# Compiled modules are kept: without them every start takes seconds longer.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test faults fuzz timing demo check bench drill soak mutate openapi token setup lock sbom audit clean

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18

run: $(READY) ## the service with its own PostgreSQL, worker and examples (PORT= DATA_DIR= EXAMPLES=0)
	@exec $(BIN)/rights-desk serve

test: $(READY) ## all tests (ARGS="-k name" picks some)
	@env -u PORT -u EXAMPLES $(BIN)/python -m pytest $(ARGS)

faults: $(READY) ## what is too slow or too rough for every run: a full disk, hundreds of slow clients (ARGS="-k name")
	@env -u PORT -u EXAMPLES $(BIN)/python -m pytest tests/faults $(ARGS)

fuzz: $(READY) ## random calls, chains of calls and whole lives with killed workers (FUZZ_SECONDS=600 ARGS="-k lives")
	@env -u PORT -u EXAMPLES FUZZ_SECONDS="$${FUZZ_SECONDS:-600}" $(BIN)/python -m pytest tests/fuzz tests/lives $(ARGS)

timing: $(READY) ## whether the time of an answer tells whose an id is; on a quiet machine (ROUNDS=500)
	@env -u PORT -u EXAMPLES $(BIN)/python -m pytest -s --show-capture=no tests/timing $(ARGS)

demo: $(READY) ## the whole journey on screen, on real parts
	@exec env -u PORT -u EXAMPLES $(BIN)/python -m examples.demo

check: $(READY) ## ruff, format, mypy, import floors, contract file
	@unset PORT EXAMPLES
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/rights-desk openapi --check

bench: $(READY) ## the figures of performance, as ratios to a yardstick
	@exec env -u PORT -u EXAMPLES $(BIN)/python -m bench $(ARGS)

soak: $(READY) ## load while API, worker and PostgreSQL are killed, then every promise (ARGS="--minutes 2")
	@exec env -u PORT -u EXAMPLES $(BIN)/python -m tests.soak $(ARGS)

drill: $(READY) ## lose a database and put a backup back: nobody who was destroyed returns, nothing is sent twice
	@exec env -u PORT -u EXAMPLES $(BIN)/python -m tests.drill

mutate: $(READY) ## change law and proof line by line and see that a test notices (ARGS="app.law.deadline*" for a part)
	@env -u PORT -u EXAMPLES $(BIN)/mutmut run $(ARGS)
	$(BIN)/mutmut results

openapi: $(READY) ## write openapi/openapi.json from the code
	@exec $(BIN)/rights-desk openapi

token: $(READY) ## a token alone on stdout (ROLE= SUB= AGENT= SITE= DATA_DIR=)
	@test -n "$$ROLE" && test -n "$$SUB" || { echo 'usage: make token ROLE=officer SUB=officer-1 [AGENT=a17] [SITE=id] [DATA_DIR=folder]' >&2; exit 2; }
	set -- --role "$$ROLE" --sub "$$SUB"
	test -z "$$AGENT" || set -- "$$@" --agent "$$AGENT"
	test -z "$$SITE" || set -- "$$@" --site "$$SITE"
	exec $(BIN)/rights-desk token "$$@"
token: export ROLE := $(ROLE)
token: export SUB := $(SUB)
token: export AGENT := $(AGENT)
token: export SITE := $(SITE)

setup: $(READY) ## only fetch and install

lock: $(UV) ## refresh the hash-pinned requirements (ARGS=--upgrade for newer ones)
	@for name in requirements-tools requirements requirements-examples requirements-dev; do
		$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
			--no-annotate $(ARGS) --output-file $$name.txt $$name.in
	done

sbom: $(READY) ## write build/sbom.json (CycloneDX) from the lock files
	@exec $(BIN)/python -m tests.supply sbom

audit: $(READY) ## ask which pinned packages have known holes (AUDIT_URL= a service of the OSV format)
	@exec $(BIN)/python -m tests.supply audit

clean: ## remove what was fetched and built, never DATA_DIR
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Words of the set-up go to stderr, so that `make token` prints a token and nothing else.
$(UV): requirements-tools.txt
	@exec >&2
	'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11'; exit 1; }
	echo 'fetching uv into .tools ...'
	rm -rf .tools
	'$(PYTHON)' -m pip install --quiet --disable-pip-version-check --no-warn-script-location --root-user-action=ignore \
		--require-hashes --target .tools -r requirements-tools.txt
	touch $(UV)

$(READY): $(UV) $(LOCKS) pyproject.toml
	@exec >&2
	echo 'setting up .venv ...'
	# A home that cannot be written (a service user, a container) must not stop the set-up.
	test -w "$${HOME:-/nowhere}" || export UV_CACHE_DIR="$$PWD/.tools/cache"
	# A company's own certificate authority stands in the system's store; pip looks there by itself.
	test ! -s /etc/ssl/certs/ca-certificates.crt || export UV_SYSTEM_CERTS="$${UV_SYSTEM_CERTS:-true}"
	export UV_LINK_MODE="$${UV_LINK_MODE:-copy}"
	export UV_PYTHON_DOWNLOADS=never
	$(UV) venv --quiet --clear --python "$$('$(PYTHON)' -c 'import sys; print(sys.executable)')" .venv
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	touch $(READY)
