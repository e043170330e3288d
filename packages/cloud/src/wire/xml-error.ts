import type { StructureShape } from './shape.js';
import { isPresent } from './tree-writer.js';
import { escapeXml, writeXmlMembers, xmlElement } from './xml-writer.js';

/** An error's members other than its message: those of the model, then further ones as plain text. */
export function writeExtraElements(
  shape: StructureShape | undefined,
  members: Readonly<Record<string, unknown>>,
): string {
  const isMessage = (name: string): boolean => name.toLowerCase() === 'message';
  const modelled = shape?.members.filter((member) => !isMessage(member.name)) ?? [];
  const extra = Object.entries(members)
    .filter(([name, value]) => !isMessage(name) && isPresent(value) && !shape?.member(name))
    .map(([name, value]) => xmlElement(name, escapeXml(String(value))));
  return (shape === undefined ? '' : writeXmlMembers(shape, members, modelled)) + extra.join('');
}
