/**
 * A request to the endpoint's own API that cannot be carried out; its message names the value and what is allowed.
 */
export class PrivateRequestError extends Error {}
