import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChecksumMember, runningChecksum } from './checksum-algorithms.js';

// Check values of "123456789" as the catalogue of parametrised CRC algorithms gives them.
const CHECK_VALUES: readonly (readonly [ChecksumMember, string])[] = [
  ['ChecksumCRC32', 'cbf43926'],
  ['ChecksumCRC32C', 'e3069283'],
  ['ChecksumCRC64NVME', 'ae8b14860a799888'],
];

for (const [member, hex] of CHECK_VALUES) {
  test(`${member} has its published check value, in one piece and in several`, () => {
    const whole = runningChecksum(member);
    whole.update(Buffer.from('123456789'));
    assert.equal(Buffer.from(whole.digest(), 'base64').toString('hex'), hex);
    const pieces = runningChecksum(member);
    for (const piece of ['1', '2345', '', '6789']) pieces.update(Buffer.from(piece));
    assert.equal(Buffer.from(pieces.digest(), 'base64').toString('hex'), hex);
  });
}
