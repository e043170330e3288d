// `npm run quickstart`: from a fresh clone to a deployed, filled and checked table on the local endpoint. Every step is
// a command that can be run by hand; a second run finds everything in place and changes nothing.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootstrap } from './bootstrap.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const cli = path.join(root, 'packages', 'cli', 'bin', 'tablewright.mjs');
const moduleFolder = path.join('aws_terraform', 'base_elements', 'dynamodb_table');
const config = path.join(moduleFolder, 'examples', 'simple-table.tfvars');
const data = path.join(moduleFolder, 'examples', 'data', 'sample-users.json');
const table = 'users-table';
const usualPort = 4566;
// State and outputs lie here and not in the module folder, where Terraform would take the state for its own.
const workFolder = path.join('.tablewright', 'quickstart');
const statePath = path.join(workFolder, 'terraform.tfstate');
const outputsPath = path.join(workFolder, 'outputs.json');

/** The shell may point elsewhere: this acts on the local endpoint alone, in one region. */
function localEnvironment() {
  const env = { ...process.env, AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' };
  for (const name of Object.keys(env)) {
    if (/^(AWS_ENDPOINT_URL|AWS_ACCESS_KEY_ID$|AWS_SECRET_ACCESS_KEY$|AWS_SESSION_TOKEN$)/.test(name)) delete env[name];
    if (/^(TF_VAR_|TF_STATE_BUCKET$|TABLEWRIGHT_)/.test(name)) delete env[name];
  }
  return env;
}

const env = localEnvironment();

function isPortFree(port) {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** Shows a command and runs it; ends this script when it fails. */
function run(title, args) {
  console.log(`\n== ${title}\n$ npx tablewright ${args.join(' ')}`);
  const { status } = spawnSync(process.execPath, [cli, ...args], { cwd: root, env, stdio: 'inherit' });
  if (status === 0) return;
  console.error(`\nThe quickstart stopped at: ${title}. Once the cause above is gone, run it again.`);
  process.exit(status ?? 1);
}

async function startArguments() {
  const status = spawnSync(process.execPath, [cli, 'local', 'status'], { cwd: root, env, stdio: 'ignore' });
  if (status.status === 0 || (await isPortFree(usualPort))) return [];
  console.log(`\nPort ${usualPort} is taken by something else, so the local endpoint gets another port.`);
  return ['--port', '0'];
}

const startedMs = performance.now();
await bootstrap();
mkdirSync(path.join(root, workFolder), { recursive: true });

run('Start the local AWS endpoint', ['local', 'start', ...(await startArguments())]);
const deploy = [
  'deploy',
  'quickstart',
  config,
  '--state',
  statePath,
  '--outputs',
  outputsPath,
  '--target',
  'local',
  '--yes',
];
run('Deploy a table from its configuration', deploy);
run('Load the sample users', ['populate', table, data, '--target', 'local']);
run('Check the table', ['validate', table, '--target', 'local']);
run('Look at the items', ['items', table, '--target', 'local']);
run('Look at the outputs', ['output', '--table', '--state', statePath]);

const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
console.log(`
Done in ${seconds} s. The endpoint goes on in the background, its data stays in .tablewright/. What comes next:

  eval "$(npx tablewright env)"                              # point aws and terraform at the endpoint
  aws dynamodb scan --table-name ${table}
  npx tablewright local logs --follow                        # every request as it comes

  cd ${moduleFolder}
  npx tablewright plan  -var-file=examples/table-with-gsi.tfvars
  npx tablewright apply -var-file=examples/table-with-gsi.tfvars
  terraform init && terraform plan -var-file=examples/table-with-gsi.tfvars   # the same state: "No changes"

  npx tablewright local stop                                 # the data stays; local reset deletes it
`);
