import type { Readable } from 'node:stream';

/** The protocols that AWS's services speak; the names are those of Smithy's protocol traits. */
export type Protocol = 'awsJson1_0' | 'awsJson1_1' | 'awsCbor1_1' | 'awsQuery' | 'restJson1' | 'restXml' | 'rpcv2Cbor';

/** An HTTP request as the wire layer wants it. */
export interface WireRequest {
  readonly method: string;
  /** The path as it was sent, percent-encoded, without the query string; begins with `/`. */
  readonly path: string;
  /** The query string as it was sent, without the question mark; empty when there is none. */
  readonly query: string;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /**
   * The body, with the framing of `aws-chunked` taken off. A stream is read only by operations of services
   * that take streams ({@link ServiceModel.streamsInput}); for every other service the caller collects the
   * body first.
   */
  readonly body: Buffer | Readable;
}

/** An HTTP response, ready to be sent. A HEAD response is to be sent without its body. */
export interface WireResponse {
  readonly status: number;
  /** Header names in lower case. `content-length` is present whenever the length is known. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | Readable | string;
}
