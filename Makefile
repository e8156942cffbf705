# make demo   real communities in your browser
# make check  lint, types, layers, fast tests (under a minute; no server, Spark or browser)
# make test   everything that CI runs
# make bench  measures speed; the table is docs/performance.md

PYTHON ?= python3.11
VENV   ?= .venv
BIN     = $(VENV)/bin
PORT   ?= 8000
DEMO_HOME ?= $(CURDIR)/.demo

ifeq ($(shell command -v $(PYTHON) 2>/dev/null),)
PYTHON = python3
endif

# uv installs in seconds what takes pip a minute; both read the same lock and check the same hashes.
ifneq ($(shell command -v uv 2>/dev/null),)
INSTALL = uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps
LINK    = uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation
else
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps
LINK    = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation
endif

# Where Python may not keep compiled modules, each process of the tests begins by compiling Django and pandas: seconds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo check checks test bench affect affect-figures lint types layers fast lock clean
.DEFAULT_GOAL := check
# As many tests beside each other as there are processors, but two at least, and as many as memory is sure to do for.
WORKERS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); [ $$n -ge 2 ] || n=2; [ $$n -le 8 ] || n=8; echo $$n)
FAST = not browser and not postgresql and not spark and not slow

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || (echo "Estime needs Python 3.11 or later." && exit 1)
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing what Estime runs on …"
	@$(INSTALL) -r requirements.txt
	@$(LINK) -e .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "Installing what the tests need (Spark is large: the first time takes minutes) …"
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

demo: $(VENV)/.run
	@ESTIME_HOME=$(DEMO_HOME) $(BIN)/estime demo --port $(PORT)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

layers: $(VENV)/.dev
	$(BIN)/lint-imports --no-cache

fast: $(VENV)/.dev
	$(BIN)/pytest -n $(WORKERS) -m "$(FAST)"

# Beside each other: mypy keeps one processor busy, the others the second one.
checks: $(VENV)/.dev
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target types layers lint

# Checks of the text keep one processor busy for half a minute: tests beside them fill both.
BESIDE = $(MAKE) --no-print-directory checks >$(VENV)/checks.log 2>&1 & checks=$$!; \
	$(1); tested=$$?; \
	wait $$checks; checked=$$?; cat $(VENV)/checks.log; exit $$((tested | checked))

check: $(VENV)/.dev
	@$(call BESIDE,$(BIN)/pytest -n $(WORKERS) -m "$(FAST)")

# axe-core (MPL-2.0) is for the browser tests only.
tests/web/node_modules: tests/web/package.json tests/web/package-lock.json
	cd tests/web && npm ci --no-audit --no-fund --ignore-scripts --silent
	@touch $@

# Segment's own library (MIT), as a client of the API.
tests/rest/node_modules: tests/rest/package.json tests/rest/package-lock.json
	cd tests/rest && npm ci --no-audit --no-fund --ignore-scripts --silent
	@touch $@

PACKAGES = $(if $(shell command -v npm),tests/web/node_modules tests/rest/node_modules)

test:
	@$(if $(PACKAGES),,echo "npm is missing: accessibility and Segment tests will be skipped")
	@$(MAKE) --no-print-directory --jobs=2 $(VENV)/.dev $(PACKAGES)
	@$(call BESIDE,$(BIN)/pytest -n $(WORKERS) --durations=15)

bench: $(VENV)/.dev
	$(BIN)/python bench/run.py

# Makes src/estime/listening/affect/model.npz anew from shared/data/affect and training/affect: docs/methods/affect.md
affect: $(VENV)/.run
	PYTHONPATH=src $(BIN)/python training/affect/train.py

affect-figures: $(VENV)/.run
	PYTHONPATH=src $(BIN)/python training/affect/measure.py

lock:
	uv pip compile --quiet --python-version 3.11 --no-header --no-annotate --generate-hashes pyproject.toml requirements-build.in -o requirements.txt
	uv pip compile --quiet --python-version 3.11 --no-header --no-annotate --generate-hashes --extra spark --group dev pyproject.toml requirements-build.in -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf $(VENV) .demo .mypy_cache .pytest_cache .ruff_cache tests/web/node_modules tests/rest/node_modules
