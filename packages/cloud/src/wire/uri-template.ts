type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'label' | 'greedy'; readonly name: string };

/** A URI template of Smithy's http trait, e.g. `/{Key+}?uploads` or `/functions/{Name}/policy`. */
export interface UriTemplate {
  readonly segments: readonly Segment[];
  /** Query literals; an empty value means that the name alone must be there. */
  readonly query: ReadonlyMap<string, string>;
  /** How many segments are literal: of two templates that fit, the one with more of them is meant. */
  readonly literalCount: number;
}

export function parseUriTemplate(uri: string): UriTemplate {
  const [path = '', query = ''] = uri.split('?', 2);
  const segments = splitPath(path).map(parseSegment);
  return {
    segments,
    query: new Map(new URLSearchParams(query)),
    literalCount: segments.filter((segment) => segment.kind === 'literal').length,
  };
}

/**
 * The labels of `path` (percent-encoded, without query), decoded; undefined when it does not fit the
 * template. Throws URIError when the path's encoding is broken. A slash at the end counts only inside
 * a greedy label, where it belongs to the value (an S3 key).
 */
export function matchPath(template: UriTemplate, path: string): Map<string, string> | undefined {
  const parts = splitPath(path);
  const labels = new Map<string, string>();
  for (const [position, segment] of template.segments.entries()) {
    const part = parts[position];
    if (part === undefined) return undefined;
    if (segment.kind === 'greedy') return matchGreedy(template, position, path, labels);
    if (segment.kind === 'literal' ? decodeURIComponent(part) !== segment.text : part === '') return undefined;
    if (segment.kind === 'label') labels.set(segment.name, decodeURIComponent(part));
  }
  return parts.length === template.segments.length ? labels : undefined;
}

function matchGreedy(
  template: UriTemplate,
  position: number,
  path: string,
  labels: Map<string, string>,
): Map<string, string> | undefined {
  const parts = path.replace(/^\//, '').split('/');
  const trailing = template.segments.slice(position + 1);
  const end = parts.length - trailing.length;
  const value = parts.slice(position, end).map(decodeURIComponent).join('/');
  const segment = template.segments[position];
  if (value === '' || segment === undefined || segment.kind === 'literal') return undefined;
  labels.set(segment.name, value);
  for (const [offset, next] of trailing.entries()) {
    const part = decodeURIComponent(parts[end + offset] ?? '');
    if (next.kind === 'literal' ? part !== next.text : part === '') return undefined;
    if (next.kind === 'label') labels.set(next.name, part);
  }
  return labels;
}

function splitPath(path: string): string[] {
  const trimmed = path.replace(/^\//, '').replace(/\/$/, '');
  return trimmed === '' ? [] : trimmed.split('/');
}

function parseSegment(text: string): Segment {
  const label = /^\{([^{}+]+)(\+?)\}$/.exec(text);
  if (label === null) return { kind: 'literal', text };
  return { kind: label[2] === '+' ? 'greedy' : 'label', name: label[1] ?? '' };
}
