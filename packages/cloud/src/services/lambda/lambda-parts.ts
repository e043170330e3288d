import { join } from 'node:path';
import { type Clock, systemClock } from '@tablewright/base';
import type { Kernel } from '../../kernel/kernel.js';
import { FunctionCatalog } from './functions/function-catalog.js';
import { EventInvokeConfigs } from './invocation/event-invoke-configs.js';
import { Layers } from './layers/layers.js';
import { ResourcePolicies } from './policies/resource-policies.js';
import { CodeFolders } from './runtime/code-folders.js';
import { EnvironmentPool } from './runtime/environment-pool.js';

/** Name of the folder under the data folder that holds code unpacked for running. */
const TASKS = 'lambda-tasks';

/** What the parts of the service share. */
export class LambdaParts {
  readonly catalog: FunctionCatalog;
  readonly layers: Layers;
  readonly policies: ResourcePolicies;
  readonly eventConfigs: EventInvokeConfigs;
  readonly folders: CodeFolders;
  readonly pool: EnvironmentPool;

  constructor(
    readonly kernel: Kernel,
    /** Functions run in the machine's time, whatever the endpoint's clock does. */
    readonly machine: Clock = systemClock,
  ) {
    this.catalog = new FunctionCatalog(kernel);
    this.layers = new Layers(kernel, this.catalog);
    this.policies = new ResourcePolicies(kernel, this.catalog);
    this.eventConfigs = new EventInvokeConfigs(kernel, this.catalog);
    this.folders = new CodeFolders(join(kernel.dataDir, TASKS), kernel.random, (file) => this.catalog.readCode(file));
    this.pool = new EnvironmentPool(machine);
  }

  /** Code that may not be used any more: what is not goes, unpacked or not. */
  async codeDropped(codeFiles: readonly string[]): Promise<void> {
    for (const file of await this.catalog.dropCode(codeFiles)) await this.folders.remove(file);
  }
}
