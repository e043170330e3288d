// Users, groups, roles and policies through the real Terraform and AWS provider.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { terraformMissing } from './support/programs.js';
import { TerraformFolder } from './support/terraform-folder.js';
import { openWorkspace, type Workspace } from './support/workspace.js';

const RESOURCES = 15;

const MODULE = `
terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
provider "aws" {}
variable "duration" { default = 3600 }
data "aws_caller_identity" "this" {}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com", "backup.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.this.account_id]
    }
  }
}
data "aws_iam_policy_document" "read" {
  statement {
    sid       = "Read"
    actions   = ["dynamodb:GetItem", "dynamodb:Query"]
    resources = ["arn:aws:dynamodb:*:\${data.aws_caller_identity.this.account_id}:table/*"]
  }
}
resource "aws_iam_policy" "read" {
  name        = "tablewright-read"
  path        = "/team/"
  description = "reads tables"
  policy      = data.aws_iam_policy_document.read.json
  tags        = { Owner = "ops" }
}
resource "aws_iam_role" "this" {
  name                 = "tablewright-function"
  description          = "of a function"
  max_session_duration = var.duration
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = aws_iam_policy.read.arn
  tags                 = { Owner = "ops" }
}
resource "aws_iam_role_policy" "this" {
  name   = "inline"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.read.json
}
resource "aws_iam_role_policy_attachment" "own" {
  role       = aws_iam_role.this.name
  policy_arn = aws_iam_policy.read.arn
}
resource "aws_iam_role_policy_attachment" "managed" {
  role       = aws_iam_role.this.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole"
}
resource "aws_iam_user" "this" {
  name          = "tablewright-user"
  force_destroy = true
}
resource "aws_iam_user_policy" "this" {
  user   = aws_iam_user.this.name
  policy = data.aws_iam_policy_document.read.json
}
resource "aws_iam_user_policy_attachment" "this" {
  user       = aws_iam_user.this.name
  policy_arn = aws_iam_policy.read.arn
}
resource "aws_iam_access_key" "this" { user = aws_iam_user.this.name }
resource "aws_iam_group" "this" { name = "tablewright-group" }
resource "aws_iam_group_policy" "this" {
  group  = aws_iam_group.this.name
  policy = data.aws_iam_policy_document.read.json
}
resource "aws_iam_group_policy_attachment" "this" {
  group      = aws_iam_group.this.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"
}
resource "aws_iam_group_membership" "this" {
  name  = "members"
  group = aws_iam_group.this.name
  users = [aws_iam_user.this.name]
}
resource "aws_iam_instance_profile" "this" {
  name = "tablewright-profile"
  role = aws_iam_role.this.name
}
resource "aws_iam_account_alias" "this" { account_alias = "tablewright" }
data "aws_iam_principal_policy_simulation" "this" {
  action_names      = ["dynamodb:GetItem"]
  resource_arns     = ["arn:aws:dynamodb:us-east-1:\${data.aws_caller_identity.this.account_id}:table/t"]
  policy_source_arn = aws_iam_role.this.arn
  depends_on        = [aws_iam_role_policy.this]
}
output "allowed" { value = data.aws_iam_principal_policy_simulation.this.all_allowed }
`;

describe('identities with the real provider', { skip: terraformMissing() }, () => {
  let workspace: Workspace;
  let terraform: TerraformFolder;

  before(async () => {
    workspace = await openWorkspace();
    terraform = new TerraformFolder(workspace.env);
    terraform.write('main.tf', MODULE);
    await terraform.init();
  });
  after(async () => {
    terraform?.close();
    await workspace?.close();
  });

  test('apply, a plan without changes, a change, and a destroy that leaves nothing', async () => {
    const applied = await terraform.succeed('apply', '-no-color', '-auto-approve');
    assert.match(applied, new RegExp(`Resources: ${RESOURCES} added, 0 changed`));
    assert.match(applied, /allowed = true/);
    assert.match(await terraform.succeed('plan', '-no-color'), /No changes\./);
    const changed = await terraform.succeed('apply', '-no-color', '-auto-approve', '-var=duration=7200');
    assert.match(changed, /Resources: 0 added, 1 changed, 0 destroyed/);
    const destroyed = await terraform.succeed('destroy', '-no-color', '-auto-approve');
    assert.match(destroyed, new RegExp(`Resources: ${RESOURCES} destroyed`));
    const refused = workspace.endpoint.requests().filter(({ status }) => status >= 500);
    assert.deepEqual(refused, []);
  });
});
