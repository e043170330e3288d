import { Readable } from 'node:stream';
import type { Kernel } from '../../../kernel/kernel.js';
import type { Actor } from '../../../kernel/principal.js';
import { ServiceError } from '../../../wire/index.js';

/** Attributes of a message, for SQS and SNS alike. */
export type MessageAttributes = Readonly<Record<string, { readonly DataType: string; readonly StringValue: string }>>;

const ARN = /^arn:aws[a-zA-Z-]*:(?<service>[a-z0-9]+):(?<region>[a-z0-9-]*):(?<accountId>\d*):(?<resource>.+)$/;

/** Brings records of invocations to where they are wanted, with the function's own permissions. */
export class Destinations {
  constructor(private readonly kernel: Kernel) {}

  /**
   * To a queue, a topic, a function or a bucket. Rejects with ServiceError when it cannot be brought there.
   * @param folder What an object's key in a bucket begins with, without a slash at its end.
   */
  async deliver(actor: Actor, destination: string, record: string, folder: string): Promise<void> {
    const { service, resource } = parse(destination);
    if (service === 's3') await this.#toBucket(actor, resource, record, folder);
    else if (service === 'lambda') await this.#toFunction(actor, destination, record);
    else await this.send(actor, destination, record, {});
  }

  /** To a queue or a topic. */
  async send(actor: Actor, destination: string, body: string, attributes: MessageAttributes): Promise<void> {
    const { service, region, accountId, resource } = parse(destination);
    const there: Actor = { ...actor, caller: { ...actor.caller, region } };
    const { calls } = this.kernel;
    const MessageAttributes = Object.keys(attributes).length === 0 ? {} : { MessageAttributes: attributes };
    if (service === 'sqs') {
      // The role needs no permission but to send.
      const QueueUrl = `http://${this.kernel.address}/${accountId}/${resource}`;
      await calls.run('sqs', 'SendMessage', there, { QueueUrl, MessageBody: body, ...MessageAttributes });
    } else if (service === 'sns') {
      await calls.run('sns', 'Publish', there, { TopicArn: destination, Message: body, ...MessageAttributes });
    } else {
      throw new ServiceError('InvalidParameterValueException', `records cannot be sent to ${destination} here`);
    }
  }

  async #toFunction(actor: Actor, FunctionName: string, record: string): Promise<void> {
    const input = { FunctionName, InvocationType: 'Event', Payload: Buffer.from(record) };
    await this.kernel.calls.run('lambda', 'Invoke', actor, input);
  }

  async #toBucket(actor: Actor, bucket: string, record: string, folder: string): Promise<void> {
    const now = new Date(this.kernel.clock.nowMs()).toISOString();
    const day = now.slice(0, 10).replaceAll('-', '/');
    const name = `${now.slice(0, 19).replaceAll(':', '.')}-${this.kernel.random.uuid()}`;
    await this.kernel.calls.run('s3', 'PutObject', actor, {
      Bucket: bucket,
      Key: `${folder}/${day}/${name}`,
      Body: Readable.from([Buffer.from(record)]),
      ContentLength: Buffer.byteLength(record),
      ContentType: 'application/json',
    });
  }
}

function parse(arn: string): { service: string; region: string; accountId: string; resource: string } {
  const { service = '', region = '', accountId = '', resource = '' } = ARN.exec(arn)?.groups ?? {};
  return { service, region, accountId, resource };
}
