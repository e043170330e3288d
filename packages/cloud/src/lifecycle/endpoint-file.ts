import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The running endpoint of a data folder, as `endpoint.json` in it tells. */
export interface EndpointFile {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  readonly version: string;
  /** ISO 8601. */
  readonly started: string;
}

export function writeEndpointFile(dataDir: string, file: EndpointFile): void {
  const path = endpointPath(dataDir);
  writeFileSync(`${path}.tmp`, `${JSON.stringify(file, null, 2)}\n`);
  renameSync(`${path}.tmp`, path);
}

/** The file's contents; undefined when there is none, or none that can be read. */
export function readEndpointFile(dataDir: string): EndpointFile | undefined {
  try {
    const file: unknown = JSON.parse(readFileSync(endpointPath(dataDir), 'utf8'));
    return isEndpointFile(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

/** Removes the file, if it is still this process's. */
export function removeEndpointFile(dataDir: string, pid: number): void {
  if (readEndpointFile(dataDir)?.pid === pid) rmSync(endpointPath(dataDir), { force: true });
}

/** Whether the process that wrote the file may still run. */
export function isAlive(pid: number): boolean {
  // An endpoint in this very process is stopped once it has removed its file.
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function endpointPath(dataDir: string): string {
  return join(dataDir, 'endpoint.json');
}

function isEndpointFile(value: unknown): value is EndpointFile {
  if (typeof value !== 'object' || value === null) return false;
  return 'pid' in value && typeof value.pid === 'number' && 'url' in value && typeof value.url === 'string';
}
