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

/** In the record's free text: tells the locks of this package from Terraform's, and whether their process lives. */
const PROCESS_NOTE = 'tablewright, process ';

/** The record that a new lock is made with. `path` is the state's, as Terraform puts it there. */
export function newLockInfo(operation: StateOperation, path: string, clock: Clock, random: Random): LockInfo {
  return {
    ID: random.uuid(),
    Operation: OPERATIONS[operation],
    Info: `${PROCESS_NOTE}${process.pid}`,
    Who: whoAmI(),
    Version: TERRAFORM_VERSION,
    Created: new Date(clock.nowMs()).toISOString(),
    Path: path,
  };
}

/** A lock record found at the state; null where it is none (half written, or not a lock's). */
export function parseLockInfo(text: string): LockInfo | null {
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value) || typeof value.ID !== 'string') return null;
    const field = (name: string): string => (typeof value[name] === 'string' ? value[name] : '');
    return {
      ID: value.ID,
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

/**
 * Whether the process that made a local lock is gone. `hasPosixLock` says whether anybody holds Terraform's lock
 * on the state file. null where it cannot be known: another machine, or no Linux.
 */
export function isStale(held: LockInfo, hasPosixLock: boolean | null): boolean | null {
  if (held.Who !== whoAmI()) return null;
  if (!held.Info.startsWith(PROCESS_NOTE)) return hasPosixLock === null ? null : !hasPosixLock;
  try {
    process.kill(Number(held.Info.slice(PROCESS_NOTE.length)), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** How to take a lock away by hand, e.g. `rm .terraform.tfstate.lock.info`, and whether it was left behind. */
export interface LockRemoval {
  readonly command: string;
  /** null where it cannot be known. */
  readonly isStale: boolean | null;
}

/** The error for a state that somebody else holds; says who, since when, and what to do. */
export function lockedError(location: string, held: LockInfo | null, removal: LockRemoval): UserError {
  const details = held === null ? [] : [`  ID:        ${held.ID}`, `  Operation: ${held.Operation}`];
  if (held !== null) details.push(`  Who:       ${held.Who}`, `  Created:   ${held.Created}`);
  const message = [`the state ${location} is locked by another operation`, ...details].join('\n');
  const again = 'then run the command again';
  if (removal.isStale === false) return new UserError(message, `Wait for that operation to end, ${again}.`);
  const remedy =
    removal.isStale === true
      ? `The process that made the lock is gone: remove the lock with ${removal.command}, ${again}.`
      : `Wait for that operation to end. If its process is gone, remove the lock with ${removal.command}, ${again}.`;
  return new UserError(message, remedy);
}

/** The error for an unlock that names another lock than the one held. */
export function wrongLockId(location: string, given: string, held: LockInfo | null): UserError {
  const message = held === null ? `the state ${location} is not locked` : `${given} is not the lock of ${location}`;
  return new UserError(message, held === null ? 'There is nothing to unlock.' : `The lock's ID is ${held.ID}.`);
}

function whoAmI(): string {
  return `${userName()}@${hostname()}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
