import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { UserError } from '@tablewright/base';
import type { Connection } from '../connection/connection.js';

/** The functions by the ARN of their role; a role may serve several. */
export async function rolesOfFunctions(
  connection: Connection,
  functions: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const lambda = new LambdaClient(connection.clientConfig);
  try {
    const roles = new Map<string, string[]>();
    for (const name of functions) {
      const role = await roleOf(connection, lambda, name);
      roles.set(role, [...(roles.get(role) ?? []), name]);
    }
    return roles;
  } finally {
    lambda.destroy();
  }
}

async function roleOf(connection: Connection, lambda: LambdaClient, name: string): Promise<string> {
  try {
    const command = new GetFunctionConfigurationCommand({ FunctionName: name });
    const { Role: role = '' } = await connection.call(() => lambda.send(command));
    if (role.includes(':role/')) return role;
    throw new UserError(`function "${name}" has no execution role (${role})`, 'Give it one, then grant again.');
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
    throw new UserError(
      `function "${name}" does not exist in ${connection.region} at ${connection.endpoint ?? 'AWS'}`,
      'Nothing was granted. Check the name, the region and the target, or create the function first.',
      { cause: error },
    );
  }
}
