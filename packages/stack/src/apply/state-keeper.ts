import { UserError } from '@tablewright/base';
import type { JsonObject } from '../json-value.js';
import type { ResourceChange } from '../plan/plan.js';
import { handlerFor } from '../resources/handlers.js';
import { withInstance } from '../state/edit-state.js';
import type { StateBackend } from '../state/state-backend.js';
import type { StateFile } from '../state/state-file.js';
import { TERRAFORM_VERSION } from '../state/terraform-version.js';

/** Holds the state during an apply and writes it after every change, one write after the other. */
export class StateKeeper {
  #lastWrite: Promise<void> = Promise.resolve();

  private constructor(
    private readonly backend: StateBackend,
    private state: StateFile,
    /** What the backend holds; null where it holds none. */
    private written: StateFile | null,
  ) {}

  /** Refuses a plan that was made for another state than the one that is there now. */
  static async open(backend: StateBackend, prior: StateFile): Promise<StateKeeper> {
    const current = await backend.read();
    const isNew = current === null && prior.serial === 0;
    if (!isNew && (current?.lineage !== prior.lineage || current.serial !== prior.serial)) {
      const message = `the state ${backend.location} has changed since the plan was made`;
      throw new UserError(message, 'Make a new plan; nothing was changed.');
    }
    return new StateKeeper(backend, prior, current);
  }

  /** Saves the instance that `change` is about; null takes it out. */
  async put(change: ResourceChange, attributes: JsonObject | null): Promise<void> {
    const key = {
      type: change.type,
      name: change.name,
      ...(change.index === undefined ? {} : { index: change.index }),
    };
    this.state = withInstance(this.state, key, attributes === null ? null : instanceOf(change, attributes));
    await this.save();
  }

  /** The last touch; writes only when something differs from what the backend holds. */
  async finish(edit: (state: StateFile) => StateFile): Promise<StateFile> {
    this.state = edit(this.state);
    await this.#lastWrite;
    const { written, state } = this;
    const isSame =
      written !== null &&
      JSON.stringify([written.resources, written.outputs]) === JSON.stringify([state.resources, state.outputs]);
    if (!isSame) await this.save();
    return this.state;
  }

  private save(): Promise<void> {
    const attempt = this.#lastWrite.then(async () => {
      const next: StateFile = {
        ...this.state,
        terraform_version: TERRAFORM_VERSION,
        serial: this.state.serial + 1,
        // Results of Terraform's own checks belong to the run that made them.
        check_results: null,
      };
      await this.backend.write(next);
      this.state = { ...this.state, serial: next.serial, check_results: null };
      this.written = next;
    });
    // A failed write is reported to its own caller; it must not stop the writes that follow.
    this.#lastWrite = attempt.catch(() => undefined);
    return attempt;
  }
}

function instanceOf(change: ResourceChange, attributes: JsonObject) {
  const handler = handlerFor(change.type, change.address);
  return {
    ...(change.index === undefined ? {} : { index_key: change.index }),
    schema_version: handler.schemaVersion,
    attributes,
    sensitive_attributes: [],
    private: handler.privateNote,
    ...(change.depends_on.length === 0 ? {} : { dependencies: change.depends_on }),
  };
}
