import { formatDuration } from '@tablewright/base';
import { type ClockReading, type ClockRequest, localClock } from '@tablewright/cloud';
import type { CliContext } from '../cli-context.js';

/** Sets the clock when asked to, then shows it. */
export async function runLocalClock(
  context: CliContext,
  dataDir: string,
  request: ClockRequest | undefined,
  json: boolean,
): Promise<void> {
  const reading = await localClock({ dataDir }, request);
  if (json) return context.output.json(reading);
  context.output.line(`${reading.now}  ${paceOf(reading)}${distanceOf(reading)}`);
}

function paceOf({ frozen, speed, advancing }: ClockReading): string {
  if (advancing) return 'being advanced';
  if (frozen) return 'frozen';
  return speed === 1 ? 'running' : `running ${speed} times as fast as the machine's`;
}

function distanceOf({ aheadMs }: ClockReading): string {
  if (Math.abs(aheadMs) < 1000) return '';
  return `, ${formatDuration(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} the machine's`;
}
