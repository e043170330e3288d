#!/usr/bin/env bash
# Makes an on-demand backup of a table, and waits until it can be restored.
#   ./scripts/backup-table.sh TABLE [NAME]      e.g. ./scripts/backup-table.sh users-table backup-before-migration
# All options: ./scripts/backup-table.sh --help
set -euo pipefail

tablewright="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/tablewright.sh"
exec "$tablewright" backup create "$@"
