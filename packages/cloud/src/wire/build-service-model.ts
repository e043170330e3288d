import type { ProtocolCodec } from './protocol-codec.js';
import type { HttpBinding, OperationSchema, ServiceDefinition, ServiceModel } from './service-model.js';
import type { StructureShape } from './shape.js';
import { structureOf } from './shape-of.js';
import type { Protocol } from './wire-message.js';

type RawSchema = readonly [kind: number, namespace: string, name: string, ...rest: unknown[]];

// Kinds of the SDK's schema arrays, from @smithy/types.
const operationKind = 9;
const errorKind = -3;

const codecLoaders: Readonly<Record<Protocol, () => Promise<ProtocolCodec>>> = {
  awsJson1_0: async () => (await import('./aws-json.js')).awsJson('awsJson1_0'),
  awsCbor1_1: async () => (await import('./aws-cbor.js')).awsCbor,
  awsJson1_1: async () => (await import('./aws-json.js')).awsJson('awsJson1_1'),
  awsQuery: async () => (await import('./aws-query.js')).awsQuery,
  restJson1: async () => (await import('./rest-json.js')).restJson,
  restXml: async () => (await import('./rest-xml.js')).restXml,
  rpcv2Cbor: async () => (await import('./rpc-v2-cbor.js')).rpcV2Cbor,
};

/** Collects a service's operations and errors from the schemas that its SDK client module exports. */
export async function buildServiceModel(definition: ServiceDefinition): Promise<ServiceModel> {
  const [client, ...codecs] = await Promise.all([
    definition.client(),
    ...definition.protocols.map((protocol) => codecLoaders[protocol]()),
  ]);
  const schemas = Object.values(client).filter(isRawSchema);
  const operations = schemas.filter((schema) => schema[0] === operationKind).map(operationOf);
  return {
    definition,
    namespace: schemas.find((schema) => schema[0] === operationKind)?.[1] ?? '',
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    errors: errorIndex(schemas.filter((schema) => schema[0] === errorKind)),
    streamsInput: operations.some((operation) => operation.input.members.some(isStream)),
    codecs,
  };
}

function isRawSchema(value: unknown): value is RawSchema {
  return Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'string' && value.length >= 5;
}

function operationOf(schema: RawSchema): OperationSchema {
  const [, , name, traits, input, output] = schema;
  return {
    name,
    input: structureOf(input),
    output: structureOf(output),
    http: httpBinding(traits),
  };
}

function httpBinding(traits: unknown): HttpBinding | undefined {
  if (typeof traits !== 'object' || traits === null || !('http' in traits) || !Array.isArray(traits.http))
    return undefined;
  const [method, uri, status] = traits.http;
  return { method: String(method), uri: String(uri), status: Number(status) };
}

function errorIndex(schemas: readonly RawSchema[]): Map<string, StructureShape> {
  const index = new Map<string, StructureShape>();
  for (const schema of schemas) {
    // The SDK's own base exception of each service lives in a synthetic namespace; no service sends it.
    if (schema[1].startsWith('smithy.ts.sdk.synthetic')) continue;
    const shape = structureOf(schema);
    index.set(shape.name, shape);
    const queryCode = shape.traits.awsQueryError?.[0];
    if (queryCode !== undefined && !index.has(queryCode)) index.set(queryCode, shape);
  }
  return index;
}

function isStream(member: StructureShape['members'][number]): boolean {
  return member.shape.kind === 'blob' && member.traits.streaming !== undefined;
}
