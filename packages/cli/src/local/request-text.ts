import type { Output } from '../output/output.js';

/** A line of the request log for reading: time, status, service and operation, what it was about, how long it took. */
export function requestText(output: Output, line: string): string {
  const record = parse(line);
  if (record === undefined) return line;
  const { style } = output;
  const status = Number(record.status);
  const paint = status >= 500 ? style.red : status >= 400 ? style.yellow : style.green;
  const call = `${record.service}.${record.operation}`.padEnd(34);
  const about = [record.resource, record.errorCode].filter((part) => part !== '' && part !== undefined).join('  ');
  const time = String(record.time).slice(11, 23);
  return `${style.dim(time)} ${paint(String(status))} ${call} ${Number(record.durationMs).toFixed(1).padStart(7)} ms  ${about}`;
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
