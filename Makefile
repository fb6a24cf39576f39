# One word each. All of them make .venv when it is missing or a lock file has changed; nothing else is needed than Python 3.11 and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCKS := requirements.txt requirements-build.txt requirements-dev.txt
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
COMPILE := $(BIN)/python -m piptools compile --quiet --allow-unsafe --generate-hashes --strip-extras \
	--no-header --no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host
# the tests need the extras too
DEV_GROUP := import sys, tomllib; said = tomllib.load(sys.stdin.buffer); \
	print(*said["dependency-groups"]["dev"], *sum(said["project"]["optional-dependencies"].values(), []), sep="\n")
# a wheel of last week would otherwise leave what it holds in the wheel of today
SCRATCH := build lantik.egg-info

.PHONY: demo test check lock bench catalogs wheel clean

demo: $(VENV)/runtime  ## build the register of Kota Serang's year in demo/, and show it
	$(BIN)/lantik demo

test: $(VENV)/dev  ## everything that must hold before a change is taken
	$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -n auto

check: $(VENV)/dev  ## style, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/dev  ## measure against the alternatives; writes benchmarks/results*.md
	$(BIN)/python -m benchmarks.run
	$(BIN)/python -m benchmarks.on_postgres

catalogs: $(VENV)/dev  ## collect what is said into domain/locale; fails while a translation is missing
	$(BIN)/python -m tests.catalogs

wheel: $(VENV)/dev  ## dist/lantik-*.whl
	rm -rf $(SCRATCH) dist
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-build-isolation --no-deps --wheel-dir dist .
	rm -rf build

lock: $(VENV)/dev  ## renew the lock files within the bounds of pyproject.toml
	$(COMPILE) --output-file requirements.txt pyproject.toml
	$(COMPILE) --only-build-deps --all-build-deps --output-file requirements-build.txt pyproject.toml
	$(BIN)/python -c '$(DEV_GROUP)' < pyproject.toml | \
		$(COMPILE) --constraint requirements.txt --output-file requirements-dev.txt -

clean:  ## all that make made, but for demo/
	rm -rf $(VENV) $(SCRATCH) dist

$(VENV)/runtime: pyproject.toml $(VENV)/made
	$(INSTALL) --require-hashes -r requirements-build.txt -r requirements.txt
	$(INSTALL) --no-build-isolation --no-deps --editable .
	touch $@

$(VENV)/dev: $(VENV)/runtime
	$(INSTALL) --require-hashes -r requirements-dev.txt
	touch $@

# made anew when a lock changes, so that nothing stays that no lock names
$(VENV)/made: $(LOCKS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "lantik needs Python 3.11 or later; $(PYTHON) is not. Try: make PYTHON=python3.11" >&2; exit 1; }
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	touch $@
