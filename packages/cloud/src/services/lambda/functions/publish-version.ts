import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { Writer } from '@tablewright/store';
import { type Caller, partitionOf } from '../../../kernel/caller.js';
import type { LambdaParts } from '../lambda-parts.js';
import { versionName } from './function-catalog.js';
import type { FunctionRecord } from './function-record.js';

/**
 * Makes a version of what $LATEST is, within a change. When nothing has changed since the last version, that one is the
 * answer. https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
 */
export function publish(
  { kernel, catalog }: LambdaParts,
  writer: Writer,
  caller: Caller,
  name: string,
  record: FunctionRecord,
  description?: string,
): FunctionConfiguration {
  const partition = partitionOf(caller);
  const { lastVersion = 0, configuration, codeFile } = record;
  const last = catalog.versions.getFrom(writer, partition, versionName(name, lastVersion));
  if (last !== undefined && substance(last.configuration) === substance(configuration)) return last.configuration;
  const version = lastVersion + 1;
  const published: FunctionConfiguration = {
    ...configuration,
    ...(description === undefined || description === '' ? {} : { Description: description }),
    FunctionArn: `${configuration.FunctionArn}:${version}`,
    Version: String(version),
    RevisionId: kernel.random.uuid(),
  };
  catalog.versions.putIn(writer, partition, versionName(name, version), { configuration: published, codeFile });
  catalog.functions.putIn(writer, partition, name, { ...record, lastVersion: version });
  return published;
}

/** What makes a version another one: code and settings, not when and as what they were kept. */
function substance(configuration: FunctionConfiguration): string {
  const { FunctionArn, Version, RevisionId, LastModified, Description, ...rest } = configuration;
  return JSON.stringify(Object.entries(rest).sort(([one], [other]) => (one < other ? -1 : 1)));
}
