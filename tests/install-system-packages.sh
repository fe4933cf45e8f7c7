#!/usr/bin/env bash
# What the tests need beyond Python: a Java runtime for the OWL reasoner, and Chromium for the pages.
set -uo pipefail

missing=()
java -version >/dev/null 2>&1 || missing+=(default-jre-headless)
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || missing+=(chromium)
[ ${#missing[@]} -eq 0 ] && exit 0

echo "Installing ${missing[*]} from the system's packages …"
if command -v apt-get >/dev/null 2>&1; then
  run=(); [ "$(id -u)" -eq 0 ] || run=(sudo -n)
  if "${run[@]}" apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${run[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; then
    exit 0
  fi
fi

# Without the system's Chromium, Playwright can bring its own.
if [ "${missing[*]}" = chromium ] && .venv/bin/python -m playwright install chromium; then
  exit 0
fi
echo "Could not install: ${missing[*]}. Please install a Java runtime (11 or newer) and Chromium by hand, then run make test again." >&2
exit 1
