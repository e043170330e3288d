import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import type { RequestContext } from '../service.js';
import { groupArn } from './group-operations.js';
import type { LogStreamRecord } from './log-record.js';
import type { LogStore } from './log-store.js';
import { groupNotFound, invalidParameter, streamExists } from './logs-errors.js';
import { checkGroupName, checkStreamName, groupNameOf } from './names.js';
import { limited, pageOf } from './page.js';

/** Log streams: their life and lists. */
export function streamOperations(store: LogStore) {
  return {
    async create({ caller, kernel }: RequestContext, input: Logs.CreateLogStreamCommandInput): Promise<object> {
      const group = checkGroupName(input.logGroupName);
      const name = checkStreamName(input.logStreamName);
      const partition = partitionOf(caller);
      const stream: LogStreamRecord = { group, name, createdMs: kernel.clock.nowMs() };
      await kernel.store.change((writer) => {
        if (store.groups.getFrom(writer, partition, group) === undefined) throw groupNotFound();
        if (store.streams.getFrom(writer, partition, `${group}\0${name}`) !== undefined) throw streamExists();
        store.streams.putIn(writer, partition, `${group}\0${name}`, stream);
      });
      return {};
    },

    async remove({ caller }: RequestContext, input: Logs.DeleteLogStreamCommandInput): Promise<object> {
      const group = store.group(caller, checkGroupName(input.logGroupName));
      await store.deleteStream(caller, store.stream(caller, group.name, checkStreamName(input.logStreamName)));
      return {};
    },

    describe({ caller }: RequestContext, input: Logs.DescribeLogStreamsCommandInput): Logs.DescribeLogStreamsResponse {
      const group = store.group(caller, groupNameOf(input)).name;
      const { orderBy = 'LogStreamName', descending = false, logStreamNamePrefix: prefix } = input;
      if (orderBy === 'LastEventTime' && prefix !== undefined) {
        throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
      }
      const streams = [...store.streamsOf(caller, group, prefix)];
      if (orderBy === 'LastEventTime') streams.sort((one, other) => (one.lastMs ?? 0) - (other.lastMs ?? 0));
      if (descending) streams.reverse();
      const limit = limited(input.limit, 'limit', 50);
      const { page, nextToken } = pageOf(streams, ({ name }) => name, limit, input.nextToken);
      return { logStreams: page.map((stream) => streamOf(caller, stream)), ...(nextToken && { nextToken }) };
    },
  };
}

function streamOf(caller: Caller, stream: LogStreamRecord): Logs.LogStream {
  return {
    logStreamName: stream.name,
    creationTime: stream.createdMs,
    ...(stream.firstMs !== undefined && { firstEventTimestamp: stream.firstMs }),
    ...(stream.lastMs !== undefined && { lastEventTimestamp: stream.lastMs }),
    ...(stream.lastIngestionMs !== undefined && { lastIngestionTime: stream.lastIngestionMs }),
    uploadSequenceToken: sequenceToken(stream),
    arn: `${groupArn(caller, stream.group)}:log-stream:${stream.name}`,
    // AWS no longer counts it for streams.
    storedBytes: 0,
  };
}

/** Given for clients of old; no longer needed to put events. */
export function sequenceToken({ createdMs, lastIngestionMs = 0 }: LogStreamRecord): string {
  return `${createdMs}${lastIngestionMs}`.padStart(56, '4');
}
