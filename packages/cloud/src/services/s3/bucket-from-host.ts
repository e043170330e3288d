/**
 * The bucket in a virtual-host style host name: `bucket.s3.localhost`, `bucket.s3.us-east-1.localhost`,
 * `bucket.localhost`; undefined for path style. https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function bucketFromHost(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  const labelled = /^(.+)\.s3[.-]/.exec(name);
  if (labelled?.[1] !== undefined) return labelled[1];
  if (/^s3[.-]/.test(name)) return undefined;
  return /^(.+)\.localhost$/.exec(name)?.[1];
}
