import type { OperationSchema, ServiceModel } from './service-model.js';
import { matchPath, parseUriTemplate, type UriTemplate } from './uri-template.js';
import type { WireRequest } from './wire-message.js';

interface Route {
  readonly operation: OperationSchema;
  readonly template: UriTemplate;
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
  /** Whether the operation's input has the label that stands before the template (S3's bucket). */
  readonly hasLeadingLabel: boolean;
}

/** A path, and the leading label that was taken off it. */
interface Place {
  readonly leading: string | undefined;
  readonly path: string;
}

/** The operation that a REST request is for, with its labels. */
export interface RestMatch {
  readonly operation: OperationSchema;
  readonly labels: ReadonlyMap<string, string>;
}

interface Candidate extends RestMatch {
  /** Compared from the first number on; the higher is meant. */
  readonly rank: readonly number[];
}

// The SDKs for JavaScript and Go name the operation in this parameter; other clients leave it out.
const operationHint = 'x-id';

const tables = new WeakMap<ServiceModel, ReadonlyMap<string, readonly Route[]>>();

/**
 * Finds the operation whose method, URI template and query literals fit and are the most specific. Among
 * operations with the same template (PutObject, CopyObject, UploadPart) the one that has its required
 * query parameters and headers is meant. Throws URIError when the path's encoding is broken.
 */
export function routeRequest(model: ServiceModel, request: WireRequest): RestMatch | undefined {
  const query = new URLSearchParams(request.query);
  const places = placesOf(model, request);
  let best: Candidate | undefined;
  for (const route of tableOf(model).get(request.method) ?? []) {
    const place = route.hasLeadingLabel ? places.labelled : places.plain;
    const candidate = place && candidateOf(model, route, request, query, place);
    if (candidate && (best === undefined || compareRanks(candidate.rank, best.rank) > 0)) best = candidate;
  }
  return best;
}

function tableOf(model: ServiceModel): ReadonlyMap<string, readonly Route[]> {
  let table = tables.get(model);
  if (table === undefined) {
    table = byMethod(routesOf(model));
    tables.set(model, table);
  }
  return table;
}

function byMethod(routes: readonly Route[]): Map<string, Route[]> {
  const table = new Map<string, Route[]>();
  for (const route of routes) {
    const method = route.operation.http?.method ?? '';
    const others = table.get(method);
    if (others === undefined) table.set(method, [route]);
    else others.push(route);
  }
  return table;
}

function routesOf(model: ServiceModel): Route[] {
  const leading = model.definition.leadingLabel?.member;
  return [...model.operations.values()].flatMap((operation) => {
    if (operation.http === undefined) return [];
    const required = operation.input.members.filter((member) => member.required);
    const template = parseUriTemplate(operation.http.uri);
    return {
      operation,
      template,
      requiredQuery: required.flatMap((member) => member.traits.httpQuery ?? []),
      requiredHeaders: required.flatMap((member) => member.traits.httpHeader?.toLowerCase() ?? []),
      hasLeadingLabel: leading !== undefined && operation.input.member(leading)?.traits.httpLabel !== undefined,
    };
  });
}

function placesOf(model: ServiceModel, request: WireRequest): { plain?: Place; labelled?: Place } {
  const { leadingLabel } = model.definition;
  const plain = { leading: undefined, path: request.path };
  if (leadingLabel === undefined) return { plain };
  const host = leadingLabel.fromHost(request.headers.host ?? '');
  if (host !== undefined) return { labelled: { leading: host, path: request.path } };
  const [, first = '', rest = ''] = /^\/([^/]+)(.*)$/s.exec(request.path) ?? [];
  return first === '' ? { plain } : { plain, labelled: { leading: decodeURIComponent(first), path: rest || '/' } };
}

function candidateOf(
  model: ServiceModel,
  route: Route,
  request: WireRequest,
  query: URLSearchParams,
  place: Place,
): Candidate | undefined {
  const { template, operation } = route;
  const literals = [...template.query].filter(([name]) => name !== operationHint);
  if (!literals.every(([name, value]) => query.has(name) && (value === '' || query.get(name) === value)))
    return undefined;
  const labels = matchPath(template, place.path);
  if (labels === undefined) return undefined;
  const leading = model.definition.leadingLabel;
  if (leading !== undefined && place.leading !== undefined) labels.set(leading.member, place.leading);
  const needs = [
    ...route.requiredQuery.map((name) => query.has(name)),
    ...route.requiredHeaders.map((name) => request.headers[name] !== undefined),
  ];
  const missing = needs.filter((met) => !met).length;
  const hinted = query.get(operationHint) === operation.name ? 1 : 0;
  return { operation, labels, rank: [template.literalCount, literals.length, hinted, -missing, needs.length] };
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [position, value] of a.entries()) {
    const difference = value - (b[position] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
