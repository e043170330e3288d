import { formatScalar } from './scalar-text.js';
import type { MapShape, Member, Shape, StructureShape } from './shape.js';
import { isPresent } from './tree-writer.js';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** An element with `content` that is already XML; empty content gives an empty-element tag. */
export function xmlElement(name: string, content: string, attributes = ''): string {
  return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
}

export function xmlAttribute(name: string, value: string): string {
  return ` ${name}="${escapeXml(value)}"`;
}

/** Text for XML. Control characters become references, as S3 writes them in keys. */
export function escapeXml(text: string): string {
  return (
    text
      .replace(/[&<>"]/g, (character) => escapes[character] ?? character)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      .replace(/[\u0000-\u0008\u000b-\u001f]/g, (character) => `&#x${character.charCodeAt(0).toString(16)};`)
  );
}

/** The child elements of a structure, for the given members. */
export function writeXmlMembers(
  shape: StructureShape,
  value: Readonly<Record<string, unknown>>,
  members: readonly Member[] = shape.members,
): string {
  let xml = '';
  for (const member of members) {
    const item = value[member.name];
    if (isPresent(item) && member.ownTraits.xmlAttribute === undefined) {
      xml += writeXmlMember(member, member.ownTraits.xmlName ?? member.name, item);
    }
  }
  return xml;
}

/** The attributes that a structure's members make. */
export function writeXmlAttributes(shape: StructureShape, value: Readonly<Record<string, unknown>>): string {
  return shape.members
    .filter((member) => member.ownTraits.xmlAttribute !== undefined && isPresent(value[member.name]))
    .map((member) => xmlAttribute(member.ownTraits.xmlName ?? member.name, scalar(member.shape, value[member.name])))
    .join('');
}

/** `xmlns` as the trait wants it: `[uri]`, or `[prefix, uri]` with the prefix possibly empty. */
export function namespaceAttribute(trait: Member['traits']['xmlNamespace']): string {
  if (trait === undefined) return '';
  const [prefix, uri] = trait.length === 1 ? [undefined, trait[0]] : trait;
  return xmlAttribute(prefix ? `xmlns:${prefix}` : 'xmlns', uri);
}

function writeXmlMember(member: Member, name: string, value: unknown): string {
  const { shape } = member;
  const namespace = namespaceAttribute(member.ownTraits.xmlNamespace);
  const flat = member.traits.xmlFlattened !== undefined;
  if (shape.kind === 'list') {
    const itemName = flat ? name : (shape.member.ownTraits.xmlName ?? 'member');
    const items = (value as unknown[]).filter(isPresent).map((item) => writeXmlMember(shape.member, itemName, item));
    return flat ? items.join('') : xmlElement(name, items.join(''), namespace);
  }
  if (shape.kind === 'map') {
    const entries = mapEntries(shape, value as Record<string, unknown>);
    if (flat) return entries.map((entry) => xmlElement(name, entry)).join('');
    return xmlElement(name, entries.map((entry) => xmlElement('entry', entry)).join(''), namespace);
  }
  if (shape.kind === 'structure' || shape.kind === 'union') {
    const record = value as Record<string, unknown>;
    return xmlElement(name, writeXmlMembers(shape, record), namespace + writeXmlAttributes(shape, record));
  }
  return xmlElement(name, escapeXml(scalar(shape, value)), namespace);
}

function mapEntries(shape: MapShape, value: Record<string, unknown>): string[] {
  const keyName = shape.key.ownTraits.xmlName ?? 'key';
  const valueName = shape.value.ownTraits.xmlName ?? 'value';
  return Object.entries(value)
    .filter(([, item]) => isPresent(item))
    .map(([key, item]) => xmlElement(keyName, escapeXml(key)) + writeXmlMember(shape.value, valueName, item));
}

function scalar(shape: Shape, value: unknown): string {
  return formatScalar(shape, value, 'date-time');
}
