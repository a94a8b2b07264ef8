# Everything starts from a bare Python 3.11 with venv, and make: `make demo`, `make test`.
PYTHON ?= python3
BIN := .venv/bin
LIBRARY ?= library
# Neither of these is for whoever installs Khabar to act on.
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
# Empty: what one process of the tests has compiled, the next one need not, also where the environment says otherwise.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo check test unit search soak lint messages bench screenshots chromium postgresql clean

demo: .venv/installed
	$(BIN)/khabar index samples --library $(LIBRARY)
	$(BIN)/khabar serve --library $(LIBRARY)

# What is quick: linters, types and contracts, and beside them the tests that need no model, browser or other process.
# They end later than the linters, and so are shared by two processes.
check: .venv/installed-test
	@$(MAKE) --no-print-directory --jobs 2 lint unit

unit: .venv/installed-test
	$(BIN)/python -m pytest -m "not system and not soak" --numprocesses 2 --dist loadfile --no-loadscope-reorder \
	  --max-worker-restart 0

# Everything: what is quick, and then the rest. A file's tests stay together, in one of two processes: many wait for a
# browser or a server more than they compute. The long files come first (tests/conftest.py), not those of many tests.
# A process that dies ends the run: a new one would wait for ever.
test: check chromium postgresql
	$(BIN)/python -m pytest -m "system and not soak" --numprocesses 2 --dist loadfile --no-loadscope-reorder \
	  --max-worker-restart 0

# Property tests with new examples, and many of them; one that fails is printed with the line that brings it back.
search: .venv/installed-test
	$(BIN)/python -m pytest -m hypothesis --hypothesis-profile=search

# The long fault tests: an indexer and workers killed 100 times, a server 20 times, fifty people at once, the parsers fuzzed.
soak: .venv/installed-test
	$(BIN)/python -m pytest -m soak

lint: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# What Khabar says, compiled: to be run when a messages.po has changed.
messages: .venv/installed
	$(BIN)/python -m index.languages.catalogues

# Pictures of the page's main states, to be looked at.
screenshots: .venv/installed-test chromium
	$(BIN)/python -m tests.screenshots screenshots

bench: .venv/installed-bench
	$(BIN)/python -m benchmarks

# The browser tests drive the system's own Chromium; Debian and its kin can install it here.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	  { SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	    $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq chromium >/dev/null; } || \
	  { echo "The browser tests need Chromium: install it by hand, then run make test again." >&2; exit 1; }

# The tests of a shared catalog start a PostgreSQL server of their own, and PgBouncer, from the system's programs.
postgresql:
	@{ { ls /usr/lib/postgresql/*/bin/initdb || command -v initdb; } && \
	   { ls /usr/sbin/pgbouncer || command -v pgbouncer; } } >/dev/null 2>&1 || \
	  { SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	    $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq postgresql pgbouncer >/dev/null; } || \
	  { echo "The tests of a shared catalog need PostgreSQL 15 and PgBouncer: install them by hand, then run make test again." >&2; \
	    exit 1; }

.venv/bin/python:
	@$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml | .venv/bin/python
	@echo "installing Khabar into .venv: some minutes, and some gigabytes of packages"
	@$(BIN)/python -m pip install --quiet -e .
	@touch $@

# Nothing is compiled ahead: the tests load a small part of these packages' files, and Python compiles what it loads.
.venv/installed-test: pyproject.toml | .venv/bin/python
	@echo "installing Khabar into .venv: some minutes, and some gigabytes of packages"
	@$(BIN)/python -m pip install --quiet --no-compile -e '.[test]'
	@touch .venv/installed $@

.venv/installed-bench: pyproject.toml | .venv/bin/python
	@echo "installing Khabar into .venv: some minutes, and some gigabytes of packages"
	@$(BIN)/python -m pip install --quiet -e '.[test,bench]'
	@touch .venv/installed .venv/installed-test $@

clean:
	rm -rf .venv $(LIBRARY)
