import {
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { VERSION } from '../version.js';
import { DATA_ENTRIES } from './data-entries.js';
import { PrivateRequestError } from './private-request-error.js';

/** What `POST /_tablewright/snapshots` takes. */
export interface SnapshotRequest {
  readonly action?: 'save' | 'load' | 'delete';
  readonly name?: string;
}

/** A saved state of the whole estate: every table, object, function, role and alarm, with the clock. */
export interface Snapshot {
  readonly name: string;
  /** ISO 8601, on the endpoint's clock. */
  readonly created: string;
  readonly version: string;
  readonly sizeBytes: number;
}

const FOLDER = 'snapshots';
const DETAILS = 'snapshot.json';
const NAME = /^[\w][\w.-]{0,99}$/;

/** The snapshots of a data folder. */
export class Snapshots {
  readonly #folder: string;

  constructor(private readonly dataDir: string) {
    this.#folder = join(dataDir, FOLDER);
  }

  /** By name. */
  list(): Snapshot[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .filter((name) => NAME.test(name) && existsSync(join(this.#folder, name, DETAILS)))
      .sort()
      .map((name) => this.#details(name));
  }

  /** Copies the data, which nobody may be writing to, in the place of a snapshot of that name. */
  save(name: string, nowMs: number): Snapshot {
    const path = this.#path(name);
    const under = `${path}.new`;
    rmSync(under, { recursive: true, force: true });
    mkdirSync(under, { recursive: true });
    for (const entry of DATA_ENTRIES) copy(join(this.dataDir, entry), join(under, entry));
    const details: Snapshot = {
      name,
      created: new Date(nowMs).toISOString(),
      version: VERSION,
      sizeBytes: sizeOf(under),
    };
    writeFileSync(join(under, DETAILS), `${JSON.stringify(details)}\n`);
    // The former one goes only when the new one is whole.
    rmSync(path, { recursive: true, force: true });
    renameSync(under, path);
    return details;
  }

  /** Puts a snapshot in the place of the data, which nobody may have open. What was there is lost. */
  load(name: string): Snapshot {
    const details = this.find(name);
    const path = this.#path(name);
    const under = join(this.dataDir, `${FOLDER}.loading`);
    rmSync(under, { recursive: true, force: true });
    mkdirSync(under, { recursive: true });
    for (const entry of DATA_ENTRIES) copy(join(path, entry), join(under, entry));
    for (const entry of DATA_ENTRIES) {
      rmSync(join(this.dataDir, entry), { recursive: true, force: true });
      if (existsSync(join(under, entry))) renameSync(join(under, entry), join(this.dataDir, entry));
    }
    rmSync(under, { recursive: true, force: true });
    return details;
  }

  delete(name: string): Snapshot {
    const details = this.find(name);
    rmSync(this.#path(name), { recursive: true, force: true });
    return details;
  }

  /** Throws when there is none of that name. */
  find(name: string): Snapshot {
    if (existsSync(join(this.#path(name), DETAILS))) return this.#details(name);
    const names = this.list().map((one) => one.name);
    throw new PrivateRequestError(
      `there is no snapshot "${name}"; ${names.length === 0 ? 'none has been saved' : `there are ${names.join(', ')}`}`,
    );
  }

  #path(name: string): string {
    if (!NAME.test(name)) {
      throw new PrivateRequestError(
        `"${name}" is no name of a snapshot: letters, digits, - _ and . within it, 100 at most`,
      );
    }
    return join(this.#folder, name);
  }

  #details(name: string): Snapshot {
    // Written by save.
    return JSON.parse(readFileSync(join(this.#folder, name, DETAILS), 'utf8')) as Snapshot;
  }
}

/** File systems that can share the blocks of both copies do. */
function copy(from: string, to: string): void {
  if (existsSync(from)) cpSync(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE });
}

function sizeOf(path: string): number {
  const { size } = statSync(path);
  if (!statSync(path).isDirectory()) return size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
