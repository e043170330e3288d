import { invalidParameter } from './sns-errors.js';

/** How often and when a delivery is tried again. Delays in seconds. */
export interface RetryPolicy {
  readonly minDelayTarget: number;
  readonly maxDelayTarget: number;
  readonly numRetries: number;
  readonly numNoDelayRetries: number;
  readonly numMinDelayRetries: number;
  readonly numMaxDelayRetries: number;
  readonly backoffFunction: string;
}

const HTTP_RETRIES: RetryPolicy = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: 'linear',
};

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html */
export const AWS_RETRIES: RetryPolicy = {
  minDelayTarget: 1,
  maxDelayTarget: 20,
  numRetries: 100_015,
  numNoDelayRetries: 3,
  numMinDelayRetries: 2,
  numMaxDelayRetries: 100_000,
  backoffFunction: 'exponential',
};

export const DEFAULT_HTTP_POLICY = JSON.stringify({
  http: {
    defaultHealthyRetryPolicy: HTTP_RETRIES,
    disableSubscriptionOverrides: false,
    defaultRequestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
  },
});

interface PolicyText {
  readonly http?: {
    readonly defaultHealthyRetryPolicy?: Partial<RetryPolicy>;
    readonly disableSubscriptionOverrides?: boolean;
    readonly defaultRequestPolicy?: { readonly headerContentType?: string };
  };
  readonly healthyRetryPolicy?: Partial<RetryPolicy> | null;
  readonly requestPolicy?: { readonly headerContentType?: string } | null;
}

/** Throws when the text is no policy. */
export function checkDeliveryPolicy(text: string): void {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw invalidParameter('DeliveryPolicy: failed to parse JSON.');
  }
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) {
    throw invalidParameter('DeliveryPolicy: it is not a JSON object.');
  }
}

/** For deliveries over HTTP: what the subscription says, else the topic, else the default. */
export function httpPolicy(
  topicText: string | undefined,
  subscriptionText: string | undefined,
): { retries: RetryPolicy; contentType: string } {
  const { http = {} } = parse(topicText);
  const own = http.disableSubscriptionOverrides === true ? {} : parse(subscriptionText);
  return {
    retries: { ...HTTP_RETRIES, ...http.defaultHealthyRetryPolicy, ...own.healthyRetryPolicy },
    contentType:
      own.requestPolicy?.headerContentType ??
      http.defaultRequestPolicy?.headerContentType ??
      'text/plain; charset=UTF-8',
  };
}

/** Milliseconds to wait before retry `attempt` (the first is 0); undefined when there is none. */
export function retryDelayMs(policy: RetryPolicy, attempt: number): number | undefined {
  const { numRetries, numNoDelayRetries: none, numMinDelayRetries: least, numMaxDelayRetries: most } = policy;
  if (attempt >= numRetries) return undefined;
  if (attempt < none) return 0;
  if (attempt < none + least) return policy.minDelayTarget * 1000;
  const steps = numRetries - none - least - most;
  const step = attempt - none - least;
  if (step >= steps) return policy.maxDelayTarget * 1000;
  const { minDelayTarget: from, maxDelayTarget: to } = policy;
  if (policy.backoffFunction === 'exponential') return Math.min(to, from * 2 ** step) * 1000;
  return (from + ((to - from) * step) / Math.max(1, steps - 1)) * 1000;
}

function parse(text: string | undefined): PolicyText {
  // Checked when it was set.
  return text === undefined ? {} : (JSON.parse(text) as PolicyText);
}
