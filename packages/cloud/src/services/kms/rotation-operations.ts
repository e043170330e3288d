import type * as Kms from '@aws-sdk/client-kms';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { changeable } from './key-operations.js';
import { keyArn } from './key-record.js';
import { assertUsable, DAY_MS, type KeyStore } from './key-store.js';
import { invalidState, outOfRange } from './kms-errors.js';
import { pageOf } from './page.js';

const PERIOD_DAYS = { least: 90, most: 2560, usual: 365 };
const ON_DEMAND_LIMIT = 25;

/** New material for old keys. https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html */
export function rotationOperations(store: KeyStore) {
  return {
    async enable({ caller }: RequestContext, input: Kms.EnableKeyRotationCommandInput): Promise<object> {
      const periodDays = input.RotationPeriodInDays ?? PERIOD_DAYS.usual;
      if (periodDays < PERIOD_DAYS.least || periodDays > PERIOD_DAYS.most) {
        throw outOfRange(periodDays, 'rotationPeriodInDays', PERIOD_DAYS.least, PERIOD_DAYS.most);
      }
      await store.update(caller, input.KeyId ?? '', (key) => {
        assertUsable(changeable(key, 'EnableKeyRotation'));
        if (key.rotation?.periodDays === periodDays) return key;
        return { ...key, rotation: { periodDays, nextMs: store.kernel.clock.nowMs() + periodDays * DAY_MS } };
      });
      return {};
    },
    async disable({ caller }: RequestContext, input: Kms.DisableKeyRotationCommandInput): Promise<object> {
      await store.update(caller, input.KeyId ?? '', (key) => {
        const { rotation: _, ...rest } = assertUsable(changeable(key, 'DisableKeyRotation'));
        return rest;
      });
      return {};
    },
    async status(
      { caller }: RequestContext,
      input: Kms.GetKeyRotationStatusCommandInput,
    ): Promise<Kms.GetKeyRotationStatusResponse> {
      const key = await store.open(caller, input.KeyId ?? '');
      const { rotation } = key;
      const isRotated = rotation !== undefined && key.state !== 'PendingDeletion';
      return {
        KeyId: keyArn(key),
        KeyRotationEnabled: isRotated,
        ...(isRotated && { RotationPeriodInDays: rotation.periodDays, NextRotationDate: new Date(rotation.nextMs) }),
      };
    },
    async rotate({ caller }: RequestContext, input: Kms.RotateKeyOnDemandCommandInput) {
      const key = await store.update(caller, input.KeyId ?? '', (one) => {
        assertUsable(changeable(one, 'RotateKeyOnDemand'));
        if (one.materials.filter(({ cause }) => cause === 'ON_DEMAND').length >= ON_DEMAND_LIMIT) {
          throw new ServiceError(
            'LimitExceededException',
            `${keyArn(one)} has reached its limit of on-demand rotations.`,
          );
        }
        return { ...one, materials: [...one.materials, store.newMaterial('ON_DEMAND')] };
      });
      return { KeyId: keyArn(key) };
    },
    async list(
      { caller }: RequestContext,
      input: Kms.ListKeyRotationsCommandInput,
    ): Promise<Kms.ListKeyRotationsResponse> {
      const key = await store.open(caller, input.KeyId ?? '');
      if (key.state === 'PendingDeletion') throw invalidState(keyArn(key), 'is pending deletion');
      const rotations = key.materials.flatMap(({ id, cause, createdMs }) =>
        cause === 'CREATED'
          ? []
          : [{ KeyId: keyArn(key), KeyMaterialId: id, RotationDate: new Date(createdMs), RotationType: cause }],
      );
      const { page, ...rest } = pageOf(rotations, ({ KeyMaterialId }) => KeyMaterialId, input);
      return { Rotations: [...page], ...rest };
    },
  };
}
