import { availableParallelism } from 'node:os';
import type { Clock, Timer } from '@tablewright/base';
import { Environment, type EnvironmentOptions } from './environment.js';
import { ProcessGuard } from './process-guard.js';

/** What environments are made of. */
export interface EnvironmentSpec {
  /** Environments of one key run the same code with the same configuration. */
  readonly key: string;
  /** The function's version; of an unpublished one only the environments of its latest key are kept. */
  readonly owner: string;
  /** What the process is started with; asked only when one is. */
  start(): Promise<Started>;
}

export interface Started {
  readonly options: Omit<EnvironmentOptions, 'machine'>;
  /** Name of the log stream, one for each environment. */
  readonly logStream: string;
  /** Whether its credentials are still good for another invocation. */
  readonly isFresh: () => boolean;
}

/** An environment that an invocation has for itself. */
export interface Lease {
  readonly environment: Environment;
  readonly logStream: string;
}

interface Pooled extends Lease {
  readonly spec: EnvironmentSpec;
  readonly isFresh: () => boolean;
  idle?: Timer;
}

/**
 * How many processes there are at most, of all functions; further invocations wait for one to be free. AWS would start
 * one for each, which no machine of a developer bears.
 */
const PROCESS_LIMIT = Math.max(16, 4 * availableParallelism());
/** Idle ones end after this. AWS keeps them for some minutes, too, and promises nothing. */
const IDLE_MS = 5 * 60_000;

/** The processes of all functions: kept warm between invocations, ended when they are idle for long. */
export class EnvironmentPool {
  readonly #all = new Set<Pooled>();
  readonly #idle: Pooled[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #guard = new ProcessGuard();
  #starting = 0;
  #isClosed = false;

  constructor(private readonly machine: Clock) {}

  /** How many processes there are. */
  get size(): number {
    return this.#all.size;
  }

  async lease(spec: EnvironmentSpec): Promise<Lease> {
    this.#retireOthers(spec);
    for (;;) {
      const warm = this.#takeIdle((pooled) => pooled.spec.key === spec.key);
      if (warm !== undefined) return warm;
      if (this.#all.size + this.#starting < PROCESS_LIMIT) return this.#start(spec);
      const other = this.#idle[0];
      if (other === undefined) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      else await this.#end(other);
    }
  }

  /** Gives it back; one that cannot go on is ended. */
  release(lease: Lease): void {
    const pooled = [...this.#all].find((one) => one.environment === lease.environment);
    if (pooled === undefined) return;
    if (this.#isClosed || !pooled.environment.isUsable || !pooled.isFresh()) {
      void this.#end(pooled);
    } else {
      pooled.idle = this.machine.after(IDLE_MS, () => this.#end(pooled));
      this.#idle.push(pooled);
      this.#waiting.shift()?.();
    }
  }

  /** Ends the idle environments of a function's versions: those whose owner begins so. */
  retire(ownerPrefix: string): void {
    for (const pooled of [...this.#idle]) if (pooled.spec.owner.startsWith(ownerPrefix)) void this.#end(pooled);
  }

  /** Ends all of them, busy ones included; resolves when the processes are gone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#all].map((pooled) => this.#end(pooled)));
  }

  #retireOthers({ owner, key }: EnvironmentSpec): void {
    for (const pooled of [...this.#idle]) {
      if (pooled.spec.owner === owner && pooled.spec.key !== key) void this.#end(pooled);
    }
  }

  #takeIdle(fits: (pooled: Pooled) => boolean): Pooled | undefined {
    // The one that was used last is the warmest.
    for (let index = this.#idle.length - 1; index >= 0; index--) {
      const pooled = this.#idle[index];
      if (pooled === undefined || !fits(pooled)) continue;
      this.#idle.splice(index, 1);
      pooled.idle?.cancel();
      if (pooled.environment.isUsable && pooled.isFresh()) return pooled;
      void this.#end(pooled);
    }
    return undefined;
  }

  async #start(spec: EnvironmentSpec): Promise<Lease> {
    this.#starting += 1;
    try {
      const { options, logStream, isFresh } = await spec.start();
      if (this.#isClosed) throw new Error('the endpoint is closing');
      const environment = new Environment({ ...options, machine: this.machine });
      const pooled: Pooled = { environment, logStream, isFresh, spec };
      this.#all.add(pooled);
      const { pid } = environment;
      if (pid !== undefined) this.#guard.watch(pid);
      void environment.exited.then(() => {
        if (pid !== undefined) this.#guard.release(pid);
        this.#forget(pooled);
      });
      return pooled;
    } catch (error) {
      this.#waiting.shift()?.();
      throw error;
    } finally {
      this.#starting -= 1;
    }
  }

  #end(pooled: Pooled): Promise<void> {
    this.#leaveIdle(pooled);
    pooled.environment.kill();
    return pooled.environment.exited;
  }

  #forget(pooled: Pooled): void {
    this.#leaveIdle(pooled);
    if (this.#all.delete(pooled)) this.#waiting.shift()?.();
  }

  #leaveIdle(pooled: Pooled): void {
    pooled.idle?.cancel();
    const at = this.#idle.indexOf(pooled);
    if (at >= 0) this.#idle.splice(at, 1);
  }
}
