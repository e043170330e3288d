import type { ErrorDetail } from './error-detail.js';
import { isPresent, type TreeTarget, writeStructure } from './tree-writer.js';

/** An error's members in JSON or CBOR: those of the model, then the further ones as they are. */
export function writeErrorMembers({ shape, members }: ErrorDetail, target: TreeTarget): Record<string, unknown> {
  const modelled = shape === undefined ? {} : writeStructure(shape, members, target);
  const others = Object.entries(members).filter(([name, value]) => isPresent(value) && !shape?.member(name));
  return { ...modelled, ...Object.fromEntries(others) };
}
