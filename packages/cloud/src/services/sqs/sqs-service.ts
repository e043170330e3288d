import type { Kernel } from '../../kernel/kernel.js';
import { defineService } from '../define-service.js';
import type { Service } from '../service.js';
import { moveTaskOperations } from './move-task-operations.js';
import { withQueueOfPath } from './old-clients.js';
import { permissionOperations } from './permission-operations.js';
import { queueOperations } from './queue-operations.js';
import { QueueStore } from './queue-store.js';
import { receiptOperations } from './receipt-operations.js';
import { receiveOperations } from './receive-operations.js';
import { sendOperations } from './send-operations.js';
import { tagOperations } from './tag-operations.js';

/**
 * Amazon Simple Queue Service, in AWS JSON 1.0 and, for older clients, Query.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/
 * Visibility, delay, retention and deduplication follow the kernel clock; a receiver waits in the machine's time.
 * Differs: each message is received in order and once per visibility timeout, where AWS's standard queues promise less;
 * only the last receipt handle deletes; counts are exact; a queue can be made again, or purged again, at once, where
 * AWS waits 60 seconds; limits on messages in flight and on throughput do not exist; KMS settings are kept, but bodies
 * lie as they are; message move tasks are done at once.
 */
export function sqsService(kernel: Kernel): Service {
  const store = new QueueStore(kernel);
  kernel.resourcePolicies.offer('sqs', (arn) => store.policyOf(arn));
  kernel.ports.queues.offer({
    idOf: (arn) => store.byArn(arn)?.id,
    nextMs: (arn) => store.nextMs(arn),
  });
  const queues = queueOperations(store);
  const tags = tagOperations(store);
  const permissions = permissionOperations(store);
  const sending = sendOperations(store);
  const receiving = receiveOperations(store);
  const receipts = receiptOperations(store);
  const moves = moveTaskOperations(store);
  return defineService<typeof import('@aws-sdk/client-sqs')>(
    {
      AddPermission: permissions.add,
      CancelMessageMoveTask: moves.cancel,
      ChangeMessageVisibility: receipts.changeVisibility,
      ChangeMessageVisibilityBatch: receipts.changeVisibilityOfMany,
      CreateQueue: queues.create,
      DeleteMessage: receipts.remove,
      DeleteMessageBatch: receipts.removeMany,
      DeleteQueue: queues.remove,
      GetQueueAttributes: queues.attributes,
      GetQueueUrl: queues.url,
      ListDeadLetterSourceQueues: queues.sources,
      ListMessageMoveTasks: moves.list,
      ListQueueTags: tags.list,
      ListQueues: queues.list,
      PurgeQueue: queues.purge,
      ReceiveMessage: receiving.receive,
      RemovePermission: permissions.remove,
      SendMessage: sending.send,
      SendMessageBatch: sending.sendMany,
      SetQueueAttributes: queues.setAttributes,
      StartMessageMoveTask: moves.start,
      TagQueue: tags.tag,
      UntagQueue: tags.untag,
    },
    {
      title: 'SQS',
      // A message, or a batch, of the largest size, with its escapes.
      bodyLimitBytes: 8 * 1024 * 1024,
      resourceMember: 'QueueUrl',
      admit: withQueueOfPath,
      letGo: () => store.receivers.close(),
      close: () => store.receivers.close(),
      definition: {
        name: 'sqs',
        client: () => import('@aws-sdk/client-sqs'),
        protocols: ['awsJson1_0', 'awsQuery'],
        version: '2012-11-05',
        targetPrefix: 'AmazonSQS',
        xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
        awsQueryCompatible: true,
      },
    },
  );
}
