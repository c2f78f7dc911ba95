# make run   starts the lab on http://localhost:8501 (PORT= and HOST= are honoured)
# make test  lint, types, unit, app and browser tests

PYTHON ?= python3
PORT ?= 8501
HOST ?= localhost
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint types unit app browser presets words clean

run: $(VENV)/.run
	$(BIN)/streamlit run app.py --server.port $(PORT) --server.address $(HOST)

test: lint types unit app browser

lint: $(VENV)/.dev
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

unit: $(VENV)/.dev
	$(BIN)/pytest tests/unit -n 2

app: $(VENV)/.dev
	$(BIN)/pytest tests/app -n 2

browser: $(VENV)/.dev $(VENV)/.chromium
	$(BIN)/pytest tests/browser -n 2 --dist loadfile

# Trains the systems of the tutorials and compares what they reach with what they should
presets: $(VENV)/.run
	$(BIN)/python -m lstm_core.presets

# Collects the sentences of the interface for the translators: lstm_core/ui/locale/*.po
words: $(VENV)/.run
	$(BIN)/python -m lstm_core.ui.catalogue

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Gatescope needs Python 3.11 or newer.")'
	$(PYTHON) -m venv $(VENV) || (rm -rf $(VENV); echo "On Debian and Ubuntu: apt install python3-venv"; exit 1)

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

$(VENV)/.chromium: tests/browser/install_chromium.sh | $(VENV)/bin/python
	sh tests/browser/install_chromium.sh
	touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
