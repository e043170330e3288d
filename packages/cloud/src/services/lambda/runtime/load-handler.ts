import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A function of the user's code, of any of the forms that AWS's runtime calls. */
export type AnyHandler = (
  event: unknown,
  context: object,
  callback: (error?: unknown, result?: unknown) => void,
) => unknown;

class RuntimeError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

const EXTENSIONS = ['', '.js', '.mjs', '.cjs'];

/**
 * Loads `handler`, e.g. `src/app.handler`: the file up to the first dot of its last part, then the path of exports in it.
 * Rejects with AWS's names of what can be wrong: Runtime.MalformedHandlerName, Runtime.ImportModuleError,
 * Runtime.UserCodeSyntaxError, Runtime.HandlerNotFound; and with whatever the code itself throws.
 */
export async function loadHandler(taskRoot: string, handler: string): Promise<AnyHandler> {
  const split = /^(?<folder>.*\/)?(?<file>[^./]+)\.(?<exported>.+)$/.exec(handler)?.groups;
  if (split === undefined || handler.includes('..'))
    throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  const { folder = '', file = '', exported = '' } = split;
  const loaded = await loadModule(resolve(taskRoot), `${folder}${file}`);
  const found = exported.split('.').reduce<unknown>((value, name) => memberOf(value, name), loaded);
  if (typeof found !== 'function') {
    throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  return found as AnyHandler;
}

function memberOf(value: unknown, name: string): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  const direct: unknown = Reflect.get(value, name);
  // A CommonJS module that was imported has its exports under default.
  return direct === undefined && 'default' in value ? memberOf(value.default, name) : direct;
}

async function loadModule(taskRoot: string, name: string): Promise<unknown> {
  const path = EXTENSIONS.map((extension) => join(taskRoot, `${name}${extension}`)).find(
    (candidate) => extname(candidate) !== '' && existsSync(candidate),
  );
  if (path === undefined) {
    throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${name}'`);
  }
  try {
    return isModule(path, taskRoot) ? await import(pathToFileURL(path).href) : createRequire(path)(path);
  } catch (error) {
    throw importFault(error);
  }
}

function importFault(error: unknown): unknown {
  if (error instanceof SyntaxError) return new RuntimeError('Runtime.UserCodeSyntaxError', String(error));
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') return error;
  return new RuntimeError('Runtime.ImportModuleError', String(error));
}

/** ES module or CommonJS: by the file's ending, else by the nearest package.json within the code. */
function isModule(path: string, taskRoot: string): boolean {
  if (path.endsWith('.mjs')) return true;
  if (path.endsWith('.cjs')) return false;
  for (let folder = dirname(path); folder.startsWith(taskRoot); folder = dirname(folder)) {
    const description = join(folder, 'package.json');
    if (!existsSync(description)) continue;
    const { type } = JSON.parse(readFileSync(description, 'utf8')) as { type?: unknown };
    return type === 'module';
  }
  return false;
}
