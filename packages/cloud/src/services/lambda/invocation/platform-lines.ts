import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { InvocationEnd } from '../runtime/environment.js';

/** What Lambda itself says in a function's log. */
export interface PlatformLines {
  start(version: string): string;
  /** `initMs`: of an invocation that its environment was started for. */
  end(end: InvocationEnd, initMs: number | undefined): string[];
}

/**
 * In the log's format. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html. Where the
 * system's log level is WARN, JSON tells of nothing that goes well.
 */
export function platformLines(
  { LoggingConfig, MemorySize = 128 }: FunctionConfiguration,
  requestId: string,
  nowMs: () => number,
): PlatformLines {
  if (LoggingConfig?.LogFormat !== 'JSON') return textLines(requestId, MemorySize, nowMs);
  const lines = jsonLines(requestId, MemorySize, nowMs);
  return LoggingConfig.SystemLogLevel === 'WARN' ? { start: () => '', end: () => [] } : lines;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html */
function textLines(requestId: string, memoryMb: number, nowMs: () => number): PlatformLines {
  return {
    start: (version) => `START RequestId: ${requestId} Version: ${version}\n`,
    end(end, initMs) {
      const { durationMs, closingLine } = end;
      const init = initMs === undefined ? '' : `Init Duration: ${initMs.toFixed(2)} ms\t`;
      return [
        ...(closingLine === undefined ? [] : [closingText(nowMs(), requestId, closingLine)]),
        `END RequestId: ${requestId}\n`,
        `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\t` +
          `Billed Duration: ${Math.ceil(durationMs)} ms\tMemory Size: ${memoryMb} MB\t` +
          `Max Memory Used: ${usedMb(end, memoryMb)} MB\t${init}\n`,
      ];
    },
  };
}

function closingText(nowMs: number, requestId: string, line: string): string {
  if (!line.startsWith('Task timed out')) return `RequestId: ${requestId} ${line}\n`;
  return `${new Date(nowMs).toISOString()} ${requestId} ${line}\n\n`;
}

function jsonLines(requestId: string, memoryMb: number, nowMs: () => number): PlatformLines {
  const line = (type: string, record: object): string =>
    `${JSON.stringify({ time: new Date(nowMs()).toISOString(), type, record: { requestId, ...record } })}\n`;
  return {
    start: (version) => line('platform.start', { version }),
    end(end, initMs) {
      const { durationMs, closingLine, isError } = end;
      const isTimeout = closingLine?.startsWith('Task timed out') === true;
      const metrics = {
        durationMs: Number(durationMs.toFixed(3)),
        billedDurationMs: Math.ceil(durationMs),
        memorySizeMB: memoryMb,
        maxMemoryUsedMB: usedMb(end, memoryMb),
        ...(initMs === undefined ? {} : { initDurationMs: Number(initMs.toFixed(3)) }),
      };
      const status = isTimeout ? 'timeout' : isError ? 'error' : 'success';
      return [line('platform.report', { metrics, status })];
    },
  };
}

function usedMb({ maxMemoryKb }: InvocationEnd, memoryMb: number): number {
  return Math.min(memoryMb, Math.ceil(maxMemoryKb / 1024));
}
