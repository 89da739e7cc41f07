# Two commands: `make serve` shows the atlas, `make test` proves it. Both install what is missing, and say so.
.DEFAULT_GOAL := help
.PHONY: help serve test lint

help: ## what there is
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

serve: ## install what is missing, start the private PostGIS, serve http://127.0.0.1:8000 (PORT to change)
	@scripts/setup.sh serve
	@exec .venv/bin/atlas serve

test: ## the same for the tests: lint, then everything on a throw-away cluster
	@scripts/setup.sh test
	@scripts/lint.sh
	@exec .venv/bin/python -m pytest -n 2

lint: ## ruff, mypy --strict, import-linter
	@scripts/setup.sh lint
	@scripts/lint.sh
