# `make demo` shows the main job on a real case; `make test` runs all tests. Both set up what they need.
VENV ?= .venv
BIN = $(VENV)/bin
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

.PHONY: demo test bench docs release lock check clean

demo: $(VENV)/.installed
	@mkdir -p demo
	$(BIN)/kg explain --case tests/cases/weak-big-toe-after-garden-work.json --top 3 --view demo/why.html
	@echo
	@echo "The picture is demo/why.html: open it in any browser, no internet needed."
	@echo "Try next:"
	@echo '  $(BIN)/kg explain "burning outer thigh" "no weakness" --age 40'
	@echo '  $(BIN)/kg paths "renal colic" "groin pain"'
	@echo '  $(BIN)/kg show "common peroneal nerve"'
	@echo '  $(BIN)/kg questions'
	@echo '  $(BIN)/kg view "L5 root" -o demo/l5.html'

test: $(VENV)/.installed-test
	$(BIN)/ruff check kg tests
	$(BIN)/ruff format --check kg tests
	$(BIN)/mypy
	$(BIN)/python -W error -m pytest

bench: $(VENV)/.installed-test
	$(BIN)/python tests/bench.py
	$(BIN)/python tests/bench_pages.py
	$(BIN)/python tests/bench_cohort.py

# `SINCE=FOLDER` adds what changed for cases since an older release.
docs: $(VENV)/.installed
	$(BIN)/kg docs -o dist/docs $(if $(SINCE),--since $(SINCE))

release: $(VENV)/.installed-test
	$(BIN)/kg check
	$(BIN)/kg fair
	$(BIN)/kg release -o dist/release

check: $(VENV)/.installed
	$(BIN)/kg check

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install python3.11 (with venv), or set PYTHON=/path/to/python3.11."; exit 2; }
	$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing: on Debian or Ubuntu, apt-get install python3-venv."; exit 2; }

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed constraints-test.txt tests/install-system-packages.sh
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r constraints-test.txt
	tests/install-system-packages.sh
	@touch $@

# The lock: every package with the hashes of its files and no index address.
COMPILE = $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-options
lock: $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet pip-tools
	$(COMPILE) --all-build-deps -o constraints.txt pyproject.toml
	$(COMPILE) --extra test -c constraints.txt -o constraints-test.txt pyproject.toml

clean:
	rm -rf $(VENV) demo dist build
