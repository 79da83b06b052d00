.DEFAULT_GOAL := help
.PHONY: help setup env model embeddings run test check check-content check-code audit gate bench bench-nlu bench-growth bench-words e2e browser nlu-test house-test bench-publishing bench-swap bench-announce bench-slow bench-pairs bench-console console-data demo long soak practice
PYTHON ?= python3
BIN := .venv/bin
LONG := tests/bot/announcing/test_kills.py tests/bot/announcing/test_kills_of_letters.py \
	tests/bot/announcing/test_terminal_walk.py tests/bot/announcing/test_approved_edition.py \
	tests/bot/announcing/test_boundaries.py tests/bot/announcing/test_erased.py tests/bot/telegram/kills/test_telegram_kill.py \
	tests/bot/telegram/kills/test_telegram_kills.py tests/bot/telegram/kills/test_kills_of_reminders.py \
	tests/attack/test_siege.py \
	tests/attack/web/test_any_request.py tests/attack/web/test_hostile_messages.py \
	tests/attack/telegram/test_hostile_updates.py tests/browser/test_every_answer.py tests/browser/console tests/e2e/test_publishing.py tests/services/tools/test_loan.py \
	tests/services/conversation/test_distress.py tests/services/conversation/test_acts.py \
	tests/services/conversation/test_scope_alarms.py tests/services/conversation/kept/test_any_sequence.py \
	tests/services/tools/forms/test_path.py tests/services/tools/test_form_chat.py tests/bot/test_dossier_walks.py \
	tests/soak/test_day.py
SIDE_BY_SIDE := --dist loadfile --no-loadscope-reorder
export RASA_TELEMETRY_ENABLED := false
# Tests start the product a hundred times: whoever forbids bytecode has it compiled each time.
unexport PYTHONDONTWRITEBYTECODE

help: ## what each verb does
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

env:
	@$(PYTHON) deploy/setup.py

model: env
	@$(BIN)/htx nlu train

setup: model ## install both environments, make the database, train the model
	@$(BIN)/htx db upgrade

embeddings: env ## embed anew what ships with the project, five minutes: before a release
	@nlu/.venv/bin/python -m nlu.embeddings

run: env ## start everything; the first time installs and trains, then prints the address to open
	@exec $(BIN)/htx run

# Four workers on two cores, because near half of their time is waiting; two where each has the whole
# product beside it. Files go in their order: by default those of few tests come last, which are those
# that take longest and wait most, and whoever has the last of them keeps all others waiting.
# What needs no model is tried while it trains, as modestly as a training is: else it would wait for all.
# BESIDE names what is done besides while browsers and products are waited for.
test: browser ## every test, a real Rasa and a real browser included
	@$(MAKE) --no-print-directory --output-sync=line -j 2 house-test setup nlu-test
	@$(MAKE) --no-print-directory -j 2 e2e $(BESIDE)

nlu-test: env
	@nice nlu/.venv/bin/python -m pytest nlu/tests -q

house-test: env
	@nice $(BIN)/pytest -q -n 4 $(SIDE_BY_SIDE) --ignore tests/e2e --ignore tests/browser \
		--ignore tests/soak

long: setup browser ## what `make test` tries at a tenth, at full size: kills, siege, all that is hostile, a day; an hour
	@ANNOUNCE_PEOPLE=2000 ANNOUNCE_KILLS=10 PARTS_PEOPLE=500 PARTS_KILLS=5 PARTS_PAUSES=3 \
		EACH_DATABASE=1 INBOX_CHATS=50 INBOX_KILLS=10 REMIND_CHATS=50 REMIND_KILLS=10 SIEGE_SHARE=1 SIEGE_SECONDS=60 HOSTILE_SHARE=1 CONTENT_STEP=1 \
		TOOL_CASES=10000 $(BIN)/pytest -s $(LONG)

