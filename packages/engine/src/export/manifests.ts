import { createHash } from 'node:crypto';
import { tableArn } from '../catalog/arn.js';
import { billedSizeBytes, type DataFile, type ExportRecord, exportFolder } from './export-record.js';

// The manifests of an export (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html).
// Their check sums lie beside them in files that the docs call `.checksum` and AWS names `.md5`: the MD5 in base64.

/** A JSON object a line, one for each data file. */
export function filesManifest(files: readonly DataFile[]): string {
  return files.map((file) => `${JSON.stringify(file)}\n`).join('');
}

export function summaryManifest(record: ExportRecord): string {
  const { request, full, incremental, table, progress } = record;
  return JSON.stringify({
    version: incremental === undefined ? '2020-06-30' : '2023-08-01',
    exportArn: record.arn,
    startTime: isoTime(record.startMs),
    endTime: isoTime(record.endMs ?? record.startMs),
    tableArn: tableArn(table, table.name),
    tableId: table.id,
    ...(full !== undefined && { exportTime: isoTime(full.timeMs) }),
    ...(incremental !== undefined && {
      exportFromTime: isoTime(incremental.fromMs),
      exportToTime: isoTime(incremental.toMs),
    }),
    s3Bucket: request.bucket,
    s3Prefix: request.prefix ?? null,
    s3SseAlgorithm: request.sseAlgorithm,
    s3SseKmsKeyId: request.sseKmsKeyId ?? null,
    manifestFilesS3Key: `${exportFolder(record)}/manifest-files.json`,
    billedSizeBytes: billedSizeBytes(record),
    itemCount: progress.itemCount,
    outputFormat: request.format,
    ...(incremental !== undefined && { outputView: incremental.view, exportType: 'INCREMENTAL_EXPORT' }),
  });
}

export function md5Base64(text: string): string {
  return createHash('md5').update(text).digest('base64');
}

function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
