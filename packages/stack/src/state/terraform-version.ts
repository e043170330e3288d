/**
 * The Terraform release whose state format and wording this package reproduces. It goes into the state's
 * `terraform_version`; Terraform refuses a state only when that is newer than itself in a way that it cannot read.
 */
export const TERRAFORM_VERSION = '1.11.4';

/** As the state names the provider. */
export const PROVIDER = 'provider["registry.terraform.io/hashicorp/aws"]';

/** As a plan names the provider. */
export const PROVIDER_NAME = 'registry.terraform.io/hashicorp/aws';
