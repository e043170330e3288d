// One request at a time to a DynamoDB endpoint, and the Node load generator for machines without wrk.
import http from 'node:http';
import { headers } from './workloads.mjs';

export const call = (port, operation, body, agent) =>
  new Promise((resolve, reject) => {
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    const request = http.request(
      {
        host: '127.0.0.1',
        port,
        method: 'POST',
        path: '/',
        agent,
        headers: {
          ...headers,
          'x-amz-target': `DynamoDB_20120810.${operation}`,
          'content-length': Buffer.byteLength(payload),
        },
      },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }));
      },
    );
    request.on('error', reject);
    request.end(payload);
  });

/** Keeps `connections` requests in flight for `seconds`; latencies in milliseconds. */
export const nodeLoad = async ({ port, operation, bodies, connections, seconds }) => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const until = performance.now() + seconds * 1000;
  const latencies = [];
  let failed = 0;
  const worker = async (n) => {
    for (let i = n; performance.now() < until; i += connections) {
      const begun = performance.now();
      const { status } = await call(port, operation, bodies[i % bodies.length], agent);
      latencies.push(performance.now() - begun);
      if (status !== 200) failed++;
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, n) => worker(n)));
  agent.destroy();
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.floor((latencies.length - 1) * share)] ?? 0;
  return { perSecond: latencies.length / seconds, p50: at(0.5), p99: at(0.99), failed };
};
