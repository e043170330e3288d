import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AwsConnection } from '../aws/aws-connection.js';
import type { JsonObject } from '../json-value.js';

/** What a handler works with. */
export interface ResourceContext {
  readonly aws: AwsConnection;
  readonly dynamodb: DynamoDBClient;
  /** Aborted when the person wants to stop: waits end early, requests in flight are finished. */
  readonly signal?: AbortSignal;
}

/** The attributes that an apply would lead to. */
export interface PlannedAttributes {
  /** All that is known before the apply. */
  readonly after: JsonObject;
  /** The same shape with `true` for each attribute that AWS decides. */
  readonly afterUnknown: JsonObject;
  /** Attributes whose change needs a new resource; empty when it can be changed in place. */
  readonly replaceBecause: readonly string[];
}

/**
 * One type of resource. Attributes are those that the AWS provider keeps in the state, under its names and with its
 * nulls and empty strings. Handlers read what is there before they change it, and return what is there afterwards.
 */
export interface ResourceHandler {
  readonly type: string;
  readonly schemaVersion: number;
  /** The provider's note in the state, base64. */
  readonly privateNote: string;
  /** The id in progress lines, `users-table`. */
  idOf(attributes: JsonObject): string;
  /** Pure. `prior` is null for a resource that does not exist. `after` equals `prior` where nothing changes. */
  plan(prior: JsonObject | null, configured: JsonObject): PlannedAttributes;
  /** Null only when AWS says that the resource does not exist; every other failure is an error. */
  read(context: ResourceContext, prior: JsonObject): Promise<JsonObject | null>;
  /** `save` keeps what exists so far, so that a failure in the middle leaves a state to go on from. */
  create(
    context: ResourceContext,
    planned: JsonObject,
    save: (attributes: JsonObject) => Promise<void>,
  ): Promise<JsonObject>;
  update(context: ResourceContext, prior: JsonObject, planned: JsonObject): Promise<JsonObject>;
  /** A resource that is gone already counts as deleted. */
  delete(context: ResourceContext, prior: JsonObject): Promise<void>;
  /** What AWS has under `id`; null where there is nothing. */
  import(context: ResourceContext, id: string, configured: JsonObject): Promise<JsonObject | null>;
}
