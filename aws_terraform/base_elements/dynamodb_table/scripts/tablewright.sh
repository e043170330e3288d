#!/usr/bin/env bash
# Runs the tablewright command: the one named by TABLEWRIGHT_CLI, else the one of the repository that this module
# came in, else the one on the PATH.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bundled="$here/../../../../packages/cli/bin/tablewright.mjs"

if [[ -n "${TABLEWRIGHT_CLI:-}" ]]; then
  exec "$TABLEWRIGHT_CLI" "$@"
elif [[ -f "$bundled" ]]; then
  exec node "$bundled" "$@"
elif command -v tablewright >/dev/null 2>&1; then
  exec tablewright "$@"
fi
echo "Error: the tablewright command was not found." >&2
echo "→ install it with: npm install --global tablewright, or name it in TABLEWRIGHT_CLI" >&2
exit 1
