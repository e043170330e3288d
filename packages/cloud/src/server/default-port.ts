/** The port that the local endpoint listens on unless told otherwise. */
export const DEFAULT_PORT = 4566;
