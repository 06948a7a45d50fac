#!/usr/bin/env bash
# The hook of .pre-commit-hooks.yaml: builds Capstan in pre-commit's clone of it, once, and checks the files that are given.
set -euo pipefail
own="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
[ -f "$own/dist/cli.js" ] || node "$own/scripts/setup.mjs" >&2
exec node "$own/dist/cli.js" lint "$@"
