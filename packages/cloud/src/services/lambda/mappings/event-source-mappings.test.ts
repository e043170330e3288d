import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeleteItemCommand, DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  type EventSourcePosition,
  type FunctionResponseType,
  ListEventSourceMappingsCommand,
  ListTagsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { mappingFixture, type SeenEvent } from '../testing/mapping-fixture.js';

function recordOf(event: SeenEvent | undefined) {
  const record = event?.Records[0];
  assert.ok(record !== undefined);
  return record;
}

test('a mapping takes the changes of a table to a function, as AWS words them', async (t) => {
  const { createWorker, map, mapping, put, seen, endpoint, dynamodb, streamArn } = await mappingFixture(t);
  await createWorker();
  await put('early');
  const uuid = await map();
  await endpoint.advance('1s');
  const description = await mapping(uuid);
  assert.equal(description.State, 'Enabled');
  assert.equal(description.LastProcessingResult, 'OK');
  await dynamodb.send(new DeleteItemCommand({ TableName: 'orders', Key: { id: { S: 'early' } } }));
  await endpoint.advance('1s');
  const [first, second] = seen();
  const { eventID, dynamodb: change, ...rest } = recordOf(first);
  assert.match(String(eventID), /^[0-9a-f]{32}$/);
  assert.deepEqual(rest, {
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    eventSourceARN: streamArn,
  });
  const { SequenceNumber, ...image } = change;
  assert.match(String(SequenceNumber), /^\d{21}$/);
  assert.deepEqual(image, {
    ApproximateCreationDateTime: Date.UTC(2026, 0, 1) / 1000,
    Keys: { id: { S: 'early' } },
    NewImage: { id: { S: 'early' } },
    SizeBytes: 14,
    StreamViewType: 'NEW_AND_OLD_IMAGES',
  });
  assert.equal(recordOf(second).eventName, 'REMOVE');
});

test('LATEST begins with what comes after the mapping, also when it was never read before', async (t) => {
  const { createWorker, map, put, batches, endpoint } = await mappingFixture(t);
  await createWorker();
  await put('before');
  await map({ StartingPosition: 'LATEST' });
  await put('after');
  await endpoint.advance('1s');
  assert.deepEqual(batches(), [['after']]);
});

