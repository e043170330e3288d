import type { Server } from 'node:http';
import { UserError } from '@tablewright/base';
import { portOwner } from './port-owner.js';

/** Listens, and resolves with the port. Rejects with a UserError when that cannot be. */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(listenError(error, port, host));
    server.once('error', fail);
    server.listen({ port, host }, () => {
      server.off('error', fail);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

export function listenError(error: NodeJS.ErrnoException, port: number, host: string): Error {
  if (error.code === 'EADDRINUSE') return portInUse(port, error);
  if (error.code === 'EACCES') {
    return new UserError(`port ${port} may not be used by this user`, 'Choose a port above 1023 with --port.', {
      cause: error,
    });
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    const remedy = 'Choose an address of this machine with --host, or leave --host out for loopback.';
    return new UserError(`"${host}" is not an address of this machine`, remedy, { cause: error });
  }
  return error;
}

/** Somebody else listens on the port. */
export class PortInUseError extends UserError {
  constructor(port: number, by: string, remedy: string, cause?: unknown) {
    super(`port ${port} is in use by ${by}`, remedy, { cause });
  }
}

export function portInUse(port: number, cause?: unknown): PortInUseError {
  const owner = portOwner(port);
  const by = owner === undefined ? 'another program' : `"${owner.command}" (process ${owner.pid})`;
  return new PortInUseError(port, by, 'Stop that program, or choose another port with --port.', cause);
}
