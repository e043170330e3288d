import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { isCredentialFault } from '../../kernel/credential.js';
import type { Estate } from '../estate.js';
import type { OriginGuard } from '../origin-guard.js';
import { headCredential, type RequestHead } from '../request-head.js';
import { LaneConnection, type LaneHooks } from './lane-connection.js';
import { LaneExchange } from './lane-exchange.js';

/**
 * Stands between a port and Node's HTTP server. Requests as DynamoDB's clients send them (see `parseRequest`) are read
 * and answered here, for a third of what the HTTP server's streams cost; at the first other one, the connection becomes
 * the HTTP server's, from that request on. See docs/decisions for why.
 *
 * Imitates node:http where clients can tell: status line, headers and their order, requests in order, broken requests.
 * Differs: a connection that never sends anything is not closed after a minute, and a client that half-closes still
 * gets its answer.
 */
export class FastLane {
  readonly #connections = new Set<LaneConnection>();
  readonly #hooks: LaneHooks;
  #toServer: (socket: Socket) => void = () => {};

  constructor(
    private readonly estate: () => Estate | undefined,
    private readonly guard: OriginGuard,
  ) {
    this.#hooks = {
      accepts: (head) => this.#accepts(head),
      serve: (connection, head, body) => this.#serve(connection, head, body),
      handOver: (socket) => this.#toServer(socket),
      closed: (connection) => void this.#connections.delete(connection),
    };
  }

  /** Takes the server's new connections from now on. */
  standBefore(server: Server): void {
    const listeners = server.listeners('connection');
    server.removeAllListeners('connection');
    this.#toServer = (socket) => {
      for (const listener of listeners) listener.call(server, socket);
    };
    server.on('connection', (socket) => this.#connections.add(new LaneConnection(socket, this.#hooks)));
  }

  closeIdle(): void {
    for (const connection of this.#connections) if (connection.isIdle) connection.destroy();
  }

  closeAll(): void {
    for (const connection of this.#connections) connection.destroy();
  }

  /**
   * Requests with keys that IAM or STS issued go to the HTTP server: their signature covers what the lane does not keep.
   * So do all requests where no other keys are taken.
   */
  #accepts(head: RequestHead): boolean {
    const estate = this.estate();
    if (estate === undefined || this.guard.refusal(head) !== undefined) return false;
    if (estate.kernel.authorizer.issuedKeysOnly) return false;
    const { identity } = estate.kernel.ports;
    if (!identity.hasIssuedKeys) return true;
    const credential = headCredential(head);
    return isCredentialFault(credential) || !identity.isIssued(credential.accessKeyId);
  }

  #serve(connection: LaneConnection, head: RequestHead, body: Buffer): void {
    const estate = this.estate();
    if (estate === undefined) {
      // Closed within this turn; the client tries again.
      connection.destroy();
      return;
    }
    const exchange = new LaneExchange(estate.kernel, estate.outbox, connection);
    try {
      estate.dynamodb.serve(exchange, head, body);
    } catch (fault) {
      estate.kernel.reportFault('POST /', fault);
      exchange.errorCode = 'InternalFailure';
      exchange.answer(500, [], '');
    }
  }
}
