// The words of PartiQL (github.com/partiql/partiql-lang-kotlin, the reference implementation, on which DynamoDB's parser
// is built). Keywords cannot be names, unless they are quoted.

export const KEYWORDS: ReadonlySet<string> = new Set(
  [
    'absolute action add all allocate alter and any are as asc assertion at authorization avg bag begin between bit',
    'bit_length blob bool boolean by cascade cascaded case cast catalog char char_length character character_length',
    'check clob close coalesce collate collation column commit conflict connect connection constraint constraints',
    'continue convert corresponding count create cross current current_date current_time current_timestamp',
    'current_user cursor date date_add date_diff deallocate dec decimal declare default deferrable deferred delete',
    'desc describe descriptor diagnostics disconnect distinct do domain double drop else end end-exec escape except',
    'exception exec execute exists external extract false fetch first float for foreign found from full get global go',
    'goto grant group having identity immediate in index indicator initially inner input insensitive insert int',
    'integer intersect interval into is isolation join key language last left let level like limit list local lower',
    'match max min missing modified module names national natural nchar new next no not nothing null nullif numeric',
    'octet_length of old on only open option or order outer output overlaps pad partial pivot position precision',
    'prepare preserve primary prior privileges procedure public read real references relative remove restrict',
    'returning revoke right rollback rows schema scroll section select session session_user set sexp size smallint',
    'some space sql sqlcode sqlerror sqlstate string struct substring sum symbol system_user table temporary then',
    'time timestamp to transaction translate translation trim true tuple union unique unknown unpivot update upper',
    'usage user using value values varchar varying view when whenever where with work write zone',
  ]
    .join(' ')
    .split(' '),
);

/** Keywords that are operators between expressions. */
export const WORD_OPERATORS: ReadonlySet<string> = new Set(
  'and or not in is like between union except intersect'.split(' '),
);

/** Words that are one keyword together, longest first. */
export const WORD_PAIRS: ReadonlyMap<string, string> = new Map([
  ['not in', 'not_in'],
  ['is not', 'is_not'],
  ['not between', 'not_between'],
  ['not like', 'not_like'],
  ['union all', 'union'],
  ['except all', 'except'],
  ['intersect all', 'intersect'],
  ['insert into', 'insert_into'],
  ['on conflict', 'on_conflict'],
  ['do nothing', 'do_nothing'],
  ['modified old', 'modified_old'],
  ['modified new', 'modified_new'],
  ['all old', 'all_old'],
  ['all new', 'all_new'],
  ['character varying', 'character_varying'],
  ['double precision', 'double_precision'],
  ['cross join', 'join'],
  ['inner join', 'join'],
  ['left join', 'join'],
  ['right join', 'join'],
  ['full join', 'join'],
  ['outer join', 'join'],
]);

/** Functions whose names are keywords. */
export const FUNCTION_KEYWORDS: ReadonlySet<string> = new Set(
  [
    'exists count avg max min sum substring char_length character_length octet_length bit_length upper lower size trim',
    'extract date_add date_diff nullif coalesce sexp list bag',
  ]
    .join(' ')
    .split(' '),
);

export const AGGREGATE_FUNCTIONS: ReadonlySet<string> = new Set(['count', 'avg', 'max', 'min', 'sum']);

/** How tightly operators bind; the higher first. */
export const PRECEDENCES: Readonly<Record<string, number>> = {
  intersect: 5,
  except: 5,
  union: 5,
  or: 10,
  and: 20,
  not: 30,
  '=': 40,
  '<>': 40,
  is: 40,
  is_not: 40,
  in: 40,
  not_in: 40,
  '<': 50,
  '<=': 50,
  '>': 50,
  '>=': 50,
  between: 50,
  not_between: 50,
  like: 50,
  not_like: 50,
  '+': 60,
  '-': 60,
  '||': 60,
  '*': 70,
  '/': 70,
  '%': 70,
};

/** Types that IS can name, under the name that messages have for them. */
export const TYPE_NAMES: ReadonlyMap<string, string> = new Map([
  ['missing', 'MISSING'],
  ['null', 'NULL'],
  ['bool', 'BOOLEAN'],
  ['boolean', 'BOOLEAN'],
  ['smallint', 'SMALLINT'],
  ['int', 'INTEGER'],
  ['integer', 'INTEGER'],
  ['int2', 'SMALLINT'],
  ['int4', 'INTEGER4'],
  ['int8', 'INTEGER8'],
  ['float', 'FLOAT'],
  ['real', 'REAL'],
  ['double_precision', 'DOUBLE_PRECISION'],
  ['dec', 'DECIMAL'],
  ['decimal', 'DECIMAL'],
  ['numeric', 'NUMERIC'],
  ['date', 'DATE'],
  ['time', 'TIME'],
  ['timestamp', 'TIMESTAMP'],
  ['char', 'CHARACTER'],
  ['character', 'CHARACTER'],
  ['varchar', 'CHARACTER_VARYING'],
  ['character_varying', 'CHARACTER_VARYING'],
  ['string', 'STRING'],
  ['symbol', 'SYMBOL'],
  ['clob', 'CLOB'],
  ['blob', 'BLOB'],
  ['struct', 'STRUCT'],
  ['tuple', 'TUPLE'],
  ['list', 'LIST'],
  ['sexp', 'SEXP'],
  ['bag', 'BAG'],
  ['any', 'ANY'],
]);
