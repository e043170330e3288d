#!/usr/bin/env bash
# Checks, plans and, once confirmed, applies a configuration of this module: with Terraform where it is installed, else
# with tablewright's own engine (--engine terraform|built-in chooses).
#   ./scripts/deploy-table.sh ENV CONFIG [--yes]      e.g. ./scripts/deploy-table.sh dev examples/simple-table.tfvars
# All options: ./scripts/deploy-table.sh --help
set -euo pipefail

scripts="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
exec "$scripts/tablewright.sh" deploy --engine auto --module "$(dirname "$scripts")" "$@"
