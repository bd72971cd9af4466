# Everything a developer can do. Needs make and Python 3.11 or newer; the rest is set up on first use.
#
#   make run                     the console on a simulated city, http://127.0.0.1:8000
#   make run ORDERS=file.xlsx    the same steps on your own order file, in a home of its own
#                                either takes PORT=8123 where 8000 is in use
#   make test                    all tests, on SQLite and on a private PostgreSQL
#   make test-long               the tests that take long and watch what seldom breaks
#   make check                   format, lint, types, import contracts, guards, drawn pages, migrations, locale
#   make bench | soak            measurements; long runs
#   make test-spark              the same measures on Apache Spark (needs Java 17)
#   make bundle PLATFORM=...     an offline wheelhouse with an install script, in dist
#   make package                 install the wheel and the bundle of this platform as others do, and start them
#   make draw                    write the drawn pages again
#   make lock                    resolve the dependencies again
#   make clean                   remove what the above made, state excepted

.DEFAULT_GOAL := run
.DELETE_ON_ERROR:
.PHONY: run test test-sqlite test-postgres test-long check format lint types contracts drawn procedures locale guards draw bench soak test-spark bundle package lock clean

# Compiled once and kept, wherever this runs: the tests start some hundred processes.
unexport PYTHONDONTWRITEBYTECODE

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-compile --require-hashes
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -rs
DRAWN := $(sort $(wildcard scripts/draw_*.py))

AT := $(if $(PORT),--port $(PORT))
run: .venv/base
ifdef ORDERS
	SUYUAN_HOME=./var-orders $(BIN)/suyuan run-orders "$(ORDERS)" $(AT)
else
	$(BIN)/suyuan demo $(AT)
endif

# All tests on SQLite; then, where production runs, those that ask the database something of its own: every
# verb, every journey, the migrations, and of the doors the plans, the API and the worker's command.
# Doors that only put words on a page do not run twice (docs/decisions/0038).
ON_POSTGRES := tests/actions tests/journeys tests/store/test_migrations.py $(addprefix tests/doors/test_,plans.py api.py api_receipts.py cli_work.py)

TESTS ?= tests
test: test-sqlite test-postgres
test-sqlite: .venv/dev
	env -u SUYUAN_DATABASE_URL $(PYTEST) -n 3 $(TESTS)
test-postgres: .venv/dev
	$(BIN)/python scripts/postgres.py $(PYTEST) $(ON_POSTGRES)

test-long: .venv/dev
	SUYUAN_LONG=1 $(PYTEST) -m long tests

# None needs another: with make -j2 they run side by side, the longest first, so that none is left over alone.
check: guards types drawn format lint contracts procedures locale
format: .venv/dev
	$(BIN)/ruff format --check .
lint: .venv/dev
	$(BIN)/ruff check .
types: .venv/dev
	MYPYPATH=src $(BIN)/mypy
contracts: .venv/dev
	$(BIN)/lint-imports
drawn: .venv/dev
	for script in $(DRAWN); do $(BIN)/python $$script --check || exit 1; done
procedures: .venv/dev
	$(BIN)/python scripts/release_procedures.py --check
locale: .venv/dev
	$(BIN)/python scripts/check_locale.py
guards: .venv/dev
	$(BIN)/python -m pytest tests/guards

draw: .venv/dev
	for script in $(DRAWN); do $(BIN)/python $$script || exit 1; done

bench: .venv/dev
	$(BIN)/python -m bench

soak: .venv/dev
	$(BIN)/python -m bench --soak

test-spark: .venv/spark
	$(BIN)/python -m pytest -rs -m spark tests

PLATFORM ?= manylinux_2_28_x86_64
bundle: .venv/dev
	$(BIN)/python scripts/bundle.py $(PLATFORM)

package: .venv/dev
	$(BIN)/python scripts/package.py

lock:
	@command -v uv >/dev/null || { echo "make lock needs uv on the PATH: https://docs.astral.sh/uv/"; exit 1; }
	uv pip compile $(COMPILE) pyproject.toml -o requirements.lock
	uv pip compile $(COMPILE) -c requirements.lock --group dev pyproject.toml -o requirements-dev.lock
	uv pip compile $(COMPILE) -c requirements.lock --extra spark pyproject.toml -o requirements-spark.lock

COMPILE := --quiet --universal --generate-hashes --no-header --python-version 3.11 $(UPGRADE)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist src/*.egg-info

define MADE
test -n "$(PYTHON)" || { echo "Python 3.11 or newer was not found; name it: make PYTHON=/path/to/python3"; exit 1; }; \
test -x $(BIN)/python || $(PYTHON) -m venv .venv
endef

# The environment: packages by hash, then the source by path, so that nothing has to be built.
.venv/base: requirements.lock
	@$(MADE)
	$(PIP) -r requirements.lock
	$(BIN)/python scripts/link.py
	touch $@

# The list of a developer holds the product's own. It says all there is to fetch, so that halves of it can be
# fetched and unpacked at once; whether they fit together is asked at the end.
.venv/dev: requirements.lock requirements-dev.lock
	@$(MADE)
	awk '/^[A-Za-z0-9]/ { n++ } { print > (".venv/half" n % 2) }' requirements-dev.lock
	$(PIP) --no-deps -r .venv/half0 & first=$$!; \
	$(PIP) --no-deps -r .venv/half1; second=$$?; wait $$first && exit $$second
	$(BIN)/python -m pip --disable-pip-version-check check
	$(BIN)/python scripts/link.py
	touch .venv/base $@

.venv/spark: .venv/dev requirements-spark.lock
	$(PIP) -r requirements-spark.lock
	touch $@
