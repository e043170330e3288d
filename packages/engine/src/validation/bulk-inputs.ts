// Facts of the API model (DynamoDB, 2012-08-10) about bulk operations: names, types, lengths, patterns, enums.
import { enumeration, integer, list, long, string, structure, tableNameOrArn } from './shape.js';
import {
  clientToken,
  inputCompressionType,
  s3bucket,
  s3bucketOwner,
  s3prefix,
  s3sseAlgorithm,
  s3sseKmsKeyId,
} from './shared-shapes.js';

const bulkOperationArn = string({ min: 37, max: 1024 });
const inputS3Configuration = structure('InputS3Configuration', {
  S3BucketOwner: s3bucketOwner,
  'S3Bucket!': s3bucket,
  S3KeyPrefix: s3prefix,
  'InputFormat!': enumeration('ION', 'DYNAMODB_JSON'),
  InputCompressionType: inputCompressionType,
});
const outputS3Configuration = structure('OutputS3Configuration', {
  S3BucketOwner: s3bucketOwner,
  // Optional in the model, and required by its description.
  'S3Bucket!': s3bucket,
  S3KeyPrefix: s3prefix,
  S3SseAlgorithm: s3sseAlgorithm,
  S3SseKmsKeyId: s3sseKmsKeyId,
  'OutputType!': list(enumeration('ERROR', 'CONDITION_CHECK_FAILURE'), { min: 1 }),
});

export const bulkInputs = {
  CancelBulkOperation: structure('CancelBulkOperationInput', { 'BulkOperationArn!': bulkOperationArn }),
  DescribeBulkOperation: structure('DescribeBulkOperationInput', { 'BulkOperationArn!': bulkOperationArn }),
  ListBulkOperations: structure('ListBulkOperationsInput', {
    MaxResults: integer({ min: 1, max: 25 }),
    NextToken: string({ min: 1, max: 1024, pattern: '([0-9a-f]{16})+' }),
  }),
  StartBulkPutItems: structure('StartBulkPutItemsInput', {
    ClientToken: clientToken,
    'InputS3Configuration!': inputS3Configuration,
    'OutputS3Configuration!': outputS3Configuration,
    'TableName!': tableNameOrArn,
    MaxWriteRequestUnits: long({ min: 1024 }),
    PerformanceTier: enumeration('STANDARD', 'ACCELERATED'),
  }),
};
