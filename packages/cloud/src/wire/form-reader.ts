import { parseScalar } from './scalar-text.js';
import { ServiceError } from './service-error.js';
import { setOwn } from './set-own.js';
import type { ListShape, MapShape, Member, Shape, StructureShape } from './shape.js';

/** Form parameters as a tree: `Tags.member.1.Key=a` is the path Tags, member, 1, Key. */
interface FormNode {
  value: string | undefined;
  readonly children: Map<string, FormNode>;
}

/** Reads a structure from the parameters of a Query request (Smithy, "AWS query protocol"). */
export function readForm(shape: StructureShape, parameters: URLSearchParams): Record<string, unknown> {
  return readStructure(shape, treeOf(parameters));
}

function treeOf(parameters: URLSearchParams): FormNode {
  const root = emptyNode();
  for (const [path, value] of parameters) {
    let node = root;
    for (const part of path.split('.')) {
      const child = node.children.get(part) ?? emptyNode();
      node.children.set(part, child);
      node = child;
    }
    node.value = value;
  }
  return root;
}

function emptyNode(): FormNode {
  return { value: undefined, children: new Map() };
}

function readStructure(shape: StructureShape, node: FormNode): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const member of shape.members) {
    const child = node.children.get(member.ownTraits.xmlName ?? member.name);
    if (child !== undefined) setOwn(result, member.name, readNode(member, member.shape, child));
  }
  return result;
}

function readNode(member: Member, shape: Shape, node: FormNode): unknown {
  switch (shape.kind) {
    case 'structure':
    case 'union':
      return readStructure(shape, node);
    case 'list':
      return readList(shape, member.traits.xmlFlattened === undefined ? listItems(shape, node) : node);
    case 'map':
      return readMap(shape, member.traits.xmlFlattened === undefined ? (node.children.get('entry') ?? node) : node);
    default:
      return readScalar(shape, node);
  }
}

/** Clients differ in whether they write the list's member name; AWS takes both. */
function listItems(shape: ListShape, node: FormNode): FormNode {
  return node.children.get(shape.member.ownTraits.xmlName ?? 'member') ?? node.children.get('member') ?? node;
}

function readList(shape: ListShape, node: FormNode): unknown[] {
  return numbered(node).map((item) => readNode(shape.member, shape.member.shape, item));
}

function readMap(shape: MapShape, node: FormNode): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const entry of numbered(node)) {
    const key = entry.children.get(shape.key.ownTraits.xmlName ?? 'key');
    const value = entry.children.get(shape.value.ownTraits.xmlName ?? 'value');
    if (key?.value === undefined || value === undefined) throw malformed('Map entries need a key and a value');
    setOwn(result, key.value, readNode(shape.value, shape.value.shape, value));
  }
  return result;
}

function numbered(node: FormNode): FormNode[] {
  const entries = [...node.children].map(([key, child]) => [Number(key), child] as const);
  if (entries.some(([position]) => !Number.isInteger(position))) throw malformed('Unexpected list element');
  return entries.sort(([a], [b]) => a - b).map(([, child]) => child);
}

function readScalar(shape: Shape, node: FormNode): unknown {
  if (node.value === undefined) throw malformed('Start of structure or map found where not expected.');
  const value = parseScalar(shape, node.value);
  if (value === undefined) throw malformed(`For input string: "${node.value}"`);
  return value;
}

function malformed(message: string): ServiceError {
  return new ServiceError('MalformedInput', message, { httpStatus: 400 });
}
