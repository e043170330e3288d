// The executor of the guide: it would see a guide that is wrong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingLine, readGuide } from './support/guide-document.js';

const GUIDE = `# Guide
## Chapter
words
### Scenario 1: one
\`\`\`bash
echo a
\`\`\`
You see:
\`\`\`text
a
  … b
\`\`\`
\`\`\`bash
echo c
\`\`\`
### No commands
\`\`\`json
{}
\`\`\`
`;

test('blocks of commands belong to the heading above, and what is seen to the block above', () => {
  assert.deepEqual(readGuide(GUIDE), [
    {
      title: 'Scenario 1: one',
      steps: [
        { script: 'echo a\n', seen: ['a', '  … b'] },
        { script: 'echo c\n', seen: [] },
      ],
    },
  ]);
});

test('lines are looked for in their order; dots stand for anything, and nothing else does', () => {
  const output = 'Plan: 1 to add\n  "TableStatus":   "ACTIVE",\ndone (5s)\n';
  assert.equal(missingLine(output, ['Plan: … to add', '"TableStatus": "ACTIVE"', 'done (…)']), undefined);
  assert.equal(missingLine(output, ['done', 'Plan']), 'Plan');
  assert.equal(missingLine(output, ['Plan: . to add']), 'Plan: . to add');
});
