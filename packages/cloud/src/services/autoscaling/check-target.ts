import { offsetPage } from '../../kernel/offset-page.js';
import { constraint, invalid } from './scaling-errors.js';
import { NAMESPACE, type TargetName } from './scaling-records.js';

const DIMENSIONS = [
  'dynamodb:table:ReadCapacityUnits',
  'dynamodb:table:WriteCapacityUnits',
  'dynamodb:index:ReadCapacityUnits',
  'dynamodb:index:WriteCapacityUnits',
];

interface NamedTarget {
  readonly ServiceNamespace?: string | undefined;
  readonly ResourceId?: string | undefined;
  readonly ScalableDimension?: string | undefined;
}

/** Throws unless the namespace is DynamoDB's. */
export function checkNamespace(namespace: string | undefined): void {
  if (namespace === undefined || namespace === '') {
    throw constraint(namespace ?? null, 'serviceNamespace', 'Member must not be null');
  }
  if (namespace !== NAMESPACE) {
    throw invalid(`The service namespace ${namespace} is not emulated by this endpoint; ${NAMESPACE} is`);
  }
}

/** The target that a request names in full. */
export function checkTarget(input: NamedTarget): TargetName {
  checkNamespace(input.ServiceNamespace);
  const { ResourceId: resourceId, ScalableDimension: dimension } = input;
  if (resourceId === undefined) throw constraint(null, 'resourceId', 'Member must not be null');
  if (dimension === undefined) throw constraint(null, 'scalableDimension', 'Member must not be null');
  const isTable = /^table\/[\w.-]{3,255}$/.test(resourceId);
  const isIndex = /^table\/[\w.-]{3,255}\/index\/[\w.-]{3,255}$/.test(resourceId);
  const kind = dimension.split(':')[1];
  if (!DIMENSIONS.includes(dimension) || (kind === 'table' ? !isTable : !isIndex)) {
    throw invalid('Unsupported service namespace, resource type or scalable dimension');
  }
  return { resourceId, dimension };
}

/** The part of a target that a list is narrowed down to. */
export function targetFilter(input: {
  readonly ServiceNamespace?: string | undefined;
  readonly ResourceId?: string | undefined;
  readonly ResourceIds?: readonly string[] | undefined;
  readonly ScalableDimension?: string | undefined;
}): (target: TargetName) => boolean {
  checkNamespace(input.ServiceNamespace);
  const { ScalableDimension: dimension } = input;
  const ids = input.ResourceIds ?? (input.ResourceId === undefined ? undefined : [input.ResourceId]);
  if (dimension !== undefined && input.ResourceId === undefined && input.ResourceIds === undefined) {
    throw invalid('If you specify a scalable dimension, you must also specify a resource ID.');
  }
  return (target) =>
    (ids === undefined || ids.length === 0 || ids.includes(target.resourceId)) &&
    (dimension === undefined || dimension === target.dimension);
}

const MAX_RESULTS = 50;

/** A page of a list; the token is the number of entries before the next page. */
export function pageOf<T>(
  all: readonly T[],
  {
    MaxResults: limit = MAX_RESULTS,
    NextToken: token,
  }: { MaxResults?: number | undefined; NextToken?: string | undefined },
): { readonly page: readonly T[]; readonly NextToken?: string } {
  return offsetPage(all, Math.min(Math.max(limit, 1), MAX_RESULTS), token, invalidToken);
}

function invalidToken(): Error {
  return invalid('The NextToken value is not valid.');
}
