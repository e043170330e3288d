import { hostname, userInfo } from 'node:os';
import { type Clock, type Random, UserError } from '@tablewright/base';
import { isJsonObject } from '../json-value.js';
import type { LockInfo, StateOperation } from './state-backend.js';
import { TERRAFORM_VERSION } from './terraform-version.js';

const OPERATIONS: { readonly [K in StateOperation]: string } = {
  plan: 'OperationTypePlan',
  apply: 'OperationTypeApply',
  destroy: 'OperationTypeApply',
  import: 'OperationTypeInvalid',
  'state-rm': 'OperationTypeInvalid',
};

/** The record that a new lock is made with. `path` is the state's, as Terraform puts it there. */
export function newLockInfo(operation: StateOperation, path: string, clock: Clock, random: Random): LockInfo {
  return {
    ID: random.uuid(),
    Operation: OPERATIONS[operation],
    Info: '',
    Who: `${userName()}@${hostname()}`,
    Version: TERRAFORM_VERSION,
    Created: new Date(clock.nowMs()).toISOString(),
    Path: path,
  };
}

/** A lock record found at the state; null where it is none (half written, or not a lock's). */
export function parseLockInfo(text: string): LockInfo | null {
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value) || typeof value['ID'] !== 'string') return null;
    const field = (name: string): string => (typeof value[name] === 'string' ? value[name] : '');
    return {
      ID: value['ID'],
      Operation: field('Operation'),
      Info: field('Info'),
      Who: field('Who'),
      Version: field('Version'),
      Created: field('Created'),
      Path: field('Path'),
    };
  } catch {
    return null;
  }
}

/** The error for a state that somebody else holds; says who, since when, and what to do. */
export function lockedError(location: string, held: LockInfo | null): UserError {
  if (held === null) {
    const remedy = 'Wait for it to end and run the command again.';
    return new UserError(`the state ${location} is locked by another program`, remedy);
  }
  const message = [
    `the state ${location} is locked`,
    `  ID:        ${held.ID}`,
    `  Operation: ${held.Operation}`,
    `  Who:       ${held.Who}`,
    `  Created:   ${held.Created}`,
  ].join('\n');
  const remedy =
    'Wait for that operation to end. If its process is gone (killed, or the machine was switched off), ' +
    `remove the lock: tablewright state unlock ${held.ID}.`;
  return new UserError(message, remedy);
}

/** The error for an unlock that names another lock than the one held. */
export function wrongLockId(location: string, given: string, held: LockInfo | null): UserError {
  const message = held === null ? `the state ${location} is not locked` : `${given} is not the lock of ${location}`;
  return new UserError(message, held === null ? 'There is nothing to unlock.' : `The lock's ID is ${held.ID}.`);
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
