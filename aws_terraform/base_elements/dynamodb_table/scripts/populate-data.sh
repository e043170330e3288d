#!/usr/bin/env bash
# Writes a JSON file of items in DynamoDB JSON into a table.
#   ./scripts/populate-data.sh TABLE FILE      e.g. ./scripts/populate-data.sh users-table examples/data/sample-users.json
# All options: ./scripts/populate-data.sh --help
set -euo pipefail

tablewright="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/tablewright.sh"
exec "$tablewright" populate "$@"
