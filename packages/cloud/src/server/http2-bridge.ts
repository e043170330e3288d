import { Agent, type IncomingMessage, request, type Server } from 'node:http';
import {
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { Duplex } from 'node:stream';

/** Headers of one connection (RFC 9113, section 8.2.2), and those that HTTP/1 sets itself. */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** What Node answers to requests that it cannot read, where nobody listens for them. */
const REFUSALS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n',
  ERR_HTTP_REQUEST_TIMEOUT: 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n',
};
const BAD_REQUEST = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';

/**
 * HTTP/2 without TLS on the endpoint's one port: the AWS SDK for JavaScript speaks to Kinesis in nothing else. Such a
 * connection begins with a preface that HTTP/1 cannot read; it is taken over then, and each of its requests is handed
 * on to this endpoint in HTTP/1, so that no other connection pays for it.
 */
export class Http2Bridge {
  readonly #server: Http2Server = createServer();
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #agent = new Agent({ keepAlive: true });

  /** @param port the endpoint's own */
  constructor(private readonly port: () => number) {
    this.#server.on('session', (session) => {
      this.#sessions.add(session);
      session.on('close', () => this.#sessions.delete(session));
      // A client that breaks the protocol or hangs up ends its own session.
      session.on('error', () => {});
    });
    this.#server.on('stream', (stream, headers) => this.#handOn(stream, headers));
  }

  /** Takes over the connections of `server` that turn out to be HTTP/2. */
  attach(server: Server): void {
    server.on('clientError', (error: Error & { code?: string; rawPacket?: Buffer }, socket: Duplex) => {
      if (error.code === 'HPE_PAUSED_H2_UPGRADE' && error.rawPacket !== undefined)
        this.#takeOver(socket, error.rawPacket);
      else if (socket.writable) socket.end(REFUSALS[error.code ?? ''] ?? BAD_REQUEST);
      else socket.destroy();
    });
  }

  /** Lets requests in flight finish, and closes every connection. */
  async close(): Promise<void> {
    await Promise.all([...this.#sessions].map(closed));
    this.#agent.destroy();
  }

  #takeOver(socket: Duplex, received: Buffer): void {
    // A listener for what can be read takes the connection back from the parser of HTTP/1.
    socket.on('readable', () => {});
    socket.removeAllListeners();
    this.#server.emit('connection', wrapped(socket, received));
  }

  #handOn(stream: ServerHttp2Stream, given: IncomingHttpHeaders): void {
    const headers = Object.entries(given).filter(([name]) => !name.startsWith(':') && !OF_CONNECTION.has(name));
    const onward = request({
      host: '127.0.0.1',
      port: this.port(),
      agent: this.#agent,
      method: given[':method'] ?? 'GET',
      path: given[':path'] ?? '/',
      headers: { ...Object.fromEntries(headers), host: given[':authority'] ?? given.host ?? 'localhost' },
    });
    onward.on('response', (response) => answer(stream, response));
    onward.on('error', () => stream.close());
    stream.on('error', () => onward.destroy());
    stream.pipe(onward);
  }
}

/** The event is waited for: of a session that its client is just ending, `close` calls nobody back. */
function closed(session: ServerHttp2Session): Promise<void> {
  return new Promise((resolve) => {
    session.once('close', resolve);
    session.close();
  });
}

/** A connection whose first bytes have been read already; HTTP/2 would look past those of a bare socket. */
function wrapped(socket: Duplex, received: Buffer): Duplex {
  const wrapper = new Duplex({
    read: () => {
      socket.resume();
    },
    write: (chunk, _encoding, done) => {
      socket.write(chunk, done);
    },
    final: (done) => {
      socket.end(done);
    },
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  wrapper.push(received);
  socket.on('data', (chunk: Buffer) => {
    if (!wrapper.push(chunk)) socket.pause();
  });
  socket.on('end', () => wrapper.push(null));
  socket.on('close', () => wrapper.destroy());
  socket.on('error', () => wrapper.destroy());
  socket.resume();
  return wrapper;
}

function answer(stream: ServerHttp2Stream, response: IncomingMessage): void {
  if (stream.destroyed) {
    response.resume();
    return;
  }
  const headers: OutgoingHttpHeaders = { ':status': response.statusCode ?? 502 };
  for (const [name, value] of Object.entries(response.headers)) if (!OF_CONNECTION.has(name)) headers[name] = value;
  stream.respond(headers);
  response.pipe(stream);
}
