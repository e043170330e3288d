import type { ImportLog } from '@tablewright/engine';
import type { Calls } from '../../kernel/calls.js';
import { type Actor, serviceActor } from '../../kernel/principal.js';
import { ServiceError } from '../../wire/index.js';

/**
 * Imitates what DynamoDB tells CloudWatch Logs of imports: group `/aws-dynamodb/imports`, stream `<import id>/error`, one
 * JSON message an error, in the region of the table. Differs: AWS writes with the importer's permissions; here DynamoDB
 * writes, so that no policy hides what went wrong.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.Validation.html
 */
export function importLogs(calls: Calls): ImportLog {
  return {
    async append(caller, { logGroup: logGroupName, logStream: logStreamName, timestampMs: timestamp, message }) {
      const actor = serviceActor('dynamodb.amazonaws.com', caller);
      const put = () =>
        calls.run('logs', 'PutLogEvents', actor, {
          logGroupName,
          logStreamName,
          logEvents: [{ timestamp, message }],
        });
      try {
        await put();
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        // An import goes on without its log.
        if (error.code !== 'ResourceNotFoundException') return;
        await make(calls, actor, 'CreateLogGroup', { logGroupName });
        await make(calls, actor, 'CreateLogStream', { logGroupName, logStreamName });
        await put().catch(unlessRefused);
      }
    },
  };
}

async function make(calls: Calls, actor: Actor, operation: string, input: object): Promise<void> {
  await calls.run('logs', operation, actor, input).catch(unlessRefused);
}

function unlessRefused(error: unknown): void {
  if (!(error instanceof ServiceError)) throw error;
}
