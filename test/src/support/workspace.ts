import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalEndpoint, startLocalEndpoint } from '@tablewright/cloud';
import { AWS_ENV } from './aws-env.js';

export const repository = path.join(import.meta.dirname, '../../..');
export const moduleFolder = path.join(repository, 'aws_terraform/base_elements/dynamodb_table');
export const cli = path.join(repository, 'packages/cli/bin/tablewright.mjs');

/** An endpoint of its own, a copy of the Terraform module, and the environment that points every client there. */
export interface Workspace {
  readonly endpoint: LocalEndpoint;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function openWorkspace(): Promise<Workspace> {
  const root = mkdtempSync(path.join(tmpdir(), 'tablewright-test-'));
  const folder = path.join(root, 'module');
  cpSync(moduleFolder, folder, {
    recursive: true,
    filter: (source) => !/\.terraform|\.tfstate/.test(path.basename(source)),
  });
  const endpoint = await startLocalEndpoint({ port: 0, dataDir: path.join(root, 'data') });
  const env = {
    ...AWS_ENV,
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_REGION: 'us-east-1',
    TABLEWRIGHT_CLI: cli,
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
  };
  const close = async (): Promise<void> => {
    await endpoint.close();
    rmSync(root, { recursive: true, force: true });
  };
  return { endpoint, folder, env, close };
}
