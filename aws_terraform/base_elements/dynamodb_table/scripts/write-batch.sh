#!/bin/sh
# Writes $REQUEST, the request items of one BatchWriteItem call, with the AWS CLI $AWS_CLI in region $CLI_REGION,
# and what comes back unprocessed again, with growing pauses. Called by data.tf.
set -eu

# Versions 1 and 2 of the CLI before 2.13 do not read the endpoint from the environment by themselves.
endpoint=${AWS_ENDPOINT_URL_DYNAMODB:-${AWS_ENDPOINT_URL:-}}
pause=1
while :; do
  # Versions of the CLI differ in how they print an empty map: nothing, {} or null.
  REQUEST=$("$AWS_CLI" dynamodb batch-write-item --request-items "$REQUEST" \
    --query UnprocessedItems --output json ${CLI_REGION:+--region "$CLI_REGION"} \
    ${endpoint:+--endpoint-url "$endpoint"})
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
