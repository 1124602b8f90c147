# Everything starts from a plain `make run` or `make test`; both do all set-up first.
.DEFAULT_GOAL := help
.PHONY: help run test bench torture demo walk samples lint format assets texts pictures lock setup setup-test clean

PYTHON := .venv/bin/python
PRIVATE := bash packaging/with_secret_service.sh .venv/secret-service

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

run: setup ## open the desk on a demo street (without a display: the walk-through)
	@bash packaging/run.sh

test: setup-test ## every check and every test
	@$(PRIVATE) bash packaging/test.sh

bench: setup-test ## the figures, as JSON lines
	@$(PRIVATE) bash packaging/bench.sh

torture: setup-test ## torn disks, killed processes and 10,000 streets, at full length
	@ONEWINDOW_TORTURE=1 $(PRIVATE) $(PYTHON) -m pytest tests/faults tests/sync -q

demo: setup ## two desks that share a central (without a display: the walk-through, their line cut)
	@bash packaging/run.sh --pair

walk: setup ## the walk-through of one desk, whether there is a display or not
	@bash packaging/run.sh --walkthrough

samples: setup ## every paper with invented people, into .samples/
	@$(PYTHON) -m onewindow_desk.documents.samples .samples && echo "the papers are in .samples/"

lint: setup-test ## style, types and layers only
	@bash packaging/lint.sh

format: setup-test ## put the source into its one form
	@$(PYTHON) -m ruff check -q --fix-only . && $(PYTHON) -m ruff format .

assets: setup ## compile ui/ and resources/ anew
	@$(PYTHON) packaging/compile_assets.py --force

texts: setup-test ## bring the list of translatable texts up to date
	@bash packaging/texts.sh

pictures: walk ## the walk-throughs' pictures into docs/pictures/
	@env -u DISPLAY -u WAYLAND_DISPLAY bash packaging/run.sh --pair
	@$(PYTHON) packaging/pictures.py .demo/walkthrough .demo/pair

lock: setup-test ## write requirements.lock from pyproject.toml
	@bash packaging/lock.sh

setup: ## what running needs
	@python3 packaging/prepare.py app

setup-test: ## what testing needs
	@python3 packaging/prepare.py test

clean: ## remove what was made, the demo street excepted
	rm -rf .venv src/onewindow_desk/_built .samples .pytest_cache .mypy_cache .ruff_cache
