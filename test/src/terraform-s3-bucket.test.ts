// A root module with the resources that a bucket for states usually has, through the real Terraform and AWS provider.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { terraformMissing } from './support/programs.js';
import { TerraformFolder } from './support/terraform-folder.js';
import { openWorkspace, type Workspace } from './support/workspace.js';

const RESOURCES = 13;

const MODULE = `
terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
provider "aws" {
  s3_use_path_style = true
}
variable "retention" { default = 7 }
resource "aws_s3_bucket" "logs" { bucket = "tablewright-logs" }
resource "aws_s3_bucket" "this" {
  bucket = "tablewright-state"
  tags   = { Owner = "ops" }
}
resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_kms_key" "this" { description = "state" }
resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.this.arn
    }
    bucket_key_enabled = true
  }
}
resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.this.arn, "\${aws_s3_bucket.this.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" }, StringEquals = { "aws:PrincipalTag/team" = "none" } }
    }]
  })
}
resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    id     = "old"
    status = "Enabled"
    filter { prefix = "dev/" }
    expiration { days = 30 }
    noncurrent_version_expiration { noncurrent_days = var.retention }
    abort_incomplete_multipart_upload { days_after_initiation = 3 }
  }
}
resource "aws_s3_bucket_logging" "this" {
  bucket        = aws_s3_bucket.this.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "log/"
}
resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id
  rule { object_ownership = "BucketOwnerPreferred" }
}
resource "aws_s3_bucket_acl" "this" {
  depends_on = [aws_s3_bucket_ownership_controls.this]
  bucket     = aws_s3_bucket.this.id
  acl        = "private"
}
resource "aws_s3_bucket_cors_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  cors_rule {
    allowed_methods = ["GET"]
    allowed_origins = ["https://example.com"]
  }
}
resource "aws_s3_object" "this" {
  depends_on = [aws_s3_bucket_versioning.this, aws_s3_bucket_server_side_encryption_configuration.this]
  bucket     = aws_s3_bucket.this.id
  key        = "config/app settings.json"
  content    = "{}"
  tags       = { a = "b" }
  metadata   = { origin = "terraform" }
}
output "version" { value = aws_s3_object.this.version_id }
output "encryption" { value = aws_s3_object.this.server_side_encryption }
`;

// The provider itself watches a new lifecycle configuration for most of a minute, on AWS as here.
describe('a bucket for states with the real provider', { skip: terraformMissing() }, () => {
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

  test('apply, a plan without changes, and a destroy that leaves nothing', async () => {
    const applied = await terraform.succeed('apply', '-no-color', '-auto-approve');
    assert.match(applied, new RegExp(`Resources: ${RESOURCES} added, 0 changed`));
    assert.match(applied, /encryption = "aws:kms"\nversion = "[\w.]{32}"/);
    assert.match(await terraform.succeed('plan', '-no-color'), /No changes\./);
    const destroyed = await terraform.succeed('destroy', '-no-color', '-auto-approve');
    assert.match(destroyed, new RegExp(`Resources: ${RESOURCES} destroyed`));
    const refused = workspace.endpoint.requests().filter(({ status }) => status >= 500);
    assert.deepEqual(refused, []);
  });
});
