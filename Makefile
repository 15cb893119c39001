# Every target makes or refreshes .venv by itself; that costs nothing when nothing changed.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.stamp
export DO_NOT_TRACK := 1
export GX_ANALYTICS_ENABLED := false
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test nightly lint format ui lab bench docs lock clean

help:
	@echo "make demo     an invented municipality: files, tables, gate, report (data-demo/)"
	@echo "make test     all tests        make nightly  the long ones"
	@echo "make lint     ruff, mypy, SQL format, generated docs up to date"
	@echo "make ui       Dagster's page   make lab      JupyterLab on the notebooks"
	@echo "make bench    speed and memory as ratios"
	@echo "make clean    remove .venv, caches and the demo"

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; set PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(STAMP)
	@$(BIN)/samkjop demo --home data-demo

test: $(STAMP)
	$(BIN)/python -m pytest -m "not nightly" -n 2 --dist worksteal

nightly: $(STAMP)
	$(BIN)/python -m pytest -m nightly -n 2 --dist worksteal

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfmt --check --quiet dbt_project
	$(BIN)/nbstripout --verify notebooks/*.ipynb
	$(BIN)/python -m pipelines.reporting.dictionary --check

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfmt --quiet dbt_project
	$(BIN)/nbstripout notebooks/*.ipynb

docs: $(STAMP)
	$(BIN)/python -m pipelines.reporting.dictionary

ui: $(STAMP)
	@$(BIN)/samkjop ui

lab: $(STAMP)
	$(BIN)/jupyter lab --ip 127.0.0.1 --notebook-dir notebooks

bench: $(STAMP)
	$(BIN)/python -m benchmarks

# Needs uv; writes the exact versions with hashes and no address of a package index.
# rfc3987-syntax: docs/decisions.md, "Versions".
lock:
	uv pip compile --quiet --universal --no-strip-extras --no-annotate --no-header \
	  --no-emit-package rfc3987-syntax --no-emit-package lark \
	  --generate-hashes --python-version 3.11 --extra dev pyproject.toml -o requirements.lock

clean:
	rm -rf .venv data-demo dbt_project/target dbt_project/logs .mypy_cache .ruff_cache \
	  .pytest_cache .hypothesis *.egg-info
