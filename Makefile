# Everything a person or a machine runs. `make demo` and `make test` work on a fresh machine.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check fuzz replicas soak bench simulate format docs requirements clean

$(VENV)/base.stamp: requirements/base.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@ $(VENV)/base.stamp

demo: $(VENV)/base.stamp  ## try it in the browser
	@$(BIN)/python app.py demo

check: $(VENV)/dev.stamp  ## style, types, the rules of the house
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports > $(VENV)/imports.txt 2>&1 || (cat $(VENV)/imports.txt; false)
	@$(BIN)/mypy

test: check  ## all of it
	@$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

.PHONY: audit
audit: $(VENV)/dev.stamp  ## known vulnerabilities of what requirements/ pins
	@.ci/audit

fuzz: $(VENV)/dev.stamp  ## 10,000 spoilt payloads at every door
	@$(BIN)/pytest -n 2 --dist load tests/fuzz --fuzz 10000

replicas: $(VENV)/dev.stamp  ## many processes, much trouble, nothing lost; SEED=… plays it again
	@$(BIN)/python -m tests.replicas $(if $(SEED),--seed $(SEED))

soak: $(VENV)/dev.stamp  ## the same for SECONDS=600, or longer
	@$(BIN)/python -m tests.replicas --seconds $(or $(SECONDS),600) $(if $(SEED),--seed $(SEED))

bench: $(VENV)/dev.stamp  ## how fast it is, beside its limits and a peer; QUICK=1 takes a minute
	@$(BIN)/python -m bench $(if $(QUICK),--quick) $(if $(KEEP),--keep)

simulate: $(VENV)/dev.stamp  ## Monday 09:00 for 10,000 digests, on a clock that jumps
	@$(BIN)/python -m bench.monday $(if $(QUICK),--small)

format: $(VENV)/dev.stamp  ## put everything in form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: $(VENV)/dev.stamp  ## write what the pages take from the code anew
	@$(BIN)/pytest --quiet tests/test_docs.py --update-golden

requirements: $(VENV)/dev.stamp  ## pin anew what pyproject.toml asks for
	@$(BIN)/python -m piptools --version > /dev/null 2>&1 || $(BIN)/pip install --quiet pip-tools
	@for set in base postgres telemetry dev; do \
		extra=$$(test $$set = base || echo --extra $$set --constraint requirements/base.txt); \
		$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
			--no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
			$$extra --output-file requirements/$$set.txt pyproject.toml; \
	done

clean:  ## away with what can be made again
	@rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
