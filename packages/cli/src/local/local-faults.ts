import { formatDuration } from '@tablewright/base';
import {
  addLocalFault,
  clearLocalFaults,
  type FaultRequest,
  type FaultRule,
  localClock,
  localFaults,
  localRegions,
} from '@tablewright/cloud';
import type { CliContext } from '../cli-context.js';
import { plural } from '../output/format.js';

export async function addFault(
  context: CliContext,
  dataDir: string,
  request: FaultRequest,
  json: boolean,
): Promise<void> {
  const rule = await addLocalFault({ dataDir }, request);
  if (json) return context.output.json(rule);
  context.output.line(`Fault ${rule.id}: ${whatOf(rule)}.`);
  context.output.note(`Remove it with: tablewright local fault clear ${rule.id}`);
}

export async function listFaults(context: CliContext, dataDir: string, json: boolean): Promise<void> {
  const rules = await localFaults({ dataDir });
  if (json) return context.output.json({ faults: rules });
  if (rules.length === 0) return context.output.line('No faults: every request is carried out.');
  const { nowMs } = await localClock({ dataDir });
  context.output.table(
    ['id', 'service', 'operation', 'resource', 'what happens', 'left', 'requests'],
    rules.map((rule) => [
      rule.id,
      rule.service,
      rule.operation ?? '*',
      [rule.resource ?? '*', rule.region].filter((part) => part !== undefined).join(' in '),
      effectOf(rule),
      leftOf(rule, nowMs),
      String(rule.hits),
    ]),
  );
}

export async function clearFaults(
  context: CliContext,
  dataDir: string,
  id: string | undefined,
  json: boolean,
): Promise<void> {
  const removed = await clearLocalFaults({ dataDir }, id);
  if (json) return context.output.json({ removed });
  context.output.line(`Removed ${plural(removed, 'fault')}.`);
}

export async function changeRegion(
  context: CliContext,
  dataDir: string,
  action: 'cutOff' | 'rejoin',
  region: string,
  json: boolean,
): Promise<void> {
  const cutOff = await localRegions({ dataDir }, action === 'cutOff' ? { cutOff: region } : { rejoin: region });
  if (json) return context.output.json({ cutOff });
  context.output.line(cutOff.length === 0 ? 'No region is cut off.' : `Cut off: ${cutOff.join(', ')}.`);
}

function whatOf(rule: FaultRule): string {
  const { service, operation = 'requests', resource, region } = rule;
  const where = [resource === undefined ? '' : ` for ${resource}`, region === undefined ? '' : ` in ${region}`].join(
    '',
  );
  return `${service} ${operation}${where}: ${effectOf(rule)}`;
}

function effectOf({ error, latencyMs, probability }: FaultRule): string {
  const parts = [
    latencyMs === undefined ? undefined : `${formatDuration(latencyMs)} late`,
    error === undefined ? undefined : `fail with ${error}`,
    probability === 1 ? undefined : `${Math.round(probability * 1000) / 10} % of them`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function leftOf({ remaining, untilMs }: FaultRule, nowMs: number): string {
  const parts = [
    remaining === undefined ? undefined : plural(remaining, 'request'),
    untilMs === undefined ? undefined : formatDuration(Math.max(0, untilMs - nowMs)),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? 'until cleared' : parts.join(', ');
}
