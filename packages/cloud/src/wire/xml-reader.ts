import { XMLParser } from 'fast-xml-parser';
import { parseScalar } from './scalar-text.js';
import { setOwn } from './set-own.js';
import type { ListShape, MapShape, Member, Shape } from './shape.js';

type XmlElement = { readonly [name: string]: XmlNode | readonly XmlNode[] };
/** An element as parsed: its text, or its children and attributes (`@name`). */
type XmlNode = string | XmlElement;

/** The document is not well-formed, or not of the shape that was expected. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

// Numeric character references are decoded only together with HTML's named ones.
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/** Reads a document whose root element, whatever its name, is of the given shape. */
export function readXml(shape: Shape, document: string): unknown {
  return readNodes(shape, [rootOf(document)], false);
}

/** Reads the given members of a structure from the children of the root element. */
export function readXmlMembers(members: readonly Member[], document: string): Record<string, unknown> {
  return readStructure(rootOf(document), members);
}

function rootOf(document: string): XmlNode {
  let parsed: unknown;
  try {
    parsed = parser.parse(document, true);
  } catch (cause) {
    throw new XmlError(cause instanceof Error ? cause.message : String(cause));
  }
  const roots = isElement(parsed) ? Object.values(parsed) : [];
  const root = roots[0];
  if (roots.length !== 1 || root === undefined || isMany(root)) throw new XmlError('a document has one root element');
  return root;
}

/** `nodes` are all elements of one name: several for a flattened list or map, else one. */
function readNodes(shape: Shape, nodes: readonly XmlNode[], flat: boolean): unknown {
  const node = nodes[nodes.length - 1] ?? '';
  switch (shape.kind) {
    case 'structure':
    case 'union':
      return readStructure(node, shape.members);
    case 'list':
      return readList(shape, flat ? nodes : childrenOf(node, shape.member.ownTraits.xmlName ?? 'member'));
    case 'map':
      return readMap(shape, flat ? nodes : childrenOf(node, 'entry'));
    default:
      return readScalar(shape, node);
  }
}

function readStructure(node: XmlNode, members: readonly Member[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const member of members) {
    const name = member.ownTraits.xmlName ?? member.name;
    const nodes = childrenOf(node, member.ownTraits.xmlAttribute === undefined ? name : `@${name}`);
    if (nodes.length === 0) continue;
    setOwn(result, member.name, readNodes(member.shape, nodes, member.traits.xmlFlattened !== undefined));
  }
  return result;
}

function readList(shape: ListShape, nodes: readonly XmlNode[]): unknown[] {
  return nodes.map((node) => readNodes(shape.member.shape, [node], false));
}

function readMap(shape: MapShape, entries: readonly XmlNode[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const entry of entries) {
    const key = childrenOf(entry, shape.key.ownTraits.xmlName ?? 'key')[0];
    const values = childrenOf(entry, shape.value.ownTraits.xmlName ?? 'value');
    if (key !== undefined) setOwn(result, textOf(key), readNodes(shape.value.shape, values, false));
  }
  return result;
}

function readScalar(shape: Shape, node: XmlNode): unknown {
  const value = parseScalar(shape, textOf(node));
  if (value === undefined) throw new XmlError(`"${textOf(node)}" is not a ${shape.kind}`);
  return value;
}

function childrenOf(node: XmlNode, name: string): readonly XmlNode[] {
  if (!isElement(node) || !Object.hasOwn(node, name)) return [];
  const children = node[name];
  if (children === undefined) return [];
  return isMany(children) ? children : [children];
}

function textOf(node: XmlNode): string {
  if (!isElement(node)) return node;
  const text = node['#text'];
  return typeof text === 'string' ? text : '';
}

function isElement(value: unknown): value is XmlElement {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isMany(value: XmlNode | readonly XmlNode[]): value is readonly XmlNode[] {
  return Array.isArray(value);
}
