# make run   starts the lab on http://localhost:8501 (PORT= and HOST= are honoured)
# make test  lint, types, tests of scripts, units, pages, and in a browser

PYTHON ?= python3
PORT ?= 8501
HOST ?= localhost
VENV := .venv
BIN := $(VENV)/bin

# $(call install,ENVIRONMENT,FILE): with uv where there is one, which takes the torch for the CPU (pyproject.toml) without
# the gigabytes of CUDA libraries that pip brings on Linux; with pip where there is none, or when uv fails
define install
@echo "Installing $(2)"; command -v uv >/dev/null && { uv pip install --quiet --python $(1)/bin/python -r $(2) || \
	{ echo "uv could not install $(2): pip tries it now."; false; }; } || \
	$(1)/bin/pip install --quiet --disable-pip-version-check -r $(2)
endef

.PHONY: run test lint types js unit app browser presets audit bench live load attack lessons class words upgrade clean

run: $(VENV)/.run
	$(BIN)/streamlit run app.py --server.port $(PORT) --server.address $(HOST)

test: lint types js unit app browser

lint: $(VENV)/.dev
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

# The scripts of the page: needs node, and npm for the linter; says what it skips when they are missing
js:
	sh tests/js/run.sh

unit: $(VENV)/.dev
	$(BIN)/pytest tests/unit -n 2 --dist worksteal

app: $(VENV)/.dev
	$(BIN)/pytest tests/app -n 2 --dist worksteal

# A busy machine can be too slow for a browser: at most three tests of all are taken a second time, and named with what failed
browser: $(VENV)/.dev $(VENV)/.chromium
	$(BIN)/pytest tests/browser -n 2 --dist worksteal --reruns 1 --max-suite-reruns 3 --rerun-show-tracebacks

# Trains presets, their variants and the solutions of the challenges with several seeds, writes what they reach to
# lstm_core/presets/measured.json, from which pages and docs take their figures, and fails when a preset misses its goal;
# PRESETS="s5 adding" measures these two and keeps the rest
presets: $(VENV)/.run
	$(if $(PRESETS),,$(BIN)/python -m lstm_core.challenges --measure)
	$(BIN)/python -m lstm_core.presets $(PRESETS)

# Trains networks on data of known nature and holds what the lab says of them against the truth, and the same settings on two
# kinds of machine against each other: SEED=7, SHARE=0.1
audit: $(VENV)/.run
	$(BIN)/python -m benchmarks.audit --seed $(or $(SEED),0) --share $(or $(SHARE),1)

# Trains the systems of the tutorials side by side with Keras and plain PyTorch, in an environment of its own;
# BENCH=--quick is a smoke run, BENCH="s1 s5" measures these two
bench: .venv-bench/.run
	.venv-bench/bin/python -m benchmarks.speed $(BENCH)

.venv-bench/.run: benchmarks/requirements.txt requirements.txt constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m venv .venv-bench
	$(call install,.venv-bench,benchmarks/requirements.txt)
	touch $@

# Measures what a page that shows a run in training costs server, wire and browser; fails when that is too much
live: $(VENV)/.dev $(VENV)/.chromium
	$(BIN)/python -m benchmarks.live

# Simulates a class of 1 to 60 people on a server of this machine, fails when it waits too long; SOAK=30 lets people come and go for
# 30 minutes; CLASS=60 has a teacher ask 60 people, bring them all to a page and begin an experiment, and fails when a promise breaks
load: $(VENV)/.dev
	$(BIN)/python -m benchmarks.load $(if $(SOAK),--soak $(SOAK)) $(if $(CLASS),--class $(CLASS))

# Attacks a server in every known way while honest people are on it, fails when they notice; ONLY="messages copies" makes these;
# SOAK=15 attacks for 15 minutes while people come, train and go, and fails when anything of theirs is lost
attack: $(VENV)/.dev
	$(BIN)/python -m benchmarks.attack $(if $(ONLY),--only $(ONLY)) $(if $(SOAK),--soak $(SOAK))

# A robot takes the course in the real app: every lesson in both languages, with right answers, with each wrong one, leaving in
# mid-lesson, by keyboard alone; compares each number with the stored run. LESSONS="gates prices" takes these, WAYS="right wrong",
# LANGUAGES=zh; PICTURES=FOLDER keeps a picture of each card; SEEDS=1 measures first what twenty seeds give
lessons: $(VENV)/.dev $(VENV)/.chromium
	$(if $(SEEDS),$(BIN)/python -m lstm_core.lessons $(LESSONS))
	$(BIN)/python -m benchmarks.lessons $(if $(LESSONS),--lessons $(LESSONS)) $(if $(WAYS),--ways $(WAYS)) \
		$(if $(LANGUAGES),--languages $(LANGUAGES)) $(if $(PICTURES),--pictures $(PICTURES))

# A class takes the lesson of docs/why-lstm.md in the real app: a teacher, a wall and ten learners in browsers of their own; checks
# the wall after each step. PEOPLE=20, LANGUAGE=zh (of the teacher), PICTURES=FOLDER keeps pictures of each step
class: $(VENV)/.dev $(VENV)/.chromium
	$(BIN)/python -m benchmarks.classroom $(if $(PEOPLE),--people $(PEOPLE)) $(if $(LANGUAGE),--language $(LANGUAGE)) \
		$(if $(PICTURES),--pictures $(PICTURES))

# Collects the sentences of the interface for the translators: lstm_core/locale/*.po
words: $(VENV)/.run
	$(BIN)/python -m lstm_core.locale.catalogue

# Takes the newest versions that pyproject.toml allows, writes them into constraints.txt (versions only: from which source a
# torch for the CPU comes is not our business), installs them and runs all tests
upgrade: | $(VENV)/bin/python
	rm -rf .venv-upgrade
	$(BIN)/python -m venv .venv-upgrade
	$(BIN)/python -c 'import tomllib; all = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
		more = all["optional-dependencies"]; print(*all["dependencies"], *more["data"], *more["lab"][1:], sep="\n")' \
		> .venv-upgrade/wanted.txt
	grep -v "^-" requirements-dev.txt >> .venv-upgrade/wanted.txt
	$(call install,.venv-upgrade,.venv-upgrade/wanted.txt)
	(head -n 1 constraints.txt; $(BIN)/python -m pip --python .venv-upgrade/bin/python freeze --all --exclude pip | \
		sed -e 's/+.*//' -e 's/^uvloop.*/&; sys_platform != "win32"/') > .venv-upgrade/constraints.txt
	mv .venv-upgrade/constraints.txt constraints.txt
	rm -rf .venv-upgrade
	$(MAKE) test

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Gatescope needs Python 3.11 or newer.")'
	$(PYTHON) -m venv $(VENV) || (rm -rf $(VENV); echo "On Debian and Ubuntu: apt install python3-venv"; exit 1)

$(VENV)/.run: requirements.txt constraints.txt | $(VENV)/bin/python
	$(call install,$(VENV),requirements.txt)
	touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(call install,$(VENV),requirements-dev.txt)
	touch $@

$(VENV)/.chromium: tests/browser/install_chromium.sh | $(VENV)/bin/python
	sh tests/browser/install_chromium.sh
	touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis tests/js/node_modules
