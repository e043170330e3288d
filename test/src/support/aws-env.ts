/** What clients of AWS need to reach a local endpoint: credentials, a region, plain HTTP, and nobody who pages. */
export const AWS_ENV = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_CA_BUNDLE: '',
  AWS_PAGER: '',
  AWS_EC2_METADATA_DISABLED: 'true',
} as const;
