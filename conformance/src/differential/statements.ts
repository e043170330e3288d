import type { SeededRandom } from '@tablewright/testkit';
import type { Json } from './endpoint.js';
import type { Request } from './requests.js';
import type { IndexPlan, KeyPart, TablePlan } from './tables.js';
import { anyValue, fewValues, keyValue, someAttributes } from './values.js';

const ATTRIBUTES = ['a', 'b', 'm', 'l1', 'n'];
const COMPARATORS = ['=', '<>', '<', '<=', '>', '>='];
const IS_TYPES = ['NULL', 'MISSING', 'STRING', 'NUMERIC', 'BOOL', 'LIST', 'STRUCT', 'BLOB'];

/**
 * A random ExecuteStatement. It keeps away from what the reference is known to do in its own way: overlapping keys,
 * filters on what an index does not project, ORDER BY … DESC, conditions of a DELETE without an item, MODIFIED with
 * nested paths, tokens and capacity.
 */
export function randomStatement(random: SeededRandom, table: TablePlan): Request {
  const writer = new StatementWriter(random, table);
  return random.pick([
    () => writer.select(),
    () => writer.select(),
    () => writer.insert(),
    () => writer.update(),
    () => writer.update(),
    () => writer.remove(),
  ])();
}

/** Statements on one item each, as batches and transactions take them. */
export function randomStatements(random: SeededRandom, table: TablePlan): Request {
  const isRead = random.next() < 0.3;
  const statements = Array.from({ length: random.integer(1, 4) }, () => {
    const writer = new StatementWriter(random, table);
    if (isRead) return writer.get();
    return random.pick([() => writer.insert(), () => writer.update(), () => writer.remove()])();
  });
  const keys = statements.flatMap((statement) => statement.keys);
  const inputs = statements.map(({ input }) => input);
  return random.next() < 0.5
    ? { operation: 'BatchExecuteStatement', input: { Statements: inputs }, isUnordered: false, keys }
    : { operation: 'ExecuteTransaction', input: { TransactStatements: inputs }, isUnordered: false, keys };
}

class StatementWriter {
  readonly #parameters: Json[] = [];

  constructor(
    private readonly random: SeededRandom,
    private readonly table: TablePlan,
  ) {}

  select(): Request {
    const { random, table } = this;
    const index = random.pick<IndexPlan | undefined>([undefined, undefined, ...table.indexes]);
    const source = index === undefined ? `"${table.name}"` : `"${table.name}"."${index.name}"`;
    const { hash, range } = index ?? table;
    const keyed = random.next() < 0.6;
    const tests = keyed ? this.#keyTests(hash, range) : [];
    const isFiltered = index === undefined && random.next() < 0.6;
    if (isFiltered) tests.push(this.#condition(2));
    const columns = random.next() < 0.5 ? '*' : this.#columns();
    const where = tests.length === 0 ? '' : ` WHERE ${tests.join(' AND ')}`;
    return this.#request(`SELECT ${columns} FROM ${source}${where}`);
  }

  /** One item, by its whole key. */
  get(): Request {
    const columns = this.random.next() < 0.5 ? '*' : this.#columns();
    const tests = this.#equalities(this.#key());
    return this.#request(`SELECT ${columns} FROM "${this.table.name}" WHERE ${tests.join(' AND ')}`);
  }

  insert(): Request {
    const { random } = this;
    const item = { ...this.#key(), ...someAttributes(random, ATTRIBUTES) };
    const members = Object.entries(item).map(([name, value]) => `'${name}': ${this.#value(value as Json)}`);
    return this.#request(`INSERT INTO "${this.table.name}" VALUE {${members.join(', ')}}`, this.#keyOf(item));
  }

  update(): Request {
    const { random } = this;
    const returning = random.pick(['', 'ALL OLD *', 'ALL NEW *', 'MODIFIED OLD *', 'MODIFIED NEW *']);
    const isNested = !returning.startsWith('MODIFIED');
    const clauses = ATTRIBUTES.filter(() => random.next() < 0.4).map((name) => this.#clause(name, isNested));
    if (clauses.length === 0) clauses.push(this.#clause('a', isNested));
    const key = this.#key();
    const tests = this.#equalities(key);
    if (random.next() < 0.3) tests.push(this.#condition(1));
    const ending = returning === '' ? '' : ` RETURNING ${returning}`;
    const text = `UPDATE "${this.table.name}" ${clauses.join(' ')} WHERE ${tests.join(' AND ')}${ending}`;
    return this.#request(text, key);
  }

  remove(): Request {
    const key = this.#key();
    const ending = this.random.next() < 0.5 ? ' RETURNING ALL OLD *' : '';
    const text = `DELETE FROM "${this.table.name}" WHERE ${this.#equalities(key).join(' AND ')}${ending}`;
    return this.#request(text, key);
  }

  #request(Statement: string, key?: Json): Request {
    const given = this.#parameters.length === 0 ? {} : { Parameters: this.#parameters };
    return {
      operation: 'ExecuteStatement',
      input: { Statement, ...given },
      isUnordered: true,
      keys: key === undefined ? [] : [key],
    };
  }

  #key(): Json {
    const { hash, range } = this.table;
    const key: Json = { [hash.name]: keyValue(this.random, hash.type) };
    if (range !== undefined) key[range.name] = keyValue(this.random, range.type);
    return key;
  }

  #keyOf(item: Json): Json {
    const { hash, range } = this.table;
    return { [hash.name]: item[hash.name], ...(range !== undefined && { [range.name]: item[range.name] }) };
  }

  #equalities(key: Json): string[] {
    return Object.entries(key).map(([name, value]) => {
      const written = this.#value(value as Json);
      return this.random.next() < 0.8 ? `${name} = ${written}` : `${written} = ${name}`;
    });
  }

  #keyTests(hash: KeyPart, range: KeyPart | undefined): string[] {
    const { random } = this;
    const tests = [`${hash.name} = ${this.#value(keyValue(random, hash.type))}`];
    if (range === undefined || range.name === hash.name || random.next() < 0.4) return tests;
    const value = () => this.#value(keyValue(random, range.type));
    if (range.type === 'S' && random.next() < 0.3) tests.push(`begins_with(${range.name}, ${value()})`);
    else tests.push(`${range.name} ${random.pick(['=', '<', '<=', '>', '>='])} ${value()}`);
    return tests;
  }

