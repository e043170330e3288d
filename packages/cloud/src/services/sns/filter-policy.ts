import { compilePattern, type EventTest, PatternError } from '../../kernel/event-pattern/event-pattern.js';
import type { AttributeRecords } from './published-message.js';
import { invalidParameter } from './sns-errors.js';
import type { Attributes } from './topic-record.js';

const CACHE_LIMIT = 1000;
const MAX_KEYS = 5;
const compiled = new Map<string, EventTest>();

/**
 * Whether a subscription wants a message, by its filter policy, on the message's attributes or its body.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html
 */
export function wants(subscription: Attributes, text: string, attributes: AttributeRecords): boolean {
  const { FilterPolicy: policy, FilterPolicyScope: scope } = subscription;
  if (policy === undefined) return true;
  const test = testOf(policy);
  if (scope !== 'MessageBody') return test(attributesAsEvent(attributes));
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && test(body);
  } catch {
    // What is no JSON matches no policy.
    return false;
  }
}

/** Throws, in AWS's words, when the policy cannot be. */
export function checkFilterPolicy(policy: string, scope: string): void {
  if (scope !== 'MessageAttributes' && scope !== 'MessageBody') {
    throw invalidParameter('FilterPolicyScope: Invalid value. Please use MessageBody or MessageAttributes');
  }
  let keys: [string, unknown][];
  try {
    compilePattern(policy);
    keys = Object.entries(JSON.parse(policy) as object);
  } catch (error) {
    if (error instanceof PatternError) throw invalidParameter(`FilterPolicy: ${error.message}`);
    throw error;
  }
  if (keys.length > MAX_KEYS) throw invalidParameter('FilterPolicy: Filter policy can not have more than 5 keys');
  if (scope === 'MessageAttributes' && keys.some(([key, value]) => key !== '$or' && !Array.isArray(value))) {
    throw invalidParameter('FilterPolicy: Filter policy scope MessageAttributes does not support nested filter policy');
  }
}

function testOf(policy: string): EventTest {
  const known = compiled.get(policy);
  if (known !== undefined) return known;
  if (compiled.size >= CACHE_LIMIT) compiled.clear();
  const test = compilePattern(policy);
  compiled.set(policy, test);
  return test;
}

/** Numbers and lists as what they are; binary values match nothing. */
function attributesAsEvent(attributes: AttributeRecords): object {
  const event: Record<string, unknown> = {};
  for (const [name, { type, value }] of Object.entries(attributes)) {
    if (type === 'Number') event[name] = Number(value);
    else if (type === 'String.Array') event[name] = JSON.parse(value) as unknown;
    else if (type.startsWith('String')) event[name] = value;
  }
  return event;
}
