/** The version of the endpoint, as `/_tablewright/health` gives it. */
export const VERSION = '0.1.0';