  #columns(): string {
    const { random, table } = this;
    const names = [table.hash.name, 'a', 'm.x', 'l1[0]', 'n'].filter(() => random.next() < 0.5);
    return names.length === 0 ? table.hash.name : names.join(', ');
  }

  #path(): string {
    return this.random.pick(['a', 'b', 'm', 'm.x', 'm.y', 'l1', 'l1[0]', 'l1[2]', 'n', '"a"']);
  }

  #condition(depth: number): string {
    const { random } = this;
    if (depth > 0 && random.next() < 0.4) {
      const [left, right] = [this.#condition(depth - 1), this.#condition(depth - 1)];
      return `(${random.pick([`${left} AND ${right}`, `${left} OR ${right}`, `NOT ${left} OR ${right}`])})`;
    }
    const value = (nested = 0) => this.#value(anyValue(random, nested));
    return random.pick([
      () => `${this.#path()} ${random.pick(COMPARATORS)} ${value(1)}`,
      () => `${value()} ${random.pick(COMPARATORS)} ${this.#path()}`,
      () => `n ${random.pick(COMPARATORS)} ${this.#value(fewValues(random))}`,
      () => `${this.#path()} IN [${value()}, ${value(1)}]`,
      () => `${this.#path()} IS ${random.pick(['', 'NOT '])}${random.pick(IS_TYPES)}`,
      () => `${this.#path()} BETWEEN ${random.pick(["'a' AND 'b'", '-1 AND 10', '2 AND 1'])}`,
      () => `begins_with(${this.#path()}, ${this.#value(keyValue(random, 'S'))})`,
      () => `contains(${this.#path()}, ${value()})`,
      () => `size(${this.#path()}) > ${random.integer(0, 3)}`,
      () => `attribute_type(${this.#path()}, '${random.pick(['S', 'N', 'SS', 'L'])}')`,
      () => `attribute_exists(${this.#path()}) = ${random.pick(['true', 'false'])}`,
    ])();
  }

  /** SET or REMOVE of one attribute, or of what lies in it. */
  #clause(name: string, isNested: boolean): string {
    const { random } = this;
    const target = isNested && name === 'm' ? random.pick(['m', 'm.x', 'm.y']) : name;
    const value = () => this.#value(anyValue(random, 1));
    return random.pick([
      () => `REMOVE ${target}`,
      () => `SET ${target} = ${value()}`,
      () => `SET ${target} = ${value()}`,
      () => `SET ${target} = ${this.#path()}`,
      () => `SET ${target} = n ${random.pick(['+', '-'])} ${random.integer(0, 5)}`,
      () => `SET ${target} = list_append(l1, ${value()})`,
      () => `SET ${target} = if_not_exists(${this.#path()}, ${value()})`,
      () => `SET ${target} = ${random.pick(['set_add', 'set_delete'])}(${target}, ${value()})`,
    ])();
  }

  /** As a literal, where there is one; otherwise, and sometimes anyway, as a parameter. */
  #value(value: Json): string {
    const literal = this.random.next() < 0.7 ? literalOf(value) : undefined;
    if (literal !== undefined) return literal;
    this.#parameters.push(value);
    return '?';
  }
}

/** Undefined when the value holds bytes, which have no literal. */
function literalOf(value: Json): string | undefined {
  const [[type, content] = ['', undefined]] = Object.entries(value);
  switch (type) {
    case 'S':
      return quoted(content as string);
    case 'N':
      return content as string;
    case 'BOOL':
      return String(content);
    case 'NULL':
      return 'null';
    case 'SS':
      return `<<${(content as string[]).map(quoted).join(', ')}>>`;
    case 'NS':
      return `<<${(content as string[]).join(', ')}>>`;
    case 'L':
      return joined((content as Json[]).map(literalOf), '[', ']');
    case 'M':
      return joined(Object.entries(content as Record<string, Json>).map(memberOf), '{', '}');
    default:
      return undefined;
  }
}

function memberOf([name, value]: [string, Json]): string | undefined {
  const literal = literalOf(value);
  return literal === undefined ? undefined : `${quoted(name)}: ${literal}`;
}

function joined(parts: readonly (string | undefined)[], open: string, close: string): string | undefined {
  return parts.every((part) => part !== undefined) ? `${open}${parts.join(', ')}${close}` : undefined;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
