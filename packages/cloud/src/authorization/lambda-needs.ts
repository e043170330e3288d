import type { Caller } from '../kernel/caller.js';
import type { Need } from '../kernel/identity-port.js';
import { tagContext, textOf } from './input-reader.js';
import { passRole } from './pass-role.js';

/** Operations whose action is not their name. */
const ACTIONS: Readonly<Record<string, string>> = {
  Invoke: 'InvokeFunction',
  InvokeWithResponseStream: 'InvokeFunction',
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
export function lambdaNeeds(operation: string, input: object, place: Caller): readonly Need[] {
  const action = `lambda:${ACTIONS[operation] ?? operation}`;
  const target = textOf(input, 'FunctionName');
  const functionArn = target === undefined ? undefined : arnOf(target, textOf(input, 'Qualifier'), place);
  const context = { ...tagContext('Tags' in input ? input.Tags : undefined), 'lambda:FunctionArn': functionArn };
  return [
    { action, resource: resourceOf(operation, input, functionArn, place), context },
    ...passRole(textOf(input, 'Role'), 'lambda.amazonaws.com'),
  ];
}

function resourceOf(operation: string, input: object, functionArn: string | undefined, place: Caller): string {
  const mapping = textOf(input, 'UUID');
  if (mapping !== undefined) return `${prefixOf(place)}event-source-mapping:${mapping}`;
  const layer = textOf(input, 'LayerName');
  if (layer !== undefined) return layer.startsWith('arn:') ? layer : `${prefixOf(place)}layer:${layer}`;
  if (operation.includes('EventSourceMapping') || operation === 'ListFunctions') return '*';
  return functionArn ?? textOf(input, 'Resource') ?? '*';
}

/** Of a function given by name, `account:function:name`, or ARN, with or without a qualifier. */
function arnOf(given: string, qualifier: string | undefined, place: Caller): string {
  const name = given.startsWith('arn:')
    ? given
    : `${prefixOf(place)}function:${given.replace(/^(\d{12}:)?(function:)?/, '')}`;
  return qualifier === undefined || name.split(':').length > 7 ? name : `${name}:${qualifier}`;
}

function prefixOf({ region, accountId }: Caller): string {
  return `arn:aws:lambda:${region}:${accountId}:`;
}