soak: setup ## a day in an hour: kills, a full disk, no database, a clock set back; SOAK_MINUTES=6 is a tenth
	@SOAK_MINUTES=$(or $(SOAK_MINUTES),60) SOAK_REPORT=$(or $(SOAK_REPORT),var/soak.txt) \
		$(BIN)/pytest -s tests/soak

# The understanding is measured alone: of what is read too slowly only the words are.
check: env ## linters, types, import directions, content, shape of the code, what is inside
	@$(MAKE) --no-print-directory --output-sync=line -j 2 check-code check-content
	@$(MAKE) --no-print-directory gate

check-content: model
	@$(BIN)/htx content check

check-code: env
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/mypy --config-file nlu/pyproject.toml --python-executable nlu/.venv/bin/python --exclude nlu/.venv nlu
	@$(BIN)/lint-imports
	@$(BIN)/python .ci/shape.py
	@$(BIN)/python .ci/inside.py

audit: env ## what is known against the packages that are inside; refused where anything is
	@$(BIN)/python .ci/inside.py --strict

bench: setup ## latency beside bare Rasa, memory, training time
	@$(BIN)/python tests/bench/latency.py

bench-publishing: setup ## an article changes twice, once badly, while 30 questions a second are asked
	@CONTENT_STEP=1 FLOW_RATE=30 FLOW_REPEATED=0.1 FLOW_SERVED=120 FLOW_REPLY=2 $(BIN)/pytest tests/e2e/test_publishing.py -k losing -s

bench-swap: setup ## the same while 20 new and 100 repeated questions a second are asked
	@CONTENT_STEP=1 FLOW_RATE=20 FLOW_REPEATED=100 FLOW_REPLY=2 $(BIN)/pytest tests/e2e/test_publishing.py -k losing -s

bench-announce: setup ## announcements: kills, rate, speed, crowds, storms, beside the usual ways, 15 minutes
	@ANNOUNCE_PEOPLE=2000 ANNOUNCE_KILLS=10 $(BIN)/pytest tests/bot/announcing/test_kills.py -s
	@$(BIN)/python tests/bench/announcing.py $(PARTS)

bench-slow: setup ## a question on the page while staff press and Telegram answers after 20 s, 8 minutes
	@$(BIN)/python tests/bench/slow.py

bench-pairs: setup ## a bench here and in another checkout in turn: OLD=folder BENCH=tests/bench/latency.py
	@$(BIN)/python tests/bench/pairs.py $(OLD) . $(BENCH)

bench-nlu: env ## the understanding beside stock Rasa, TF-IDF and BM25 on the same folds, 20 minutes
	@nlu/.venv/bin/python -m nlu.tests.bench $(RACE)

bench-growth: env ## what twice, five and ten times the content cost to learn and to read, an hour; GROW="--times 1 2"
	@nlu/.venv/bin/python -m nlu.tests.bench.growth $(GROW)

bench-words: env ## replies while the NLU is down, on our own questions; WORDS=--measure sets its bars anew
	@$(BIN)/python -m tests.bench.words $(WORDS)

practice: env ## a Telegram of our own, to practise announcements without sending anything to anybody
	@$(BIN)/python -m tests.doubles.practice

demo: model ## the product with a week of made-up life, and a link into the console for each role
	@$(BIN)/python -m tests.doubles.demo

console-data: setup ## a large made-up life for the console, in DATA (var/console)
	@$(BIN)/python -m tests.bench.console_data $(or $(DATA),var/console)

bench-console: setup ## every page of the console over that much, on both databases; CONSOLE=tenth
	@$(BIN)/python -m tests.bench.console

gate: model ## the understanding on the project's own questions, refused when it lost too much
	@$(BIN)/python tests/understanding/gate.py

e2e: setup browser ## the whole product as a user has it, through a real browser and the Bot API double
	@$(BIN)/pytest -q -n 2 $(SIDE_BY_SIDE) tests/e2e tests/browser

browser: env ## find a Chromium, or install Debian's as root
	@$(PYTHON) deploy/browser.py
