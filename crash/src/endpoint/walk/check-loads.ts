import type { EndpointClient, Json } from '../client.js';
import type { Copies } from '../operator.js';
import { BUCKET, LOADED, LOADED_ITEMS } from '../scenario.js';
import { checkIndexes } from './check-indexes.js';
import { eventually, inTheEnd, scanAll, type WalkContext } from './walk-context.js';

/** Only so many are looked at: those before them were, after earlier kills. */
const LATEST = 3;

/**
 * The latest bulk operations: each goes on after the restart and puts every item once, which the conditions of the items
 * tell; the table's indexes and counts agree with its items.
 */
export async function checkLoads(context: WalkContext, { loads }: Copies): Promise<readonly string[]> {
  const { client } = context;
  const found: string[] = [];
  for (const { name, isAcknowledged } of loads.slice(-LATEST)) {
    const description = await describeLoad(client, name);
    if (description !== undefined) found.push(...(await checkLoad(context, name, description)));
    else if (isAcknowledged) found.push(`${name} is lost`);
  }
  return [...found, ...(await eventually(context, () => checkIndexes(client, LOADED)))];
}

async function checkLoad(context: WalkContext, name: string, { BulkOperationArn: arn }: Json): Promise<string[]> {
  const { client } = context;
  const state = await inTheEnd(context, async () => {
    const { BulkOperationStatus: status, FailureMessage: failure = '' } = await describe(client, arn);
    return status === 'COMPLETED' ? [] : [`${name} stays ${status} ${failure}`];
  });
  if (state.length > 0) return [...state];
  const found: string[] = [];
  const { ProcessedItemCount: processed } = await describe(client, arn);
  if (processed !== LOADED_ITEMS) found.push(`${name} has processed ${processed} items instead of ${LOADED_ITEMS}`);
  const items = (await scanAll(client, LOADED)).filter(({ pk }) => (pk as { S: string }).S === name);
  if (items.length !== LOADED_ITEMS) found.push(`${name} has put ${items.length} items instead of ${LOADED_ITEMS}`);
  const folder = `${name}/AWSDynamoDB/${String(arn).split('/').at(-1)}`;
  const manifest = JSON.parse((await client.s3('GET', `/${BUCKET}/${folder}/manifest.json`)).toString('utf8')) as Json;
  const files = manifest.outputFiles as Json[];
  if (files.length > 0) found.push(`${name} has put ${files[0]?.itemCount} items twice`);
  return found;
}

/** The operation whose token is the name, among the newest. */
async function describeLoad(client: EndpointClient, name: string): Promise<Json | undefined> {
  const { BulkOperationsSummaryList: summaries } = await client.dynamodb('ListBulkOperations', { MaxResults: 25 });
  for (const { BulkOperationArn: arn } of summaries as Json[]) {
    const description = await describe(client, arn);
    if (description.ClientToken === name) return description;
  }
  return undefined;
}

async function describe(client: EndpointClient, arn: unknown): Promise<Json> {
  return (await client.dynamodb('DescribeBulkOperation', { BulkOperationArn: arn })).BulkOperationDescription as Json;
}
