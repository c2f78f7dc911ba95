#!/bin/sh
# Tests and lints the scripts of the page. Where node or npm is missing it says what it skips; CI does not skip.
set -eu
cd "$(dirname "$0")/../.."

skip() {
	echo "make js: skipped $1"
	if [ "${CI:-}" = true ]; then exit 1; fi
	exit 0
}

node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
	2>/dev/null || skip "all: there is no node 20.19 or newer"
# The scripts are modules without a package.json of their own: a browser needs none
node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON --test --test-reporter=dot --test-timeout=20000 tests/js/*.test.mjs

command -v npm >/dev/null || skip "the linter: there is no npm"
installed=tests/js/node_modules/.installed
if [ ! -e "$installed" ] || [ tests/js/package.json -nt "$installed" ]; then
	npm install --prefix tests/js --no-package-lock --no-audit --no-fund --loglevel=error ||
		skip "the linter: npm could not install it"
	touch "$installed"
fi
tests/js/node_modules/.bin/eslint --config tests/js/eslint.config.mjs lstm_core/ui/static tests/js
