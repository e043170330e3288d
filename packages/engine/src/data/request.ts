import type { ConditionKind } from '../expression/index.js';

// The members of the requests that the data plane reads. `checkInput` has seen to their JSON types; attribute values
// and items are still raw, hence unknown.

/** Members by which a request brings expressions and their substitutions. */
export type ExpressionMembers = {
  readonly ExpressionAttributeNames?: unknown;
  readonly ExpressionAttributeValues?: unknown;
  readonly ConditionExpression?: string;
  readonly FilterExpression?: string;
  readonly KeyConditionExpression?: string;
  readonly ProjectionExpression?: string;
  readonly SearchConditionExpression?: string;
  readonly UpdateExpression?: string;
};

export type ConsumedCapacityMode = 'INDEXES' | 'TOTAL' | 'NONE';

type CapacityMember = { readonly ReturnConsumedCapacity?: ConsumedCapacityMode };

export type ReturnValues = 'NONE' | 'ALL_OLD' | 'UPDATED_OLD' | 'ALL_NEW' | 'UPDATED_NEW';

export type WriteRequest = ExpressionMembers &
  CapacityMember & {
    readonly TableName: string;
    readonly ReturnValues?: ReturnValues;
    readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE';
    readonly ReturnItemCollectionMetrics?: 'SIZE' | 'NONE';
  };

export type PutItemRequest = WriteRequest & { readonly Item: unknown };

/** DeleteItem and UpdateItem. */
export type KeyedWriteRequest = WriteRequest & { readonly Key: unknown; readonly AttributeUpdates?: unknown };

export type GetItemRequest = ExpressionMembers &
  CapacityMember & { readonly TableName: string; readonly Key: unknown; readonly ConsistentRead?: boolean };

export type Select = 'ALL_ATTRIBUTES' | 'ALL_PROJECTED_ATTRIBUTES' | 'SPECIFIC_ATTRIBUTES' | 'COUNT';

/** What Query and Scan have in common. */
export type PageRequest = ExpressionMembers &
  CapacityMember & {
    readonly TableName: string;
    readonly IndexName?: string;
    readonly Select?: Select;
    readonly Limit?: number;
    readonly ConsistentRead?: boolean;
    readonly ExclusiveStartKey?: unknown;
    readonly AttributesToGet?: readonly string[];
  };

export type QueryRequest = PageRequest & {
  readonly ScanIndexForward?: boolean;
  readonly QueryFilter?: unknown;
  readonly KeyConditions?: unknown;
};

export type ScanRequest = PageRequest & { readonly Segment?: number; readonly TotalSegments?: number };

export type KeysAndAttributes = ExpressionMembers & {
  readonly Keys: readonly unknown[];
  readonly AttributesToGet?: readonly string[];
  readonly ConsistentRead?: boolean;
};

export type BatchGetItemRequest = CapacityMember & {
  readonly RequestItems: Readonly<Record<string, KeysAndAttributes>>;
};

export type BatchWriteEntry = {
  readonly PutRequest?: { readonly Item: unknown };
  readonly DeleteRequest?: { readonly Key: unknown };
};

export type BatchWriteItemRequest = CapacityMember & {
  readonly RequestItems: Readonly<Record<string, readonly BatchWriteEntry[]>>;
  readonly ReturnItemCollectionMetrics?: 'SIZE' | 'NONE';
};

/** The expression members that each operation takes, in the order in which AWS names and compiles them. */
export type ExpressionMember =
  | ConditionKind
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'SearchConditionExpression'
  | 'UpdateExpression';
