# What a user does with crmkit: `make lab`. What a builder does: `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
export PYDEVD_DISABLE_FILE_VALIDATION = 1
export PYTHONHASHSEED = 0
# Build machines often set it. Every Python that a test starts would then compile all that it imports again: pandas
# alone takes 1.9 s in place of 0.6.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help lab check test test-full lint notebooks lesson datasets bench site setup setup-lab setup-spark lock clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

# tools/setup_venv.py makes .venv and installs a lock through uv (pip where uv cannot be had). A stamp per lock
# makes the second run start at once; a changed lock or pyproject.toml installs again.
$(VENV)/.lab: requirements.lock pyproject.toml tools/setup_venv.py
	$(PYTHON) tools/setup_venv.py $(VENV) requirements.lock
	@touch $@

$(VENV)/.test: requirements-test.lock requirements.lock pyproject.toml tools/setup_venv.py
	$(PYTHON) tools/setup_venv.py $(VENV) requirements-test.lock
	@touch $@ $(VENV)/.lab

setup-lab: $(VENV)/.lab
setup: $(VENV)/.test
# Spark is large and needs Java: only CI, and who works on it, installs it.
setup-spark: $(VENV)/.test
	$(BIN)/python -m uv pip install --quiet --require-hashes -r requirements-spark.lock

lab: $(VENV)/.lab  ## open the course in JupyterLab (pass options with ARGS="--no-browser --port 8899")
	$(BIN)/crmkit lab $(ARGS)

check: $(VENV)/.test  ## lint, types and the units of what changed: an answer in under two minutes
	$(BIN)/python tools/check.py

test: $(VENV)/.test  ## run the whole test suite (ARGS="-k word" narrows it)
	$(BIN)/python tools/run_tests.py $(ARGS)

test-full: $(VENV)/.test  ## the same in slower ways too: whole browsers, processors, newest dependencies
	$(BIN)/python tools/run_tests.py --full $(ARGS)

lint: $(VENV)/.test  ## ruff and the type checker
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

notebooks: $(VENV)/.test  ## rebuild lessons and exercises from their masters (ARGS="20 21" for some)
	$(BIN)/python tools/build_notebooks.py $(ARGS)

lesson: $(VENV)/.test  ## make the files of a new lesson (ARGS='56 "Friends bring friends"')
	$(BIN)/python tools/new_lesson.py $(ARGS)

datasets: $(VENV)/.test  ## simulate the shipped company again, with its catalogue and data dictionary
	$(BIN)/python -m crmkit.world write-shipped

bench: $(VENV)/.test  ## measure speed beside what one would use instead (ARGS="value" for one table)
	$(BIN)/python -m benchmarks $(ARGS)

site: $(VENV)/.test  ## build the in-browser edition in site/ (PYODIDE=DIR takes Python along: no network needed)
	$(BIN)/python tools/build_site.py $(if $(PYODIDE),--pyodide "$(PYODIDE)") $(ARGS)

lock: $(VENV)/.test  ## resolve the locked versions again (hashes, no addresses)
	$(BIN)/python tools/lock.py

clean:  ## remove everything that the other commands made
	rm -rf $(VENV) build dist site artefacts .pytest_cache .hypothesis .ruff_cache .mypy_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
