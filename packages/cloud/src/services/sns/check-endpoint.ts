import { invalidParameter } from './sns-errors.js';
import { isFifo, PROTOCOLS, type Protocol, type TopicRecord } from './topic-record.js';

/** What endpoints look like, and what SNS says of those that do not. */
const ENDPOINTS: Readonly<Record<Protocol, readonly [form: RegExp, fault: string]>> = {
  sqs: [/^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:[\w-]{1,80}(\.fifo)?$/, 'SQS endpoint ARN'],
  lambda: [/^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:.+$/, 'Lambda endpoint ARN'],
  http: [/^http:\/\/.+/, 'Endpoint must match the specified protocol'],
  https: [/^https:\/\/.+/, 'Endpoint must match the specified protocol'],
  email: [/^[^@\s]+@[^@\s]+$/, 'Email address'],
  'email-json': [/^[^@\s]+@[^@\s]+$/, 'Email address'],
  sms: [/^\+?[\d\s().-]{5,20}$/, 'Invalid SMS endpoint'],
};

/** The protocol, whose endpoint can be one of the topic's. Throws in AWS's words. */
export function protocolOf(topic: TopicRecord, given: string, endpoint: string): Protocol {
  if (given === 'firehose' || given === 'application') {
    throw invalidParameter(`Protocol Reason: ${given} is not emulated by this endpoint`);
  }
  const protocol = PROTOCOLS.find((known) => known === given);
  if (protocol === undefined) throw invalidParameter(`Amazon SNS does not support this protocol string: ${given}`);
  const [form, fault] = ENDPOINTS[protocol];
  if (!form.test(endpoint)) throw invalidParameter(fault);
  if (isFifo(topic)) {
    if (protocol === 'sqs') return protocol;
    const rule = `Endpoints with protocol ${protocol} can not be subscribed to FIFO topics`;
    throw invalidParameter(`Invalid parameter: Endpoint Reason: ${rule}`);
  }
  if (protocol === 'sqs' && isFifo({ name: endpoint })) {
    const rule = 'FIFO SQS Queues can not be subscribed to standard SNS topics';
    throw invalidParameter(`Invalid parameter: Endpoint Reason: ${rule}`);
  }
  return protocol;
}
