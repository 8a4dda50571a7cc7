# Every target a person or a script needs. `make help` lists them.
PYTHON ?= python3
# Each has a Spark session of its own, up to 4 GB; Spark's driver keeps one core busy.
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv pip
SOURCES := setup.py pyproject.toml $(wildcard requirements/*.txt)

.PHONY: help setup demo test lint format bench dictionary lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.installed ## the environment in .venv with `radar` in .venv/bin, Java, fonts and Delta's JARs

$(VENV)/.base: $(SOURCES)
	@PYTHON="$(PYTHON)" sh tools/create-venv.sh $(VENV)
	$(UV) install --quiet --python $(BIN)/python --require-hashes -r requirements/base.txt
	$(UV) install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed: $(VENV)/.base warehouse/jars.lock tools/install-system.sh
	@sh tools/install-system.sh
	@$(BIN)/radar jars fetch 2>$(VENV)/jars.log || { cat $(VENV)/jars.log >&2; exit 1; }
	@touch $@

$(VENV)/.development: $(VENV)/.installed
	$(UV) install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

demo: setup ## the whole pipeline on a generated export, ending with a report and alert mails
	$(BIN)/radar demo

test: $(VENV)/.development ## all tests, in as many processes as WORKERS says
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

lint: $(VENV)/.development ## ruff, mypy and the import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.development ## let ruff format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.development ## speed of the hot paths, as ratios beside what one would use instead
	$(BIN)/python -m benchmarks

dictionary: $(VENV)/.base ## docs/data-dictionary.md from the contracts
	$(BIN)/python -m warehouse.dictionary > docs/data-dictionary.md

lock: ## resolve the locked versions anew (needs uv on PATH)
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --extra airflow --extra dev setup.py requirements/build.in -o requirements/dev.txt
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url -c requirements/dev.txt setup.py requirements/build.in -o requirements/base.txt
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url requirements/installer.in -o requirements/installer.txt

clean: ## remove the environment and what the tools leave behind
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
