# Every target does its own set-up, and a second start none of it again: the stamps in .venv are newer than what they
# were made from. Needs make, git and Python 3.11 or newer; Debian packages that are missing are installed or named.

# The newest Python that is here and will do. A version manager's stub for one that is not installed fails the question.
PYTHON ?= $(or $(shell for python in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; \
	done),$(error Rapport needs Python 3.11 or newer; install it, or name it with PYTHON=/path/to/python3))

# Debian keeps the part of Python that makes virtual environments in a package of its own.
VENV_PACKAGE = $(shell $(PYTHON) -c 'import ensurepip' 2>/dev/null \
	|| $(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
RUN_PACKAGES = libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 # WeasyPrint lays the reports out with them
BENCH_PACKAGES = wrk                                                # asks the web server for more than it can do
TEST_PACKAGES = chromium libatomic1                                 # the browser tests; Playwright's Node needs libatomic
SWIFT_PACKAGES = chromium-headless-shell                            # the same pages in two thirds of the time

BIN = .venv/bin
PIP_INSTALL = $(BIN)/python -m pip install --quiet --no-input --disable-pip-version-check

LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	--no-annotate $(ARGS) pyproject.toml
PROCESSES = $(shell echo $$(( $$(nproc) + 2 ))) # of the tests: some wait for servers to start, or to die

unexport PYTHONDONTWRITEBYTECODE # or each of the many short processes compiles the whole program again

.DELETE_ON_ERROR: # half a virtual environment is none
.PHONY: help setup run test check bench lock run-packages test-packages bench-packages

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' Makefile

setup: .venv/.run ## install what running needs; the command is then .venv/bin/assess

run: .venv/.run ## start the platform, on first use with demonstration data; ASSESS_PORT=8001 for another port
	@$(BIN)/assess demo --if-empty # migrates first
	@exec $(BIN)/assess serve

# NumPy's second thread would only spin: the products are small, and the cores are busy with other tests.
test: export OPENBLAS_NUM_THREADS = 1
test: .venv/.dev test-packages ## run the tests; ARGS='-k norms -x' go to pytest
	$(BIN)/python -m pytest -n $(PROCESSES) -m "not thorough" $(ARGS)

check: export OPENBLAS_NUM_THREADS = 1
check: .venv/.dev test-packages ## style, types, imports, templates, banks, vulnerabilities; every page, and the wheel
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet assess/web/templates reports/templates # not its formatter, which breaks lines in sentences
	$(BIN)/assess bank check --strict > /dev/null
	$(BIN)/bandit -q -r assess reports -c pyproject.toml
	.ci/audit
	$(BIN)/python -m pytest -n $(shell nproc) --dist loadfile -m thorough

bench: .venv/.dev .venv/.bench bench-packages ## measure speed, and what crashes do; ARGS=saving for one of them
	@$(BIN)/python -m benchmarks $(ARGS)

lock: .venv/.dev ## pin what pyproject.toml asks for, keeping today's pins; ARGS=--upgrade renews them
	$(LOCK) --group build --output-file .ci/requirements.txt
	$(LOCK) --group dev --constraint .ci/requirements.txt --output-file .ci/requirements-dev.txt

.venv/.run: .ci/requirements.txt pyproject.toml .venv/bin/python
	@echo "Installing what Rapport needs to run; the first time this takes a minute or two."
	@$(PIP_INSTALL) --require-hashes -r .ci/requirements.txt
	@$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .ci/requirements-dev.txt .venv/.run
	@echo "Installing what the tests and checks need; the first time this takes a minute or two."
	@$(PIP_INSTALL) --require-hashes -r .ci/requirements-dev.txt
	@touch $@

.venv/.bench: pyproject.toml .venv/.run
	@$(PIP_INSTALL) --no-build-isolation --editable '.[bench]' && touch $@ \
		|| echo "The peers cannot be installed here; benchmarks that need them are left out."

.venv/bin/python: | run-packages
	@$(PYTHON) -m venv --clear .venv

run-packages:
	@.ci/system-packages $(RUN_PACKAGES) $(if $(wildcard .venv/bin/python),,$(VENV_PACKAGE))

test-packages:
	@.ci/system-packages --optional $(TEST_PACKAGES)
	@.ci/system-packages --optional $(SWIFT_PACKAGES) > /dev/null # without it there is Chromium

bench-packages:
	@.ci/system-packages --optional $(BENCH_PACKAGES)
