/** The provider's default timeouts for aws_dynamodb_table, which its note in the state repeats in nanoseconds. */
export const TABLE_TIMEOUTS_MS = { create: 30 * 60_000, update: 60 * 60_000, delete: 10 * 60_000 };

const NANOSECONDS = 1_000_000;
const note = {
  // The key under which terraform-plugin-sdk keeps timeouts (helper/schema/resource_timeout.go).
  'e2bfb730-ecaa-11e6-8f88-34363bc7c4c0': {
    create: TABLE_TIMEOUTS_MS.create * NANOSECONDS,
    delete: TABLE_TIMEOUTS_MS.delete * NANOSECONDS,
    update: TABLE_TIMEOUTS_MS.update * NANOSECONDS,
  },
  schema_version: '1',
};

export const TABLE_PRIVATE_NOTE = Buffer.from(JSON.stringify(note)).toString('base64');
