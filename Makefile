# Two commands: `make demo` and `make test`. The rest is for those who build the portal.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: demo test matrix bench messages screenshots clean

demo: .venv/.runtime ## the portal with sample data at http://127.0.0.1:$(PORT)
	@DEMO=1 PORT=$(PORT) $(BIN)/python manage.py demo

test: .venv/.development ## every check and test, on both databases where servers are given
	@tools/test.sh

matrix: .venv/.development ## every door, form and odd address as every persona, on the database of DATABASE_URL
	@MATRIX=whole DEBUG=1 $(BIN)/pytest -q -n 2 --dist loadfile tests/guards

bench: .venv/.development ## the goals of docs/hieu-nang.md, measured on PostgreSQL (BENCH_DATABASE_URL)
	@DEBUG=1 $(BIN)/python -m benchmarks

messages: .venv/.development ## collect the texts to translate and compile the catalogue
	@DEBUG=1 $(BIN)/python tools/messages.py extract

screenshots: .venv/.development ## the pictures of the user guide, taken from the demo
	@DEMO=1 $(BIN)/python tools/screenshots.py

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Python 3.11 is needed (set PYTHON=/path/to/python3.11)."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "The venv module is missing: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.runtime: requirements.lock | .venv/bin/python
	@test -f .venv/.development || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/.development: requirements-dev.lock | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ .venv/.runtime

clean:
	rm -rf .venv var
