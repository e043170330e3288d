import type { FunctionConfiguration } from '@aws-sdk/client-lambda';

/** A function as it is kept. Its code is a file beside the store. */
export interface FunctionRecord {
  /** All that describes $LATEST, as GetFunctionConfiguration answers it. */
  readonly configuration: FunctionConfiguration;
  readonly tags: Readonly<Record<string, string>>;
  /** File of the zip under the data folder's `lambda`. */
  readonly codeFile: string;
  /** Highest number of a version that was published; numbers are never given twice. */
  readonly lastVersion?: number;
  readonly reservedConcurrency?: number;
}

/** A published version: it never changes. */
export interface VersionRecord {
  /** With the number as `Version` and the qualified ARN. */
  readonly configuration: FunctionConfiguration;
  readonly codeFile: string;
}

export interface AliasRecord {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Share of the invocations, 0 to 1, that go to another version. */
  readonly additionalWeights: Readonly<Record<string, number>>;
  readonly revisionId: string;
}
