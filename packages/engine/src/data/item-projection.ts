import type { Projection } from '../expression/index.js';
import { CLOSE_BRACE, COMMA, OPEN_BRACE } from '../packed/json-bytes.js';
import type { AttributeMap } from '../value/index.js';
import { JsonItem } from './json-item.js';
import { AttributeNames } from './pick-json.js';
import type { StoredItem } from './stored-item.js';

/** What a projection leaves of one stored item after the other, with a look at no more of each than it names. */
export class ItemProjection {
  readonly #names: AttributeNames;
  readonly #isFlat: boolean;

  constructor(private readonly projection: Projection) {
    this.#names = new AttributeNames([...projection.topLevelAttributes()]);
    this.#isFlat = projection.nestedAttributes().length === 0;
  }

  /** A projection onto whole attributes copies their bytes. */
  of(item: StoredItem): JsonItem | AttributeMap {
    if (this.#isFlat) return new ItemPart(item, this.#names);
    return this.projection.project(item.attributes(this.#names));
  }
}

/** The attributes of these names, as far as the item has them, in its order. */
class ItemPart extends JsonItem {
  /** Where each of them begins and ends in the item's bytes, with its name. */
  readonly #bounds: number[] = [];
  readonly jsonLength: number;

  constructor(
    private readonly source: StoredItem,
    names: AttributeNames,
  ) {
    super();
    let sizeBytes = 0;
    source.find(names, (_which, begin, _nameEnd, end) => {
      this.#bounds.push(begin, end);
      sizeBytes += end - begin + 1;
    });
    // A comma fewer than attributes, and the braces.
    this.jsonLength = Math.max(2, sizeBytes + 1);
  }

  copyJson(target: Buffer, start: number): number {
    let at = start;
    for (let n = 0; n < this.#bounds.length; n += 2) {
      target[at] = n === 0 ? OPEN_BRACE : COMMA;
      at = this.source.copyPart(target, at + 1, this.#bounds[n] as number, this.#bounds[n + 1] as number);
    }
    if (at === start) target[at++] = OPEN_BRACE;
    target[at] = CLOSE_BRACE;
    return at + 1;
  }

  get item(): AttributeMap {
    const json = Buffer.allocUnsafe(this.jsonLength);
    this.copyJson(json, 0);
    return JSON.parse(json.toString('utf8')) as AttributeMap;
  }
}
