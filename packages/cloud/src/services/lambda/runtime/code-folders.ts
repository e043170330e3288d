import { mkdirSync, rmSync } from 'node:fs';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Random } from '@tablewright/base';
import { unzip } from './unzip.js';

/**
 * Code as processes see it: each archive unpacked once, into a folder that all environments share and that is removed
 * when the endpoint starts anew. Beside the code lie the AWS SDK's packages, where `import` and `require` look for what
 * the code does not bring itself.
 */
export class CodeFolders {
  readonly #unpacked = new Map<string, Promise<string>>();

  constructor(
    private readonly root: string,
    private readonly random: Random,
    private readonly read: (codeFile: string) => Promise<Buffer>,
  ) {
    rmSync(root, { recursive: true, force: true });
  }

  /** The folder with the contents of an archive. Rejects when it cannot be unpacked. */
  folderOf(codeFile: string): Promise<string> {
    const known = this.#unpacked.get(codeFile);
    if (known !== undefined) return known;
    const unpacking = this.#unpack(codeFile);
    this.#unpacked.set(codeFile, unpacking);
    unpacking.catch(() => this.#unpacked.delete(codeFile));
    return unpacking;
  }

  /** An empty folder beside the code. */
  scratch(name: string): string {
    const folder = join(this.root, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  async remove(codeFile: string): Promise<void> {
    const folder = await this.#unpacked.get(codeFile)?.catch(() => undefined);
    this.#unpacked.delete(codeFile);
    if (folder !== undefined) await rm(dirname(folder), { recursive: true, force: true });
  }

  async #unpack(codeFile: string): Promise<string> {
    const folder = join(this.root, codeFile);
    const temporary = `${folder}.${this.random.uuid()}`;
    await mkdir(join(temporary, 'node_modules'), { recursive: true });
    await unzip(await this.read(codeFile), join(temporary, 'task'));
    for (const scope of ['@aws-sdk', '@smithy']) {
      await symlink(join(sdkRoot(), scope), join(temporary, 'node_modules', scope));
    }
    await rename(temporary, folder);
    return join(folder, 'task');
  }
}

/** The `node_modules` that the endpoint's own AWS SDK lies in. */
function sdkRoot(): string {
  const entry = fileURLToPath(import.meta.resolve('@aws-sdk/client-dynamodb'));
  return entry.slice(0, entry.lastIndexOf(join('@aws-sdk', 'client-dynamodb')));
}
