import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ImportLog } from '@tablewright/engine';

/**
 * Imitates the log group `/aws-dynamodb/imports` of CloudWatch Logs, to which DynamoDB writes the errors of imports:
 * stream `<import id>/error`, one JSON message an error. Differs: as long as no log service takes them, the messages
 * lie, a line each, in `<data folder>/dynamodb-imports/<account>/<region>/<import id>/error`.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.Validation.html
 */
export function importLogFiles(dataDir: string): ImportLog {
  return {
    async append({ accountId, region }, { logStream, message }) {
      const path = join(dataDir, IMPORT_LOG_FOLDER, accountId, region, logStream);
      await mkdir(dirname(path), { recursive: true });
      await appendFile(path, `${message}\n`);
    },
  };
}

export const IMPORT_LOG_FOLDER = 'dynamodb-imports';
