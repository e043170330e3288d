/** How a timestamp is written; `default` leaves it to the protocol and the place in the message. */
export type TimestampFormat = 'default' | 'date-time' | 'http-date' | 'epoch-seconds';

/** The traits that the wire layer reads, as the SDK's schemas name them. */
export interface Traits {
  readonly httpLabel?: unknown;
  readonly httpHeader?: string;
  readonly httpPrefixHeaders?: string;
  readonly httpQuery?: string;
  readonly httpQueryParams?: unknown;
  readonly httpPayload?: unknown;
  readonly httpResponseCode?: unknown;
  readonly httpError?: number;
  readonly hostLabel?: unknown;
  readonly error?: 'client' | 'server';
  readonly awsQueryError?: readonly [code: string, httpStatus: number];
  readonly idempotencyToken?: unknown;
  readonly jsonName?: string;
  readonly mediaType?: string;
  readonly sparse?: unknown;
  readonly streaming?: unknown;
  readonly eventHeader?: unknown;
  readonly eventPayload?: unknown;
  readonly xmlName?: string;
  readonly xmlFlattened?: unknown;
  readonly xmlAttribute?: unknown;
  readonly xmlNamespace?: readonly [prefix: string | undefined, uri: string] | readonly [uri: string];
}

/** A member of a structure or union, the member of a list, or the key or value of a map. */
export interface Member {
  readonly name: string;
  readonly shape: Shape;
  /** Traits of the member and of its target, the member's own winning. */
  readonly traits: Traits;
  /** Traits of the member alone: XML and JSON names of a member never come from its target. */
  readonly ownTraits: Traits;
  /** Whether the model requires the member. */
  readonly required: boolean;
}

export interface StructureShape {
  readonly kind: 'structure' | 'union';
  readonly name: string;
  readonly traits: Traits;
  readonly members: readonly Member[];
  readonly member: (name: string) => Member | undefined;
}

export interface ListShape {
  readonly kind: 'list';
  readonly traits: Traits;
  readonly member: Member;
}

export interface MapShape {
  readonly kind: 'map';
  readonly traits: Traits;
  readonly key: Member;
  readonly value: Member;
}

export interface SimpleShape {
  readonly kind: 'blob' | 'boolean' | 'string' | 'number' | 'bigInteger' | 'bigDecimal' | 'document' | 'unit';
  readonly traits: Traits;
}

export interface TimestampShape {
  readonly kind: 'timestamp';
  readonly format: TimestampFormat;
  readonly traits: Traits;
}

/** A type of a service's model, as the wire layer walks it. Shapes may be recursive: parts are built when asked for. */
export type Shape = StructureShape | ListShape | MapShape | SimpleShape | TimestampShape;
