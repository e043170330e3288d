import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defined } from '@tablewright/base';
import { SeededRandom } from '@tablewright/testkit';
import { encodeError, loadServiceModel, type Protocol, ServiceError, type ServiceModel } from './index.js';
import type { StructureShape } from './shape.js';
import { plainValue } from './testing/plain-value.js';
import { randomValue } from './testing/random-value.js';
import { protocolsOf, type ServiceName, sdkSide, serviceNames, target } from './testing/sdk-clients.js';
import { rawOperations, type SdkSide } from './testing/sdk-side.js';
import { definitions } from './testing/service-definitions.js';

const message = 'Nothing there: <a> & "b"';

// Every error that a client's model lists must arrive as that error, with its message and members, whatever
// the protocol: that is what callers catch by.
for (const name of serviceNames) {
  describe(`errors of ${name}`, () => {
    for (const protocol of protocolsOf(name)) {
      it(`arrive through ${protocol} as the SDK's exceptions`, () => checkErrors(name, protocol));
    }
  });
}

async function checkErrors(name: ServiceName, protocol: Protocol): Promise<void> {
  const module: object = await definitions[name].client();
  const model = await loadServiceModel({ ...definitions[name], protocols: [protocol], targetPrefix: target });
  const sdk = sdkSide(module, name, protocol);
  const [operation] = rawOperations(module).values();
  const shapes = new Set(model.errors.values());
  assert.ok(shapes.size > 5);
  for (const shape of shapes) await checkError(model, sdk, defined(operation, 'operation'), shape, protocol);
}

async function checkError(
  model: ServiceModel,
  sdk: SdkSide,
  operation: readonly unknown[],
  shape: StructureShape,
  protocol: Protocol,
): Promise<void> {
  const isText = protocol === 'awsQuery' || protocol === 'restXml';
  const random = new SeededRandom(shape.name.length);
  const members = randomValue(shape, random, { empty: !isText }) as Record<string, unknown>;
  delete members.message;
  delete members.Message;
  const response = encodeError(model, protocol, new ServiceError(shape.name, message, { members }), 'request-id');
  const thrown = await sdk.output(operation, response).then(
    () => assert.fail(`${shape.name} was read as a success`),
    (error: Error & Record<string, unknown>) => error,
  );
  // Two of CloudWatch's errors share the code ResourceNotFound; on Query no client can tell them apart.
  const isShared = protocol === 'awsQuery' && model.errors.get(queryCodeOf(shape)) !== shape;
  assert.equal(thrown.name, isShared ? queryCodeOf(shape) : shape.name);
  assert.equal(thrown.message, message, shape.name);
  const found = Object.fromEntries(Object.keys(members).map((key) => [key, thrown[key]]));
  assert.deepEqual(await plainValue(found, isText), await plainValue(members, isText), shape.name);
}

function queryCodeOf(shape: StructureShape): string {
  return shape.traits.awsQueryError?.[0] ?? shape.name;
}
