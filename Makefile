# Everything starts from a bare Python 3.11 with venv, and make: `make demo`, `make test`.
PYTHON ?= python3
BIN := .venv/bin
LIBRARY ?= library

.PHONY: demo test soak lint bench screenshots chromium clean

demo: .venv/installed
	$(BIN)/khabar index samples --library $(LIBRARY)
	$(BIN)/khabar serve --library $(LIBRARY)

# A file's tests stay together, in one of two processes: many wait for a browser or a server more than they compute.
test: .venv/installed-test chromium lint
	$(BIN)/python -m pytest -n 2 --dist loadfile

# The long fault tests: an indexer killed 100 times, a server 20 times, fifty people at once, the parsers fuzzed.
soak: .venv/installed-test
	$(BIN)/python -m pytest -m soak

lint: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Pictures of the page's main states, to be looked at.
screenshots: .venv/installed-test chromium
	$(BIN)/python tests/screenshots.py screenshots

bench: .venv/installed-bench
	$(BIN)/python -m benchmarks

# The browser tests drive the system's own Chromium; Debian and its kin can install it here.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	  { SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	    $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq chromium >/dev/null; } || \
	  { echo "The browser tests need Chromium: install it by hand, then run make test again." >&2; exit 1; }

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet -e .
	touch $@

.venv/installed-test: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet -e '.[test]'
	touch .venv/installed $@

.venv/installed-bench: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet -e '.[test,bench]'
	touch .venv/installed .venv/installed-test $@

clean:
	rm -rf .venv $(LIBRARY)
