#!/bin/sh
# Writes $REQUEST, the request items of one BatchWriteItem call, with the AWS CLI $AWS_CLI in region $CLI_REGION,
# and what comes back unprocessed again, with growing pauses. Called by data.tf.
set -eu

pause=1
while :; do
  # Versions of the CLI differ in how they print an empty map: nothing, {} or null.
  REQUEST=$("$AWS_CLI" dynamodb batch-write-item --request-items "$REQUEST" \
    --query UnprocessedItems --output json ${CLI_REGION:+--region "$CLI_REGION"})
  case $(printf '%s' "$REQUEST" | tr -d '[:space:]') in
    '' | '{}' | null) exit 0 ;;
  esac
  if [ "$pause" -gt 32 ]; then
    echo "DynamoDB still leaves items unprocessed after 6 tries; the table's write capacity is too low." >&2
    exit 1
  fi
  sleep "$pause"
  pause=$((pause * 2))
done
