#!/usr/bin/env bash
# Checks that a table exists, is active, and is set up as a production table should be.
#   ./scripts/validate-table.sh TABLE      e.g. ./scripts/validate-table.sh users-table
# All options: ./scripts/validate-table.sh --help
set -euo pipefail

tablewright="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/tablewright.sh"
exec "$tablewright" validate "$@"
