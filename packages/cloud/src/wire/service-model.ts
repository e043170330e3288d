import type { ProtocolCodec } from './protocol-codec.js';
import type { StructureShape } from './shape.js';
import type { Protocol } from './wire-message.js';

/** What the wire layer must be told of a service; all else comes from the SDK client's schemas. */
export interface ServiceDefinition {
  /** The name in a request's credential scope, e.g. `monitoring` for CloudWatch. */
  readonly name: string;
  /** Loads the SDK client module: `() => import('@aws-sdk/client-cloudwatch')`. */
  readonly client: () => Promise<object>;
  /** Protocols that the service answers, the preferred one first. */
  readonly protocols: readonly Protocol[];
  /** The API version, e.g. `2010-08-01`. */
  readonly version: string;
  /** What precedes the operation in `X-Amz-Target`, e.g. `TrentService`; also the service's name in RPC v2 paths. */
  readonly targetPrefix?: string;
  /** Namespace of the XML that Query and REST-XML services answer with. */
  readonly xmlNamespace?: string;
  /** Moved from Query to another protocol: errors carry the old code in `x-amzn-query-error` as well. */
  readonly awsQueryCompatible?: boolean;
  /** S3's manner: request ids in `x-amz-request-id` and `x-amz-id-2`, errors without an outer `ErrorResponse`. */
  readonly s3Responses?: boolean;
  /** Operations whose XML is their one member alone, without a root element around it (S3's GetBucketLocation). */
  readonly unwrappedOutputs?: readonly string[];
  /**
   * A label that stands before the URI templates: S3's bucket, the first segment of the path or, when
   * `fromHost` finds it there, part of the host name.
   */
  readonly leadingLabel?: { readonly member: string; readonly fromHost: (host: string) => string | undefined };
}

/** Method and URI template of an operation of a REST service. */
export interface HttpBinding {
  readonly method: string;
  /** The template as the model has it, e.g. `/{Key+}?uploads`. */
  readonly uri: string;
  readonly status: number;
}

export interface OperationSchema {
  readonly name: string;
  readonly input: StructureShape;
  readonly output: StructureShape;
  readonly http: HttpBinding | undefined;
}

export interface ServiceModel {
  readonly definition: ServiceDefinition;
  /** The SDK's namespace of the service's shapes, e.g. `com.amazonaws.kms`. */
  readonly namespace: string;
  readonly operations: ReadonlyMap<string, OperationSchema>;
  /** Modelled errors by shape name and by their code on the Query protocol. */
  readonly errors: ReadonlyMap<string, StructureShape>;
  /** Whether an operation takes a stream, so that the caller should not collect bodies. */
  readonly streamsInput: boolean;
  readonly codecs: readonly ProtocolCodec[];
}
