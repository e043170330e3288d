import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findPluginFolder, type Outcome, run } from './programs.js';

/** A folder with one Terraform configuration, and Terraform in it. */
export class TerraformFolder {
  constructor(
    readonly env: Readonly<Record<string, string>>,
    readonly folder: string = mkdtempSync(path.join(tmpdir(), 'tablewright-terraform-')),
  ) {}

  write(name: string, text: string): void {
    writeFileSync(path.join(this.folder, name), text);
  }

  run(...args: string[]): Promise<Outcome> {
    return run('terraform', args, { cwd: this.folder, env: this.env });
  }

  /** Runs it, and fails the test with its output when it fails. */
  async succeed(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(...args);
    assert.equal(code, 0, `terraform ${args.join(' ')}\n${stdout}\n${stderr}`);
    return stdout;
  }

  /** Runs it, and returns what it complains of, without Terraform's line breaks and borders. */
  async fail(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(...args);
    assert.notEqual(code, 0, `terraform ${args.join(' ')} should have failed\n${stdout}`);
    return stderr.replace(/\n[\s│]*/g, ' ');
  }

  apply(...args: string[]): Promise<string> {
    return this.succeed('apply', '-no-color', '-auto-approve', ...args);
  }

  plan(...args: string[]): Promise<string> {
    return this.succeed('plan', '-no-color', ...args);
  }

  destroy(...args: string[]): Promise<string> {
    return this.succeed('destroy', '-no-color', '-auto-approve', ...args);
  }

  init(...args: string[]): Promise<string> {
    return this.succeed('init', '-no-color', '-input=false', `-plugin-dir=${findPluginFolder()}`, ...args);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
