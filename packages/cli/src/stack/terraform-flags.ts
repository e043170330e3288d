/** Options that Terraform spells with one dash, and ours of the same meaning. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['auto-approve', 'auto-approve'],
  ['var-file', 'var-file'],
  ['var', 'var'],
  ['state', 'state'],
  ['json', 'json'],
  ['raw', 'raw'],
  ['detailed-exitcode', 'detailed-exitcode'],
  ['refresh', 'refresh'],
  ['no-color', 'no-color'],
  ['destroy', 'destroy'],
  ['help', 'help'],
  // With two dashes `--target` is where a command acts; with one it is Terraform's: limit it to a resource.
  ['target', 'only'],
]);

/** Accepts Terraform's spelling (`-var-file=x`) beside `--var-file=x`, up to a `--`. */
export function acceptTerraformSpelling(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  const ours = end === -1 ? argv : argv.slice(0, end);
  const rest = end === -1 ? [] : argv.slice(end);
  return [...ours.map(respell), ...rest];
}

function respell(word: string): string {
  const match = /^-([a-z][a-z-]+)(=.*)?$/s.exec(word);
  const spelling = SPELLINGS.get(match?.[1] ?? '');
  return spelling === undefined ? word : `--${spelling}${match?.[2] ?? ''}`;
}
