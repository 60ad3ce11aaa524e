# make run, make test: nothing else is needed first, but Python 3.11 or newer.
# The long ones (bench, faults, planted, audit) take DOSE: 1 is full, 0.01 is a taste.

ifndef PYTHON
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
endif
VENV ?= .venv
DOSE ?= 1
export DOSE
# What was compiled once is read by every process after it, also where the environment says otherwise: each starts in
# half the time.
unexport PYTHONDONTWRITEBYTECODE
PY := $(VENV)/bin/python
# One more than there are cores, at most four: some tests wait for a program that they started.
WORKERS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1); echo $$((n < 3 ? n + 1 : 4)))

.DEFAULT_GOAL := help
.PHONY: help run test cover check ci bench faults planted audit format lock messages compile clean

help: ## these words
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: $(VENV)/run ## everything, on embedded servers, with a demo: the address and the logins are printed
	@$(PY) -m samsam run

test: $(VENV)/dev ## all tests, the browser included
	@$(PY) -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

cover: $(VENV)/dev ## the same, with what of our code no test walks; takes half as long again
	@$(PY) -m pytest -n $(WORKERS) --dist loadgroup --cov --cov-report=term:skip-covered $(ARGS)

check: $(VENV)/dev ## format, lint, types, contracts, migrations, catalogues, compose file, Dockerfile
	$(VENV)/bin/ruff check --quiet .
	$(VENV)/bin/ruff format --quiet --check .
	@find templates -name '*.html' | xargs $(VENV)/bin/djade --target-version 5.2 --check
	DEBUG=1 $(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PY) manage.py check --fail-level WARNING
	@$(PY) -m pytest --quiet tests/test_catalogue.py tests/test_architecture.py
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(VENV)/bin/hadolint Dockerfile

ci: test check ## what .ci/run calls

bench: $(VENV)/dev ## figures, one JSON object a line
	@$(PY) -m bench

faults: $(VENV)/dev ## kills and races
	@$(PY) -m bench.faults

planted: $(VENV)/dev ## plants faults in a copy of the code; the tests must see each
	@$(PY) -m bench.planted $(ARGS)

audit: $(VENV)/dev ## the long walks
	@$(PY) -m bench.audit

format: $(VENV)/dev ## writes code and templates in our form
	@$(VENV)/bin/ruff check --quiet --fix-only . && $(VENV)/bin/ruff format --quiet .
	@find templates -name '*.html' | xargs $(VENV)/bin/djade --target-version 5.2

lock: $(VENV)/dev ## writes requirements/*.txt anew from pyproject.toml
	@$(VENV)/bin/uv lock --quiet --upgrade
	@$(VENV)/bin/uv export --quiet --format requirements.txt --no-header --no-annotate --no-emit-project --no-dev > requirements/run.txt
	@$(VENV)/bin/uv export --quiet --format requirements.txt --no-header --no-annotate --no-emit-project > requirements/dev.txt

messages: $(VENV)/dev ## brings locale/nl up to date with the texts in code and templates
	@$(PY) -m samsam.catalogue update

compile: $(VENV)/dev ## makes what runs of locale/nl
	@$(PY) -m samsam.catalogue compile

clean: ## removes what was made here, the data of the demo too
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage*

# -- The virtual environment -------------------------------------------------------------------------------

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "SamSam needs Python 3.11 or newer. Install it, or name it: make PYTHON=/path/to/python3." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python cannot make a virtual environment. On Debian or Ubuntu: apt install python3-venv." >&2; exit 1; }
	@$(PYTHON) -m venv --clear --without-pip $(VENV) || { rm -rf $(VENV); echo "The virtual environment $(VENV) could not be made; the lines above say why." >&2; exit 1; }

# With the pip that is there already, when it can install for another Python (22.3): a fresh one takes seconds.
# Not compiled beforehand either: most modules are never used.
define install
@if $(PYTHON) -c 'import pip, sys; sys.exit([int(n) for n in pip.__version__.split(".")[:2]] < [22, 3])' 2>/dev/null; \
	then pip="$(PYTHON) -m pip --python $(PY)"; \
	else $(PY) -m ensurepip >/dev/null && pip="$(PY) -m pip"; fi; \
	$$pip install --disable-pip-version-check --quiet --require-hashes --no-deps --no-compile -r $(1) \
	|| { echo "The packages of $(1) could not be installed; the lines above say why. Mend that and try again." >&2; exit 1; }
endef

$(VENV)/run: requirements/run.txt | $(VENV)/bin/python
	@echo "Installing what SamSam runs on ..."
	$(call install,requirements/run.txt)
	@touch $@

$(VENV)/dev: requirements/dev.txt | $(VENV)/bin/python
	@echo "Installing what the tests need ..."
	$(call install,requirements/dev.txt)
	@touch $@ $(VENV)/run
