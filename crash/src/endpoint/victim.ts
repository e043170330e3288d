import { writeSync } from 'node:fs';
import { startLocalEndpoint } from '@tablewright/cloud';
import { shiftedClock } from './shifted-clock.js';

/*
 * The process that is killed: node victim.js <data folder> <milliseconds that its clock is ahead>.
 * Says its address on standard output once it serves.
 */
const [dataDir = '', aheadMs = '0'] = process.argv.slice(2);
const endpoint = await startLocalEndpoint({ port: 0, dataDir, clock: shiftedClock(Number(aheadMs)) });
writeSync(1, `${endpoint.url}\n`);
