import type * as CloudTrail from '@aws-sdk/client-cloudtrail';
import type { Kernel } from '../../kernel/kernel.js';
import type { TrailRecord } from '../../kernel/trail-port.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';

const MOST = 50;

/** Whether a record has an attribute with a value. */
const ATTRIBUTES: Readonly<Record<string, (record: TrailRecord, value: string) => boolean>> = {
  EventId: ({ id }, value) => id === value,
  EventName: ({ name }, value) => name === value,
  ReadOnly: ({ isReadOnly }, value) => String(isReadOnly) === value,
  Username: ({ userName }, value) => userName === value,
  EventSource: ({ source }, value) => source === value,
  AccessKeyId: ({ accessKeyId }, value) => accessKeyId === value,
  ResourceName: ({ resources }, value) => resources.some(({ name }) => name === value),
  ResourceType: ({ resources }, value) => resources.some(({ type }) => type === value),
};

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html: the latest first. */
export async function lookUpEvents(
  kernel: Kernel,
  { caller }: RequestContext,
  input: CloudTrail.LookupEventsCommandInput,
): Promise<CloudTrail.LookupEventsResponse> {
  const { LookupAttributes: attributes = [], StartTime: start, EndTime: end, MaxResults: limit = MOST } = input;
  if (attributes.length > 1) {
    throw new ServiceError('InvalidLookupAttributesException', 'You can only specify one lookup attribute.');
  }
  if (start !== undefined && end !== undefined && start > end) {
    throw new ServiceError('InvalidTimeRangeException', 'StartTime must be before EndTime.');
  }
  if (limit < 1 || limit > MOST)
    throw new ServiceError('InvalidMaxResultsException', `MaxResults must be from 1 to ${MOST}.`);
  const [{ AttributeKey: key = '', AttributeValue: value = '' } = {}] = attributes;
  const has = ATTRIBUTES[key];
  if (attributes.length === 1 && has === undefined) {
    throw new ServiceError('InvalidLookupAttributesException', `${key} is not a lookup attribute.`);
  }
  const found = (await kernel.ports.trail.events(caller))
    .filter((record) => has === undefined || has(record, value))
    .filter(({ atMs }) => start === undefined || atMs >= start.getTime())
    // Times of requests are whole seconds.
    .filter(({ atMs }) => end === undefined || atMs < end.getTime() + 1000);
  const from = input.NextToken === undefined ? 0 : 1 + found.findIndex(({ id }) => id === input.NextToken);
  if (input.NextToken !== undefined && from === 0) {
    throw new ServiceError('InvalidNextTokenException', `Invalid token: ${input.NextToken}`);
  }
  const page = found.slice(from, from + limit);
  const last = page.at(-1);
  return {
    Events: page.map((record) => ({
      EventId: record.id,
      EventName: record.name,
      ReadOnly: String(record.isReadOnly),
      AccessKeyId: record.accessKeyId,
      EventTime: new Date(record.atMs),
      EventSource: record.source,
      Username: record.userName,
      Resources: record.resources.map(({ type, name }) => ({ ResourceType: type, ResourceName: name })),
      CloudTrailEvent: record.event,
    })),
    ...(last !== undefined && from + limit < found.length && { NextToken: last.id }),
  };
}
