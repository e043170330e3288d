#!/usr/bin/env bash
# Lets Lambda functions use a table: adds what it takes to the permissions of their execution roles.
#   ./scripts/setup-lambda-permissions.sh TABLE "fn1,fn2"   e.g. ./scripts/setup-lambda-permissions.sh users-table "a,b"
# All options: ./scripts/setup-lambda-permissions.sh --help
set -euo pipefail

tablewright="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/tablewright.sh"
exec "$tablewright" grant "$@"
