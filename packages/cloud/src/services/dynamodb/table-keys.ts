import { type Caller, kmsError, type TableKeys } from '@tablewright/engine';
import type { Kernel } from '../../kernel/kernel.js';
import { ServiceError } from '../../wire/index.js';

/** The KMS keys of tables, as the engine asks for them: what KMS says, in the words that DynamoDB puts around it. */
export function tableKeys({ ports, random }: Pick<Kernel, 'ports' | 'random'>): TableKeys {
  return {
    resolve(caller: Caller, keyId: string): string {
      try {
        return ports.kms.keyArn(caller, keyId);
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        throw kmsError(error.code, error.message, random.uuid());
      }
    },
    fault(keyArn: string) {
      const fault = ports.kms.fault(keyArn);
      return fault && kmsError(fault.code, fault.message, random.uuid()).message;
    },
    subscribe: (listener) => ports.kms.subscribe(listener),
  };
}
