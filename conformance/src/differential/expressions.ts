import type { SeededRandom } from '@tablewright/testkit';
import type { Json } from './endpoint.js';
import type { KeyPart, TablePlan } from './tables.js';
import { anyValue, fewValues, keyValue } from './values.js';

const COMPARATORS = ['=', '<>', '<', '<=', '>', '>='];
/** Small and large, and at the limits of what a number can be. */
const SUMMANDS = [
  '1',
  '2.5',
  '1e20',
  '-0.00000000000000000001',
  '99999999999999999999999999999999999999',
  '9e125',
  '1e-130',
];
const TYPES = ['S', 'N', 'B', 'SS', 'NS', 'BS', 'M', 'L', 'BOOL', 'NULL'];

/** Writes random expressions of one request, and collects their substitutions. */
export class ExpressionWriter {
  #names: Record<string, string> = {};
  #values: Json = {};

  constructor(
    private readonly random: SeededRandom,
    private readonly table: TablePlan,
  ) {}

  substitutions(): Json {
    return {
      ...(Object.keys(this.#names).length > 0 && { ExpressionAttributeNames: this.#names }),
      ...(Object.keys(this.#values).length > 0 && { ExpressionAttributeValues: this.#values }),
    };
  }

  value(value: Json): string {
    const name = `:v${Object.keys(this.#values).length}`;
    this.#values[name] = value;
    return name;
  }

  #name(attribute: string): string {
    if (this.random.next() < 0.5 && attribute !== 'sk') return attribute;
    this.#names[`#${attribute}`] = attribute;
    return `#${attribute}`;
  }

  path(): string {
    const { random } = this;
    const top = random.pick(['a', 'a', 'b', 'm', 'm', 'l1', 'n', 'g1', 'g2', this.table.hash.name]);
    if (top === 'm' && random.next() < 0.6) return `${this.#name('m')}.${this.#name(random.pick(['x', 'y', 'z']))}`;
    if (top === 'l1' && random.next() < 0.6) return `${this.#name('l1')}[${random.integer(0, 2)}]`;
    return this.#name(top);
  }

  projection(): string {
    return Array.from({ length: this.random.integer(1, 3) }, () => this.path()).join(', ');
  }

  condition(depth: number): string {
    const { random } = this;
    if (depth > 0 && random.next() < 0.4) {
      const [left, right] = [this.condition(depth - 1), this.condition(depth - 1)];
      return random.pick([`${left} AND ${right}`, `(${left}) OR ${right}`, `NOT (${left})`, `NOT ${left} OR ${right}`]);
    }
    switch (random.integer(0, 10)) {
      case 0:
        return `${random.pick(['attribute_exists', 'attribute_not_exists'])}(${this.path()})`;
      case 1:
        return `begins_with(${this.path()}, ${this.value(keyValue(random, random.pick(['S', 'B'])))})`;
      case 2:
        return `contains(${this.path()}, ${this.value(anyValue(random, 0))})`;
      case 3:
        return `attribute_type(${this.path()}, ${this.value({ S: random.pick(TYPES) })})`;
      case 4:
        return `size(${this.path()}) ${random.pick(COMPARATORS)} ${this.value({ N: String(random.integer(0, 4)) })}`;
      case 5:
        return `${this.path()} IN (${this.value(anyValue(random, 0))}, ${this.value(anyValue(random, 1))})`;
      case 6: {
        const type = random.pick(['S', 'N'] as const);
        const low = type === 'S' ? { S: 'a' } : { N: '-1' };
        const high = type === 'S' ? { S: 'b' } : { N: '10' };
        return `${this.path()} BETWEEN ${this.value(low)} AND ${this.value(high)}`;
      }
      case 7:
        return `${this.path()} ${random.pick(COMPARATORS)} ${this.path()}`;
      case 8:
        return `${this.#name('n')} BETWEEN ${this.value({ N: '0' })} AND ${this.value(fewValues(random))}`;
      case 9:
        return `${this.#name('n')} ${random.pick(COMPARATORS)} ${this.value(fewValues(random))}`;
      default:
        return `${this.path()} ${random.pick(COMPARATORS)} ${this.value(anyValue(random, 1))}`;
    }
  }

  keyCondition(hash: KeyPart, range: KeyPart | undefined): string {
    const { random } = this;
    const hashTerm = `${this.#name(hash.name)} = ${this.value(keyValue(random, hash.type))}`;
    if (range === undefined || random.next() < 0.4) return hashTerm;
    const value = () => this.value(keyValue(random, range.type));
    const name = this.#name(range.name);
    switch (random.integer(0, 3)) {
      case 0:
        return `${hashTerm} AND ${name} BETWEEN ${value()} AND ${value()}`;
      case 1:
        return `${hashTerm} AND begins_with(${name}, ${value()})`;
      default:
        return `${hashTerm} AND ${name} ${random.pick(['=', '<', '<=', '>', '>='])} ${value()}`;
    }
  }

  /** Nothing but REMOVE and DELETE. */
  removal(): string {
    const removed = `REMOVE ${this.path()}`;
    if (this.random.next() < 0.5) return removed;
    return `${removed} DELETE ${this.path()} ${this.value({ SS: ['a'] })}`;
  }

  /** With at least one SET or ADD. */
  update(): string {
    const { random } = this;
    const sections: string[] = [];
    if (random.next() < 0.9) {
      const sets = Array.from({ length: random.integer(1, 2) }, () => `${this.path()} = ${this.#setOperand()}`);
      sections.push(`SET ${sets.join(', ')}`);
    }
    if (sections.length === 0 || random.next() < 0.3)
      sections.push(
        `ADD ${this.path()} ${this.value(random.pick<Json>([{ N: '2' }, { SS: ['a', 'q'] }, { NS: ['1', '7'] }]))}`,
      );
    if (random.next() < 0.3) sections.push(`REMOVE ${this.path()}`);
    if (random.next() < 0.2)
      sections.push(`DELETE ${this.path()} ${this.value(random.pick<Json>([{ SS: ['a'] }, { NS: ['1'] }]))}`);
    return random.next() < 0.5 ? sections.join(' ') : sections.reverse().join(' ');
  }

  #setOperand(): string {
    const { random } = this;
    switch (random.integer(0, 6)) {
      case 0:
        return `${this.path()} ${random.pick(['+', '-'])} ${this.value({ N: random.pick(SUMMANDS) })}`;
      case 1:
        return `if_not_exists(${this.path()}, ${this.value(anyValue(random, 1))})`;
      case 2:
        return `list_append(${this.path()}, ${this.value({ L: [{ N: '1' }] })})`;
      case 3:
        return this.path();
      default:
        return this.value(anyValue(random));
    }
  }
}
