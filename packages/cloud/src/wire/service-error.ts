/** What a {@link ServiceError} may carry besides its code and message. */
export interface ServiceErrorOptions {
  /** Overrides the status that the model and the protocol give. */
  readonly httpStatus?: number;
  /** Whose fault it is; the model decides where it knows the error, else the HTTP status does. */
  readonly fault?: 'client' | 'server';
  /** Further members of the modelled error, e.g. `{ Type: 'User' }`, in the SDK's own types. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Further headers of the answer (REST-XML only), names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether it was arranged that the request fails. */
  readonly isInjected?: boolean;
}

/**
 * An error that a service answers with. `code` is the name of the modelled error shape
 * (`NoSuchEntityException`), its code on the Query protocol (`NoSuchEntity`), or, for an error that no
 * model lists (`ValidationError`, `AccessDenied`), the code itself.
 */
export class ServiceError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly options: ServiceErrorOptions = {},
  ) {
    super(message);
    this.name = code;
  }
}
