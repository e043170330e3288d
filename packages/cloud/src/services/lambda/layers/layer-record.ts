import type { GetLayerVersionResponse } from '@aws-sdk/client-lambda';

/** A version of a layer: its contents never change. */
export interface LayerRecord {
  readonly name: string;
  /** As GetLayerVersion answers it. */
  readonly description: GetLayerVersionResponse;
  readonly codeFile: string;
  /** Kept for the functions that use it. */
  readonly isDeleted?: boolean;
}
