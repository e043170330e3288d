import type { Handler } from '../engine-context.js';
import { validationError } from '../errors.js';
import { streamKey } from './stream-keys.js';
import type { StreamContext } from './stream-operations.js';
import { parseStreamArn, streamArn } from './streams.js';

const MAX_LIMIT = 100;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_ListStreams.html; by table and age. */
export function listStreams({ streams }: StreamContext): Handler {
  return (caller, input) => {
    const limit = (input.Limit as number | undefined) ?? MAX_LIMIT;
    if (limit > MAX_LIMIT) {
      throw validationError(
        `One or more parameter values were invalid: Limit cannot be greater than the maximum allowed size: ${MAX_LIMIT}`,
      );
    }
    const after = startKey(input.ExclusiveStartStreamArn as string | undefined);
    const found = streams
      .list(caller)
      .map(({ stored }) => stored)
      .filter((stream) => input.TableName === undefined || stream.tableName === input.TableName)
      .filter((stream) => streamKey(stream) > after);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      Streams: page.map((stream) => ({
        StreamArn: streamArn(stream),
        TableName: stream.tableName,
        StreamLabel: stream.label,
      })),
      ...(found.length > limit && last !== undefined && { LastEvaluatedStreamArn: streamArn(last) }),
    };
  };
}

/** The place of a stream in the list, whether it is still there or not. */
function startKey(arn: string | undefined): string {
  if (arn === undefined) return '';
  const place = parseStreamArn(arn);
  const [, tableName = '', , label = ''] = arn.split('/');
  if (place === undefined) throw validationError('Invalid StreamArn');
  return streamKey({ ...place, tableName, label });
}
