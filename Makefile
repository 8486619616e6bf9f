# Every target installs what it needs. `make help` lists them.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
HOST ?= 127.0.0.1
JOBS ?= auto
export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help init serve build test test-fast test-content test-browsers check lint format new batch schemas notebooks notebook
.PHONY: browser browsers golden lint-scripts
.PHONY: bench links audit lock clean
.PHONY: downloads zip anki data feed pdf pango

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# --- environment ---------------------------------------------------------------------------------------------------
# Three steps, each what the one before lacks: core checks, site builds, dev tests.
PIP := $(BIN)/python -m pip install --quiet --require-hashes

$(VENV)/core: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "This needs Python 3.11 or newer; found " + sys.version.split()[0] + ". Name another with PYTHON=...")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/ready: $(VENV)/core requirements-site.txt
	$(PIP) -r requirements.txt -r requirements-site.txt
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.txt
	$(PIP) -r requirements.txt -r requirements-site.txt -r requirements-dev.txt
	@touch $@

pango: $(VENV)/ready-dev ## find or install the libraries that PDFs need
	@$(BIN)/python scripts/pango.py --install

browser: $(VENV)/ready-dev ## find or install a Chromium for the tests
	@$(BIN)/python scripts/browser.py --install

browsers: browser ## find or install Firefox and WebKit too, for test-browsers
	@$(BIN)/python scripts/browser.py --install firefox webkit

# --- reading and writing -------------------------------------------------------------------------------------------
serve: $(VENV)/ready ## the guide at http://127.0.0.1:8000/, rebuilt when a file changes (PORT=... and HOST=... for others)
	$(BIN)/studyguide serve --port $(PORT) --host $(HOST)

build: $(VENV)/ready ## the site in ./site; a failed build leaves the last one as it was
	$(BIN)/studyguide build

check: $(VENV)/core ## every problem in the content, with file, line and remedy
	@$(BIN)/studyguide check $(if $(FORMAT),--format $(FORMAT))

init: $(VENV)/core ## a guide of your own: make init DIR=../our-guide NAME="Our guide" LANG_TAG=en
	@$(BIN)/studyguide init "$(DIR)" $(if $(NAME),--name "$$NAME") $(if $(ID),--id "$(ID)") \
	  $(if $(LANG_TAG),--lang "$(LANG_TAG)")

new: $(VENV)/core ## a new card; asks, or: make new ROUND=mlops TITLE="Late labels" FORM=question
	@$(BIN)/studyguide new $(if $(ROUND),--round "$(ROUND)") $(if $(TITLE),--title "$$TITLE") $(if $(ID),--id "$(ID)") \
	  $(if $(FORM),--form "$(FORM)") $(if $(LEVEL),--level "$(LEVEL)") $(if $(ROLES),--roles "$(ROLES)") \
	  $(if $(TOPICS),--topics "$(TOPICS)") $(if $(TERMS),--terms "$(TERMS)")

batch: $(VENV)/core ## what cards share that they should not: phrases, openings, moves
	$(BIN)/studyguide batch $(if $(ROUND),--round "$(ROUND)")

schemas: $(VENV)/core ## renew the JSON Schemas that editors use, from the models
	$(BIN)/python scripts/schemas.py

notebooks: $(VENV)/ready ## run all notebooks (those whose run is not cached)
	$(BIN)/studyguide notebooks

notebook: $(VENV)-lab/ready ## open one in JupyterLab, and save it as it is kept: make notebook NAME=leakage-hunt
	$(VENV)-lab/bin/jupyter lab "$(or $(STUDYGUIDE_CONTENT),content)/notebooks$(if $(NAME),/$(NAME).py)" $(LAB)

# A place of its own, for what is installed beside the guide is part of what its runs depend on.
$(VENV)-lab/ready: $(VENV)/ready
	$(PYTHON) -m venv $(VENV)-lab
	$(VENV)-lab/bin/python -m pip install --quiet jupyterlab jupytext
	$(BIN)/python -m ipykernel install --prefix $(VENV)-lab --name python3 --display-name "Python 3" > /dev/null
	mkdir -p $(VENV)-lab/share/jupyter/lab/settings
	echo '{"@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"python": "Jupytext Notebook"}}}' \
	  > $(VENV)-lab/share/jupyter/lab/settings/overrides.json
	@touch $@

# --- taking away ---------------------------------------------------------------------------------------------------
downloads: build pango ## all of the below and the PDFs, in ./dist, and in ./site with the page that lists them
	$(BIN)/studyguide downloads

zip: build ## the offline copy: the whole site, to unpack and open
	$(BIN)/studyguide downloads zip

anki data feed: $(VENV)/ready
	$(BIN)/studyguide downloads $@

pdf: pango ## the whole guide, a booklet for each round, a sheet for each checklist
	$(BIN)/studyguide pdf

anki: ## the cards for Anki: .apkg, .tsv
data: ## the cards as JSON with their schemas; Markdown copies and llms.txt
feed: ## new and reviewed cards as an Atom feed

# --- developing ----------------------------------------------------------------------------------------------------
test: $(VENV)/ready-dev browser pango ## all tests, in a real browser too
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

test-fast: $(VENV)/ready-dev ## tests without a browser, a whole build or a PDF: under a minute
	$(BIN)/python -m pytest -n $(JOBS) -m "not slow"

test-content: $(VENV)/ready-dev browser ## what a card can break: the check, the guide's own tests, one build
	$(BIN)/studyguide check
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile tests/guide

test-browsers: $(VENV)/ready-dev browsers ## a walk through the site in Chromium, Firefox and WebKit
	$(BIN)/python -m pytest -n $(JOBS) tests/engines

lint: lint-scripts $(VENV)/ready-dev ## format, types and spelling, of Python and of the site's scripts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/codespell
	$(BIN)/zizmor --offline --quiet .github/workflows

lint-scripts: node_modules/ready ## the site's scripts alone: format, types, and what touches no page (needs Node 20)
	node_modules/.bin/biome check --error-on-warnings
	node_modules/.bin/tsc
	node --test tests/javascript/

node_modules/ready: package-lock.json
	@command -v npm > /dev/null || { echo "The site's scripts are checked with Node 20 or newer, and npm is not here: install Node." >&2; exit 1; }
	npm ci --silent
	@touch $@

format: $(VENV)/ready-dev node_modules/ready ## put the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	node_modules/.bin/biome check --write

golden: $(VENV)/ready-dev ## renew the golden pages; review them in the diff
	$(BIN)/python -m pytest tests/pages tests/checks --renew-goldens

bench: $(VENV)/ready-dev ## measure builds at several sizes beside other tools: make bench CARDS="1000 5000"
	$(BIN)/python scripts/bench.py --cards $(or $(CARDS),1000) --peers .cache/bench --live 5 --keep .cache/bench.json

links: $(VENV)/ready ## whether links to elsewhere still answer (asks the network)
	$(BIN)/python scripts/links.py

audit: $(VENV)/ready ## known vulnerabilities of what is pinned (asks the network)
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/python -m pip install --quiet pip-audit
	.venv-audit/bin/pip-audit --require-hashes --disable-pip -r requirements.txt -r requirements-site.txt

lock: $(VENV)/ready-dev ## renew the pinned requirements
	$(BIN)/python scripts/lock.py

clean: ## remove everything that can be made again
	rm -rf $(VENV) $(VENV)-lab .venv-audit .cache site build dist *.egg-info hooks/*.egg-info .pytest_cache .ruff_cache .mypy_cache
