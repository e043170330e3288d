import { ServiceError } from '../../wire/index.js';
import { NAMESPACE, type TargetName } from './scaling-records.js';

/** Application Auto Scaling's errors in AWS's words. https://docs.aws.amazon.com/autoscaling/application/APIReference/CommonErrors.html */

export function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}

/** What breaks a rule of the API model. */
export function constraint(value: unknown, member: string, rule: string): ServiceError {
  return invalid(`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`);
}

export function notFound(what: string, target: TargetName, rest = ''): ServiceError {
  const { resourceId, dimension } = target;
  return new ServiceError(
    'ObjectNotFoundException',
    `No ${what} for service namespace: ${NAMESPACE}, resource ID: ${resourceId}, scalable dimension: ${dimension}${rest}`,
  );
}
