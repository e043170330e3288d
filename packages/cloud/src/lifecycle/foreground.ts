import type { LocalEndpoint, LocalEndpointOptions } from '../server/local-endpoint.js';

/**
 * Starts the local AWS endpoint in this process. Rejects with a UserError when the port is in use. The endpoint's code is
 * loaded now, so that commands that only speak with an endpoint in the background start without it.
 */
export async function startLocalEndpoint(options: LocalEndpointOptions): Promise<LocalEndpoint> {
  const endpoint = await import('../server/local-endpoint.js');
  return endpoint.startLocalEndpoint(options);
}
