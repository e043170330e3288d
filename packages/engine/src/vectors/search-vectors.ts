import { storedItemKey } from '../backup/history-keys.js';
import type { KeyAttribute, VectorIndex } from '../catalog/table.js';
import { checkExpressionMembers, type ExpressionRules, openExpressions } from '../data/expression-members.js';
import { keyValueBytes } from '../data/key-codec.js';
import { checkNotEmpty } from '../data/keys.js';
import type { ConsumedCapacityMode, ExpressionMembers } from '../data/request.js';
import { StoredItem } from '../data/stored-item.js';
import { type TableLayout, tableLayout } from '../data/table-layout.js';
import type { EngineContext, Handler } from '../engine-context.js';
import { validationError } from '../errors.js';
import { compileProjection, compileSearchCondition, type Projection, type SearchTerm } from '../expression/index.js';
import { type AttributeValue, typeOf } from '../value/index.js';
import { Scorer } from './distance.js';
import { type FoundItem, IndexView } from './index-view.js';
import { type Candidate, type NearestSearch, nearest } from './nearest.js';
import { searchBytes, searchCapacity } from './search-capacity.js';
import { checkTopK, searchVector } from './search-input.js';
import { vectorPrefix } from './vector-entry.js';
import type { VectorLayout } from './vector-layout.js';

type SearchVectorsRequest = ExpressionMembers & {
  readonly TableName: string;
  readonly IndexName: string;
  readonly SearchVector: readonly unknown[];
  readonly TopK: number;
  readonly ReturnConsumedCapacity?: ConsumedCapacityMode;
};

const RULES: ExpressionRules = { expressions: ['SearchConditionExpression', 'ProjectionExpression'], legacy: [] };
/** Of an answer (VectorSearch.Requirements.html). */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SearchVectors.html
 *
 * Differs: the nearest neighbours are the exact ones, where AWS gives approximate ones; of equal scores the order is
 * always the same. An index is never behind its table, and can be searched as soon as it is ACTIVE. What does not fit
 * into 16 MB is left out, the furthest first (AWS does not say what it does).
 */
export function searchVectors(context: EngineContext): Handler {
  return (caller, rawInput) => {
    const request = rawInput as SearchVectorsRequest;
    checkTopK(request.TopK);
    const wanted = searchVector(request.SearchVector);
    checkExpressionMembers(request, RULES);
    const { input, substitutions } = openExpressions(request, RULES);
    const { SearchConditionExpression: condition, ProjectionExpression: shown } = input;
    const terms =
      substitutions && condition !== undefined ? compileSearchCondition(condition, substitutions) : undefined;
    const projection = substitutions && shown !== undefined ? compileProjection(shown, substitutions) : undefined;
    substitutions?.assertAllUsed();
    const layout = tableLayout(context.tables.table(caller, input.TableName));
    const found = searchableIndex(layout, input.IndexName);
    checkDimensions(found.index, wanted);
    const search: NearestSearch = {
      ...scopeOf(found.index, terms),
      scorer: new Scorer(found.index.distanceFunction, wanted),
      dimensions: found.index.dimensions,
      count: input.TopK,
    };
    const answer = new Answer(context, layout, found, projection, input.ReturnConsumedCapacity);
    return nearest(context.store, search, (best) => answer.of(best));
  };
}

/** An index that is being made is told apart from one that is not there once it is being filled (recorded on AWS). */
function searchableIndex({ vectors }: TableLayout, name: string): VectorLayout {
  const layout = vectors?.layouts.find(({ index }) => index.name === name);
  if (layout === undefined || (layout.index.status === 'CREATING' && !layout.index.isFilling)) {
    throw validationError(`The table does not have the specified index: ${name}`);
  }
  if (layout.index.status === 'CREATING') throw validationError(`Cannot search backfilling vector index: ${name}`);
  return layout;
}

function checkDimensions({ dimensions }: VectorIndex, { length }: Float32Array): void {
  if (length === dimensions) return;
  throw validationError(`Input search vector dimension ${length} does not match vector index dimension ${dimensions}`);
}

/** Which entries are looked at. Throws when the condition does not fit the index. */
function scopeOf(
  index: VectorIndex,
  terms: readonly SearchTerm[] | undefined,
): Pick<NearestSearch, 'prefix' | 'filters'> {
  const { hash, filters } = index;
  const given = new Map((terms ?? []).map(({ attribute, value }) => [attribute, value]));
  const searched = [...(hash === undefined ? [] : [hash]), ...filters];
  for (const name of given.keys()) {
    if (searched.some((attribute) => attribute.name === name)) continue;
    throw validationError(
      'SearchConditionExpression must not contain any attributes that is not in SearchSchema. ' +
        `Invalid attribute: ${name}`,
    );
  }
  if (hash !== undefined && !given.has(hash.name)) {
    throw validationError(
      terms === undefined
        ? 'SearchConditionExpression must be provided when SearchSchema has a HASH key'
        : 'SearchConditionExpression must have all HASH attributes in configured SearchSchema',
    );
  }
  for (const attribute of searched) checkType(attribute, given.get(attribute.name));
  const hashValue = hash && given.get(hash.name);
  if (hash !== undefined && hashValue !== undefined) checkNotEmpty(hash, hashValue);
  const bytes = filters.map(({ name }) => bytesOf(given.get(name)));
  return {
    prefix: vectorPrefix(index, Object.fromEntries(given)),
    filters: bytes.every((one) => one === undefined) ? [] : bytes,
  };
}

function checkType({ name, type }: KeyAttribute, value: AttributeValue | undefined): void {
  if (value === undefined || type in value) return;
  throw validationError(
    `Type of '${name}' attribute in SearchConditionExpression (${typeOf(value)}) does not match type in search ` +
      `schema (${type})`,
  );
}

function bytesOf(value: AttributeValue | undefined): Buffer | undefined {
  return value && Buffer.from(keyValueBytes(value), 'latin1');
}

/** Puts the answer together from the items as they are by then; one that is gone is not in it. */
class Answer {
  readonly #view: IndexView;

  constructor(
    private readonly context: EngineContext,
    private readonly layout: TableLayout,
    private readonly found: VectorLayout,
    projection: Projection | undefined,
    private readonly capacityMode: ConsumedCapacityMode | undefined,
  ) {
    this.#view = new IndexView(found, projection);
  }

  of(candidates: readonly Candidate[]): Record<string, unknown> {
    const { table } = this.layout;
    const items: FoundItem[] = [];
    const results: { readonly Item: unknown; readonly Score: number }[] = [];
    let sizeBytes = 0;
    for (const { score, suffix } of candidates) {
      const value = this.context.store.get(storedItemKey(table.storageNumber, suffix));
      if (value === undefined) continue;
      const item = this.#view.of(new StoredItem(value));
      sizeBytes += item.shown.jsonLength;
      if (sizeBytes > MAX_ANSWER_BYTES) break;
      items.push(item);
      results.push({ Item: item.shown, Score: score });
    }
    const { index } = this.found;
    const bytes = searchBytes(index.dimensions, items);
    this.context.throughput.chargeVectors(this.layout, 'Search', new Map([[index.name, bytes]]));
    const isAsked = this.capacityMode !== undefined && this.capacityMode !== 'NONE';
    return { SearchResults: results, ...(isAsked && { ConsumedCapacity: searchCapacity(bytes) }) };
  }
}
