# `make run` and `make test` set up all they need on a machine that has Python 3.11+, make and git.
PYTHON ?= python3
BIN := .venv/bin
CASE ?= south-caucasus

.PHONY: run test check docs site gallery bench oracles clean fuzz fuzz-coverage lock test-locked test-lowest wheel-check audit sbom licences

run: .venv/run.done
	$(BIN)/foedus run $(CASE)

test: .venv/test.done
	$(BIN)/python -m pytest -n 2 --dist loadfile -q

check: .venv/test.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

# The pages that are written from the code, and that of published numbers, written from the tests.
docs: .venv/test.done
	$(BIN)/python docs/writers
	$(BIN)/python docs/writers/signs.py
	$(BIN)/python docs/validation.py

# The documentation as a site in site/; nothing is fetched while it is built.
site: .venv/docs.done docs/gallery.md
	$(BIN)/mkdocs build --quiet

# The reports of the shipped cases, for the site: some minutes, when code or cases have changed.
gallery: docs/gallery.md

docs/gallery.md: .venv/run.done docs/writers/gallery.py $(shell find src/foedus -type f -not -name '*.pyc')
	$(BIN)/python docs/writers/gallery.py

bench: .venv/test.done
	$(BIN)/python benchmarks

# The independent game solver compiles for some minutes.
oracles: .venv/oracles.done
	$(BIN)/python -m pytest -q -m oracle

# A hundred thousand broken case files.
fuzz: .venv/test.done
	$(BIN)/python tests/case/fuzz.py

# Ten minutes of texts that reach new lines of the reader.
fuzz-coverage: .venv/test.done
	$(BIN)/python -m pip install --quiet --group fuzz
	$(BIN)/python tests/case/fuzz_coverage.py -max_total_time=600

# What is installed, by hash, and the oldest versions that pyproject.toml allows.
WANTED = --python-version 3.11 --no-header --no-annotate --no-emit-index-url --group test \
  --extra plan --extra live --extra optimise --extra scale pyproject.toml
lock: .venv/bin/python
	$(BIN)/python -m pip install --quiet "uv>=0.8"
	$(BIN)/uv pip compile --quiet --universal --generate-hashes $(WANTED) -o requirements/locked.txt
	$(BIN)/uv pip compile --quiet --resolution lowest-direct $(WANTED) -o requirements/lowest.txt

test-locked:
	.ci/test-with requirements/locked.txt --require-hashes

test-lowest:
	.ci/test-with requirements/lowest.txt

# Twice the same wheel and sdist; the wheel, alone in a new environment, does what it is for.
wheel-check:
	.ci/wheel-check

licences: .venv/test.done
	$(BIN)/python docs/licences.py
	$(BIN)/python docs/licences.py --check

# Known vulnerabilities of what is locked; it fails too where the advisories cannot be reached.
audit:
	$(PYTHON) -m venv .venv/audit
	.venv/audit/bin/python -m pip install --quiet "pip-audit>=2.9"
	.venv/audit/bin/pip-audit --strict --require-hashes --disable-pip --requirement requirements/locked.txt

# A bill of materials of what is installed, in CycloneDX.
sbom: .venv/test.done
	$(BIN)/python -m pip install --quiet "cyclonedx-bom>=5"
	$(BIN)/cyclonedx-py environment $(BIN)/python --pyproject pyproject.toml --of JSON -o sbom.json

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "foedus needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

.venv/run.done: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/test.done: .venv/run.done
	$(BIN)/python -m pip install --quiet --editable '.[plan,live,optimise,scale]' --group test
	touch $@

.venv/docs.done: .venv/test.done
	$(BIN)/python -m pip install --quiet --group docs
	touch $@

.venv/oracles.done: .venv/test.done
	$(BIN)/python -m pip install --quiet --group oracles
	touch $@

clean:
	rm -rf .venv runs sbom.json
