import { UserError } from '@tablewright/base';
import type { AwsConnection } from '../aws/aws-connection.js';
import type { Configuration } from '../config/configuration.js';
import { desiredResources } from '../desired/desired-resources.js';
import { resourceContext } from '../plan/create-plan.js';
import { changeFor } from '../plan/resource-change.js';
import { handlerFor } from '../resources/handlers.js';
import { emptyState, listResources } from '../state/edit-state.js';
import type { StateBackend } from '../state/state-backend.js';
import type { StateFile } from '../state/state-file.js';
import type { OnStackEvent } from './stack-event.js';
import { StateKeeper } from './state-keeper.js';

export interface ImportOptions {
  readonly aws: AwsConnection;
  /** Locked by the caller. */
  readonly backend: StateBackend;
  readonly configuration: Configuration;
  /** Such as `aws_dynamodb_table.this`. */
  readonly address: string;
  /** Such as `users-table`. */
  readonly id: string;
  readonly onEvent?: OnStackEvent;
}

/** Takes a resource that exists into the state; the resource itself is not changed. */
export async function importResource(options: ImportOptions): Promise<StateFile> {
  const { address, id, backend, aws } = options;
  const desired = desiredResources(options.configuration.values).find((it) => it.address === address);
  if (desired === undefined) {
    throw new UserError(`the configuration has no ${address}`, 'Import to an address that the configuration asks for.');
  }
  const state = (await backend.read()) ?? emptyState(aws.random);
  if (listResources(state).includes(address)) {
    throw new UserError(`${address} is in the state already`, `Remove it first: tablewright state rm ${address}.`);
  }
  options.onEvent?.({ kind: 'importing', address, id, line: `${address}: Importing from ID "${id}"...` });
  const context = resourceContext(aws, undefined);
  try {
    const attributes = await handlerFor(desired.type, address).import(context, id, desired.attributes);
    if (attributes === null) {
      throw new UserError(`AWS has no ${desired.type} "${id}" in ${aws.region}`, 'Check the name and the region.');
    }
    const keeper = await StateKeeper.open(backend, state);
    await keeper.put(changeFor(desired, undefined, false), attributes);
    options.onEvent?.({ kind: 'imported', address, id, line: `${address}: Import complete [id=${id}]` });
    return await keeper.finish((current) => current);
  } finally {
    context.dynamodb.destroy();
  }
}
