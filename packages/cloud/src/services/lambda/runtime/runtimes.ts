import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ServiceError } from '../../../wire/index.js';

export interface RuntimeCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** `AWS_EXECUTION_ENV` says it. */
  readonly name: string;
}

/** Room that Node's own code and buffers need beside the heap, as AWS leaves it. */
const HEAP_SHARE = 0.9;

const NODE_BOOTSTRAP = fileURLToPath(new URL('./node-bootstrap.js', import.meta.url));
/** Beside the source: the compiler moves TypeScript only. */
const PYTHON_BOOTSTRAP = fileURLToPath(
  new URL('../../../../src/services/lambda/runtime/bootstrap.py', import.meta.url),
);

let python: Promise<string | undefined> | undefined;

/**
 * What runs a function of a runtime: every `nodejs` runtime the Node.js of this process, every `python` runtime the
 * `python3` of the machine, whatever their versions. Rejects with InvalidRuntimeException for others.
 */
export async function runtimeCommand(runtime: string, memoryMb: number): Promise<RuntimeCommand> {
  if (runtime.startsWith('nodejs')) {
    const heap = `--max-old-space-size=${Math.floor(memoryMb * HEAP_SHARE)}`;
    return { command: process.execPath, args: [heap, NODE_BOOTSTRAP], name: runtime };
  }
  if (runtime.startsWith('python')) {
    python ??= findPython();
    const command = await python;
    if (command !== undefined) return { command, args: [PYTHON_BOOTSTRAP], name: runtime };
    python = undefined;
    throw invalidRuntime(
      `${runtime} needs python3, which this machine does not have; install it, or use a nodejs runtime`,
    );
  }
  throw invalidRuntime(`${runtime} is not run by this endpoint; the runtimes nodejs… and python3… are`);
}

/** The interpreter itself, not a script that looks for it. */
async function findPython(): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('python3', ['-c', 'import sys; print(sys.executable)']);
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

function invalidRuntime(detail: string): ServiceError {
  return new ServiceError(
    'InvalidRuntimeException',
    `The runtime or runtime version specified is not supported: ${detail}`,
    {
      members: { Type: 'User' },
    },
  );
}
