import type * as Backup from '@aws-sdk/client-backup';
import type { RequestContext } from '../service.js';
import { invalidParameter, missingParameter } from './backup-errors.js';
import type { BackupStore } from './backup-store.js';

const NAME = /^[a-zA-Z0-9\-_.]{1,50}$/;

/**
 * Which types of resources an account opted in to have backed up in a region. That of DynamoDB decides, where a selection
 * goes by tags; others are kept. https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateRegionSettings.html
 */
export function regionSettings(store: BackupStore) {
  return {
    describe({ caller }: RequestContext): Backup.DescribeRegionSettingsOutput {
      return {
        ResourceTypeOptInPreference: store.optIns(caller),
        ResourceTypeManagementPreference: { DynamoDB: true },
      };
    },

    async update({ caller }: RequestContext, input: Backup.UpdateRegionSettingsCommandInput): Promise<object> {
      const { ResourceTypeOptInPreference: optIns, ResourceTypeManagementPreference: managed } = input;
      if (optIns === undefined && managed === undefined) throw missingParameter('ResourceTypeOptInPreference');
      for (const name of Object.keys({ ...optIns, ...managed })) {
        if (!NAME.test(name)) throw invalidParameter(`Invalid resource type: ${name}`);
      }
      if (managed?.DynamoDB === false) {
        throw invalidParameter(
          'This endpoint always backs tables up with advanced features; DynamoDB can only be true',
        );
      }
      await store.putOptIns(caller, { ...store.optIns(caller), ...optIns });
      return {};
    },
  };
}
