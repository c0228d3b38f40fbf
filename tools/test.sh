#!/usr/bin/env bash
# Every check and test. Servers come from the environment: TEST_POSTGRES_URL and TEST_REDIS_URL.
# With CI=true a missing server or browser is a failure; elsewhere the closing lines say what was left out.
set -uo pipefail
cd "$(dirname "$0")/.."
BIN=.venv/bin
export DEBUG=1
failed=() left_out=()

step() { # step NAME COMMAND…
  local name=$1; shift
  local start=$SECONDS
  printf '\n=== %s\n' "$name"
  if "$@"; then printf -- '--- %s: ok (%ss)\n' "$name" $((SECONDS - start)); else failed+=("$name"); printf -- '--- %s: FAILED (%ss)\n' "$name" $((SECONDS - start)); fi
}
missing() { if [ "${CI:-}" = true ]; then failed+=("$1 is missing"); else left_out+=("$1"); fi; }

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
[ -n "$browser" ] || missing "Chromium (browser tests)"
[ -n "${TEST_POSTGRES_URL:-}" ] || missing "PostgreSQL (TEST_POSTGRES_URL)"
[ -n "${TEST_REDIS_URL:-}" ] || missing "Redis (TEST_REDIS_URL)"
command -v xgettext >/dev/null || missing "gettext (completeness of the translation)"

step "ruff" $BIN/ruff check .
step "ruff format" $BIN/ruff format --check .
step "mypy" $BIN/mypy .
step "djlint" $BIN/djlint templates --lint --quiet
step "rooms (import-linter)" $BIN/lint-imports
step "django check" $BIN/python manage.py check
step "migrations" $BIN/python manage.py makemigrations --check --dry-run
if command -v xgettext >/dev/null; then step "messages" $BIN/python tools/messages.py check; fi

marks=""
[ -n "$browser" ] || marks="not browser"
step "tests on SQLite, in-process jobs" $BIN/pytest -q -n "${TEST_PROCESSES:-2}" --dist loadfile -m "$marks"
if [ -n "${TEST_POSTGRES_URL:-}" ] && [ -n "${TEST_REDIS_URL:-}" ]; then
  step "tests on PostgreSQL and Redis" env DATABASE_URL="$TEST_POSTGRES_URL" REDIS_URL="$TEST_REDIS_URL" \
    $BIN/pytest -q -n "${TEST_PROCESSES:-2}" --dist loadfile -m "$marks"
fi

printf '\n'
for item in "${left_out[@]:-}"; do [ -n "$item" ] && printf 'LEFT OUT: %s\n' "$item"; done
if [ ${#failed[@]} -gt 0 ]; then printf 'FAILED: %s\n' "${failed[@]}"; exit 1; fi
printf 'All checks passed.\n'
