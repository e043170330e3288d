import { UserError } from '@tablewright/base';
import { localCoverage } from '@tablewright/cloud';
import type { CliContext } from '../cli-context.js';

export async function runLocalCoverage(
  context: CliContext,
  dataDir: string,
  options: { readonly service: string | undefined; readonly missing: boolean; readonly json: boolean },
): Promise<void> {
  const { output } = context;
  const all = await localCoverage({ dataDir });
  const { service: wanted, missing, json } = options;
  const services = wanted === undefined ? all : all.filter(({ name }) => name === wanted);
  if (services.length === 0) {
    const names = all.map(({ name }) => name).join(', ');
    throw new UserError(`there is no service "${wanted}" here`, `There are ${names}.`);
  }
  if (json) return output.json({ services });
  if (wanted !== undefined) {
    for (const service of services) for (const name of missing ? service.missing : service.emulated) output.line(name);
    return;
  }
  output.table(
    ['service', 'name', 'emulated', 'operations'],
    services.map(({ title, name, emulated, missing: lacking }) => [
      title,
      name,
      String(emulated.length),
      String(emulated.length + lacking.length),
    ]),
  );
  if (missing) for (const { name, missing: lacking } of services) output.line(`${name}: ${lacking.join(', ') || '–'}`);
  else output.note('See "tablewright local coverage <service>" for its operations, with --missing for the others.');
}
