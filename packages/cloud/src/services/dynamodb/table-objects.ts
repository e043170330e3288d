import { type ObjectStore, ObjectStoreError } from '@tablewright/engine';
import type { ObjectsPort } from '../../kernel/objects-port.js';
import { ServiceError } from '../../wire/index.js';

/** S3 as the engine exports to it and imports from it. */
export function tableObjects(objects: ObjectsPort): ObjectStore {
  return {
    put: (...request) => inWords(objects.put(...request)),
    get: (...request) => inWords(objects.get(...request)),
    list: (...request) => inWords(objects.list(...request)),
  };
}

function inWords<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    if (!(error instanceof ServiceError)) throw error;
    throw new ObjectStoreError(error.code, error.options.httpStatus ?? 400, error.message);
  });
}
