import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defined } from '@tablewright/base';
import { SeededRandom } from '@tablewright/testkit';
import {
  decodeInput,
  encodeOutput,
  loadServiceModel,
  matchOperation,
  type OperationSchema,
  type Protocol,
  type ServiceModel,
  type WireRequest,
} from './index.js';
import type { Shape } from './shape.js';
import { plainValue } from './testing/plain-value.js';
import { randomValue } from './testing/random-value.js';
import { protocolsOf, type ServiceName, sdkSide, serviceNames, target } from './testing/sdk-clients.js';
import { rawOperations, type SdkSide } from './testing/sdk-side.js';
import { definitions } from './testing/service-definitions.js';

const seeds = [1, 2, 3];
const bucket = 'my-bucket';

// Every operation of a client goes through the client's own protocol, and, where the protocol needs no HTTP
// bindings, through all the others too: the SDK's serialisers are the judge on both ways.
for (const name of serviceNames) {
  describe(`random inputs and outputs of ${name}`, () => {
    for (const protocol of protocolsOf(name)) {
      it(`come through ${protocol} as they were`, () => checkService(name, protocol));
    }
  });
}

async function checkService(name: ServiceName, protocol: Protocol): Promise<void> {
  const module: object = await definitions[name].client();
  const model = await loadServiceModel({ ...definitions[name], protocols: [protocol], targetPrefix: target });
  const sdk = sdkSide(module, name, protocol);
  for (const [operationName, raw] of rawOperations(module)) {
    const operation = defined(model.operations.get(operationName), operationName);
    for (const seed of seeds) {
      await checkOperation(model, sdk, raw, operation, seed, protocol).catch((error: Error) => {
        throw new Error(`${name} ${operationName} seed ${seed}: ${error.message}`, { cause: error });
      });
    }
  }
}

async function checkOperation(
  model: ServiceModel,
  sdk: SdkSide,
  raw: readonly unknown[],
  operation: OperationSchema,
  seed: number,
  protocol: Protocol,
): Promise<void> {
  const random = new SeededRandom(seed * 7919 + operation.name.length);
  const isText = protocol === 'awsQuery' || protocol === 'restXml';
  const limits = { empty: !isText };
  if (hasEventStream(operation.output)) return;

  const input = randomValue(operation.input, random, limits) as Record<string, unknown>;
  const leading = model.definition.leadingLabel?.member;
  const hasBucket = leading !== undefined && operation.input.member(leading)?.traits.httpLabel !== undefined;
  if (hasBucket && leading !== undefined) input[leading] = bucket;
  const request = await sdk.request(raw, input, hasBucket ? `/${bucket}` : '/');
  const match = matchOperation(model, request);
  assert.equal(match.kind, 'operation', `${request.method} ${request.path} ${request.query}`);
  if (match.kind !== 'operation') return;
  assert.equal(match.operation.name, operation.name);
  checkWithoutHint(model, request, operation.name);
  const decoded = await decodeInput(model, match, request);
  assert.deepEqual(await plainValue(decoded, isText), await plainValue(input, isText), 'input');

  const output = randomValue(operation.output, random, limits) as Record<string, unknown>;
  const response = encodeOutput(model, match, output, 'request-id');
  const read = await sdk.output(raw, response);
  assert.deepEqual(await plainValue(read, isText), await plainValue(output, isText), 'output');
}

/** Clients other than the SDKs for JavaScript and Go do not name the operation in `x-id`. */
function checkWithoutHint(model: ServiceModel, request: WireRequest, operationName: string): void {
  const query = new URLSearchParams(request.query);
  query.delete('x-id');
  const match = matchOperation(model, { ...request, query: query.toString() });
  const found = match.kind === 'operation' ? match.operation.name : 'none';
  // Directory buckets have the same URI on another host name.
  const expected = operationName === 'ListDirectoryBuckets' ? 'ListBuckets' : operationName;
  assert.equal(found, expected, `${request.method} ${request.path} ${query}`);
}

function hasEventStream(shape: Shape): boolean {
  if (shape.kind !== 'structure') return false;
  return shape.members.some(({ shape: { kind, traits } }) => kind === 'union' && traits.streaming !== undefined);
}
