#!/bin/sh
# The browser tests need a Chromium, and fonts with Chinese characters for the pictures they take.
# Debian's is installed when there is none and apt is at hand; elsewhere Playwright brings its own.
set -e
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if command -v apt-get >/dev/null 2>&1; then
    sudo=""
    [ "$(id -u)" = 0 ] || sudo="sudo"
    $sudo apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq chromium fonts-noto-cjk >/dev/null
else
    .venv/bin/playwright install chromium
fi
