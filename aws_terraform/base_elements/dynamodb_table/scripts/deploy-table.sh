#!/usr/bin/env bash
# Checks, plans and, once confirmed, applies a configuration.
#   ./scripts/deploy-table.sh ENV CONFIG [--yes]      e.g. ./scripts/deploy-table.sh dev examples/simple-table.tfvars
# All options: ./scripts/deploy-table.sh --help
set -euo pipefail

tablewright="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/tablewright.sh"
exec "$tablewright" deploy "$@"
