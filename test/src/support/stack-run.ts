import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type ApplyResult,
  type AwsConnection,
  applyPlan,
  createDestroyPlan,
  createPlan,
  loadConfiguration,
  openState,
  type Plan,
  resolveAws,
  type StackEvent,
  type StateBackend,
} from '@tablewright/stack';

/** A folder with a configuration, deployed with the built-in engine to the endpoint at `url`. */
export class StackRun {
  readonly aws: AwsConnection;
  readonly backend: StateBackend;
  readonly events: StackEvent[] = [];

  constructor(
    url: string,
    readonly folder: string = mkdtempSync(path.join(tmpdir(), 'tablewright-stack-')),
  ) {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    this.aws = resolveAws({ env: {}, endpoint: url, region: 'us-east-1', credentials });
    this.backend = openState({ aws: this.aws, cwd: folder });
  }

  configure(text: string): void {
    writeFileSync(path.join(this.folder, 'terraform.tfvars'), text);
  }

  async plan(targets: readonly string[] = []): Promise<Plan> {
    const configuration = await loadConfiguration({ cwd: this.folder });
    return createPlan({ aws: this.aws, configuration, state: await this.backend.read(), targets });
  }

  async apply(plan?: Plan, onEvent?: (event: StackEvent) => void, signal?: AbortSignal): Promise<ApplyResult> {
    const lock = await this.backend.lock('apply');
    const listen = (event: StackEvent): void => {
      this.events.push(event);
      onEvent?.(event);
    };
    try {
      const options = { aws: this.aws, plan: plan ?? (await this.plan()), backend: this.backend, onEvent: listen };
      return await applyPlan(signal === undefined ? options : { ...options, signal });
    } finally {
      await lock.release();
    }
  }

  async destroy(targets: readonly string[] = []): Promise<ApplyResult> {
    return this.apply(await createDestroyPlan({ aws: this.aws, state: await this.backend.read(), targets }));
  }

  /** The actions of a new plan by address, those that change something. */
  async pending(): Promise<Record<string, string>> {
    const { resource_changes } = await this.plan();
    const changes = resource_changes.map(({ address, change }) => [address, change.actions.join(' ')] as const);
    return Object.fromEntries(changes.filter(([, actions]) => actions !== 'no-op'));
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
