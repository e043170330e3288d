import type { Server } from 'node:http';
import { delay, monotonicMs, systemClock } from '@tablewright/base';
import type { FastLane } from './fast-lane/fast-lane.js';

const POLL_MS = 20;
/** Requests get this long to finish; then their connections are cut. */
const GRACE_MS = 10_000;

/**
 * Takes no more connections, lets the requests in flight finish, and resolves when the last connection is closed.
 * Node closes connections that idle at that moment only, hence the loop; it waits on the machine's clock, since
 * connections know no other.
 */
export async function closeServer(server: Server, lane: FastLane): Promise<void> {
  let closed = false;
  server.close(() => {
    closed = true;
  });
  const startedMs = monotonicMs();
  while (!closed) {
    if (monotonicMs() - startedMs > GRACE_MS) {
      server.closeAllConnections();
      lane.closeAll();
    } else {
      server.closeIdleConnections();
      lane.closeIdle();
    }
    await delay(systemClock, POLL_MS);
  }
}
