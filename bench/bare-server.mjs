// The ceiling: node:http that parses the request's JSON and answers a ready-made body of the size a real answer has.
import http from 'node:http';
import { item, key, PER_PARTITION } from './workloads.mjs';

const items = (count) => Array.from({ length: count }, (_, n) => item(key(n), `event-${n}`, n));
const list = (count) => JSON.stringify({ Count: count, ScannedCount: count, Items: items(count) });
const answers = {
  PutItem: '{}',
  UpdateItem: '{}',
  TransactWriteItems: '{}',
  BatchWriteItem: '{"UnprocessedItems":{}}',
  GetItem: JSON.stringify({ Item: item(key(1), undefined, 1) }),
  Query: list(PER_PARTITION),
  Scan: list(500),
};
const bodies = Object.fromEntries(Object.entries(answers).map(([name, text]) => [name, Buffer.from(text)]));

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    JSON.parse((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)).toString());
    const body = bodies[String(request.headers['x-amz-target']).split('.')[1]] ?? bodies.PutItem;
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': body.length });
    response.end(body);
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1');
