import type { Kernel } from '../../kernel/kernel.js';
import type { ObjectsPort } from '../../kernel/objects-port.js';

/** S3's objects, of which nothing is loaded until they are first asked for. */
export function lazyObjects(kernel: () => Kernel): ObjectsPort {
  let loading: Promise<ObjectsPort> | undefined;
  const objects = (): Promise<ObjectsPort> => {
    loading ??= import('./s3-objects.js').then(({ S3Objects }) => new S3Objects(kernel()));
    return loading;
  };
  return {
    put: async (...request) => (await objects()).put(...request),
    get: async (...request) => (await objects()).get(...request),
    list: async (...request) => (await objects()).list(...request),
  };
}
