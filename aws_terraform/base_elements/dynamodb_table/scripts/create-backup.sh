#!/bin/sh
# Makes an on-demand backup of the table $TABLE with the AWS CLI $AWS_CLI in region $CLI_REGION. Called by backup.tf.
set -eu

# Versions 1 and 2 of the CLI before 2.13 do not read the endpoint from the environment by themselves.
endpoint=${AWS_ENDPOINT_URL_DYNAMODB:-${AWS_ENDPOINT_URL:-}}
"$AWS_CLI" dynamodb create-backup --table-name "$TABLE" --backup-name "manual-$(date -u +%Y%m%d-%H%M%S)" \
  ${CLI_REGION:+--region "$CLI_REGION"} ${endpoint:+--endpoint-url "$endpoint"} \
  --query BackupDetails.BackupArn --output text