test('a mapping is made, found, changed and deleted', async (t) => {
  const { createWorker, map, mapping, lambda, endpoint, streamArn } = await mappingFixture(t);
  await createWorker();
  const uuid = await map({ Enabled: false, Tags: { team: 'ops' } });
  await endpoint.advance('1s');
  const description = await mapping(uuid);
  const { LastModified, UUID, ...rest } = description;
  assert.deepEqual(rest, {
    StartingPosition: 'TRIM_HORIZON',
    BatchSize: 100,
    MaximumBatchingWindowInSeconds: 0,
    ParallelizationFactor: 1,
    EventSourceArn: streamArn,
    FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:worker',
    LastProcessingResult: 'No records processed',
    State: 'Disabled',
    StateTransitionReason: 'User action',
    DestinationConfig: { OnFailure: {} },
    MaximumRecordAgeInSeconds: -1,
    BisectBatchOnFunctionError: false,
    MaximumRetryAttempts: -1,
    TumblingWindowInSeconds: 0,
    FunctionResponseTypes: [],
    EventSourceMappingArn: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${uuid}`,
  });
  const { Tags } = await lambda.send(new ListTagsCommand({ Resource: description.EventSourceMappingArn }));
  assert.deepEqual(Tags, { team: 'ops' });
  await assert.rejects(map(), {
    name: 'ResourceConflictException',
    message:
      `The event source arn (" ${streamArn} ") and function (" worker ") provided mapping already exists. ` +
      `Please update or delete the existing mapping with UUID ${uuid}`,
  });
  const updated = await lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: true, BatchSize: 7 }));
  assert.deepEqual([updated.State, updated.BatchSize], ['Enabling', 7]);
  await endpoint.advance('1s');
  assert.equal((await mapping(uuid)).State, 'Enabled');
  const listed = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName: 'worker' }));
  assert.deepEqual(
    listed.EventSourceMappings?.map((one) => one.UUID),
    [uuid],
  );
  const deleted = await lambda.send(new DeleteEventSourceMappingCommand({ UUID: uuid }));
  assert.equal(deleted.State, 'Deleting');
  await endpoint.advance('1s');
  await assert.rejects(mapping(uuid), {
    name: 'ResourceNotFoundException',
    message: 'The resource you requested does not exist.',
  });
});

test('what cannot be a mapping is refused', async (t) => {
  const { createWorker, map, lambda, streamArn } = await mappingFixture(t);
  await assert.rejects(map(), { name: 'InvalidParameterValueException', message: 'Function does not exist' });
  await createWorker();
  const invalid = { name: 'InvalidParameterValueException' };
  await assert.rejects(map({ EventSourceArn: streamArn.replace('orders', 'others') }), invalid);
  const when = { StartingPositionTimestamp: new Date(0) };
  await assert.rejects(map({ StartingPosition: 'AT_TIMESTAMP', ...when }), {
    ...invalid,
    message: `Unsupported starting position for arn type: ${streamArn}`,
  });
  await assert.rejects(map({ StartingPosition: 'LATEST', ...when }), {
    ...invalid,
    message: 'Timestamp only valid with StartingPosition AT_TIMESTAMP',
  });
  await assert.rejects(map({ StartingPosition: undefined }), {
    ...invalid,
    message:
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
  });
  const position = '0' as EventSourcePosition;
  await assert.rejects(map({ StartingPosition: position }), {
    name: 'ValidationException',
    message:
      "1 validation error detected: Value '0' at 'startingPosition' failed to satisfy constraint: Member must satisfy " +
      'enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]',
  });
  await assert.rejects(map({ FilterCriteria: { Filters: [{ Pattern: '{"a":1}' }] } }), {
    ...invalid,
    message: 'Invalid filter pattern definition.',
  });
  await assert.rejects(map({ DestinationConfig: { OnFailure: { Destination: 'arn:aws:events:x' } } }), invalid);
  await assert.rejects(map({ BatchSize: 10_001 }), { name: 'ValidationException' });
  await assert.rejects(map({ MaximumRecordAgeInSeconds: 59 }), {
    ...invalid,
    message: 'MaximumRecordAgeInSeconds must be either -1 (forever) or between 60 and 604800 (inclusive)',
  });
  await assert.rejects(map({ ScalingConfig: { MaximumConcurrency: 2 } }), {
    ...invalid,
    message: 'Unsupported ScalingConfig parameter for given event source mapping type.',
  });
  await assert.rejects(map({ DestinationConfig: { OnSuccess: { Destination: 'arn:aws:s3:::b' } } }), {
    ...invalid,
    message: 'OnSuccess configuration is not supported for event source mappings.',
  });
  await assert.rejects(map({ TumblingWindowInSeconds: 1, ParallelizationFactor: 2 }), {
    ...invalid,
    message: 'Parallelization factor must be equal to 1 when tumbling window period is configured',
  });
  await assert.rejects(map({ FunctionResponseTypes: ['Bad' as FunctionResponseType] }), {
    name: 'ValidationException',
    message:
      "1 validation error detected: Value '[Bad]' at 'functionResponseTypes' failed to satisfy constraint: Member must " +
      'satisfy constraint: [Member must satisfy enum value set: [ReportBatchItemFailures], Member must not be null]',
  });
  const other = { FunctionName: 'worker', EventSourceArn: 'arn:aws:kafka:us-east-1:000000000000:cluster/c/1' };
  await assert.rejects(lambda.send(new CreateEventSourceMappingCommand(other)), { name: 'UnknownOperationException' });
});

test('a disabled mapping keeps its place, over a restart, too', async (t) => {
  const { createWorker, map, put, batches, lambda, endpoint } = await mappingFixture(t);
  await createWorker();
  const UUID = await map();
  await put('a');
  await endpoint.advance('1s');
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
  await endpoint.advance('1s');
  await put('b');
  await endpoint.advance('1s');
  assert.deepEqual(batches(), [['a']]);
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
  await endpoint.advance('1s');
  assert.deepEqual(batches(), [['a'], ['b']]);
  await endpoint.restart();
  await endpoint.advance('1s');
  assert.deepEqual(batches(), [['a'], ['b']]);
});

test('records go on from shard to shard, in order', async (t) => {
  const { createWorker, map, put, batches, endpoint } = await mappingFixture(t);
  await createWorker();
  await map();
  const ids = ['a', 'b', 'c', 'd'];
  for (const id of ids) {
    await put(id);
    await endpoint.advance('5h');
  }
  assert.deepEqual(batches().flat(), ids);
});

test('with another number of lanes nothing is left out', async (t) => {
  const { createWorker, map, put, batches, lambda, endpoint } = await mappingFixture(t);
  await createWorker();
  const UUID = await map({ ParallelizationFactor: 3 });
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  await put(...ids.slice(0, 3));
  await endpoint.advance('1s');
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, ParallelizationFactor: 2 }));
  await endpoint.advance('1s');
  await put(...ids.slice(3));
  await endpoint.advance('1s');
  assert.deepEqual([...new Set(batches().flat())].sort(), ids);
});

test('a mapping whose stream is gone says so, and can be deleted', async (t) => {
  const { createWorker, map, mapping, put, lambda, dynamodb, endpoint } = await mappingFixture(t);
  await createWorker();
  const UUID = await map();
  await put('a');
  await endpoint.advance('1s');
  await dynamodb.send(new DeleteTableCommand({ TableName: 'orders' }));
  await endpoint.advance('2d');
  const { State, LastProcessingResult } = await mapping(UUID);
  assert.equal(State, 'Enabled');
  assert.equal(LastProcessingResult, 'PROBLEM: internal Lambda error. Please contact Lambda customer support.');
  await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
  await endpoint.advance('1s');
  await assert.rejects(mapping(UUID), { name: 'ResourceNotFoundException' });
});
