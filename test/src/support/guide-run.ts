import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type GuidePart, missingLine, readGuide } from './guide-document.js';
import { GuideSession } from './guide-session.js';
import { findAwsCli, isInstalled, terraformMissing } from './programs.js';
import { moduleFolder } from './workspace.js';

/** Why the guide cannot be executed here; false when it can. */
function missing(major: 1 | 2): string | false {
  if (findAwsCli(major) === undefined) return `version ${major} of the AWS CLI is not installed`;
  for (const program of ['zip', 'jq']) if (!isInstalled(program)) return `${program} is not installed`;
  return terraformMissing();
}

/** Executes every block of commands in the guide, in order, with a version of the AWS CLI, and prints a table. */
export function executeGuide(major: 1 | 2): void {
  const skip = missing(major);
  describe(`the operations guide, executed with version ${major} of the AWS CLI`, { skip }, () => {
    const parts = readGuide(readFileSync(path.join(moduleFolder, 'OPERATIONS_GUIDE.md'), 'utf8'));
    const rows: [string, string, string][] = [];
    let session: GuideSession;
    let broken: string | undefined;

    before(async () => {
      session = await GuideSession.open(findAwsCli(major) ?? 'aws');
    });
    after(async () => {
      await session?.close();
      printTable(major, rows);
    });

    for (const part of parts) {
      test(part.title, async (context) => {
        if (broken !== undefined) {
          rows.push([part.title, `0 of ${part.steps.length}`, 'not run']);
          return context.skip(`"${broken}" failed, on which this builds`);
        }
        let done = 0;
        try {
          for (const step of part.steps) {
            const { code, output } = await session.run(step.script);
            assert.equal(code, 0, `${step.script}\n${output}`);
            const line = missingLine(output, step.seen);
            assert.equal(line, undefined, `not seen: ${line}\nafter:\n${step.script}\nwhich printed:\n${output}`);
            done += 1;
          }
        } catch (error) {
          broken = part.title;
          throw error;
        } finally {
          rows.push([part.title, countOf(part, done), done === part.steps.length ? 'passed' : 'FAILED']);
        }
      });
    }
  });
}

function countOf({ steps }: GuidePart, done: number): string {
  return done === steps.length ? `${done}` : `${done} of ${steps.length}`;
}

function printTable(major: number, rows: readonly (readonly [string, string, string])[]): void {
  const head = [`scenario (AWS CLI v${major})`, 'steps', 'result'] as const;
  const all = [head, ...rows];
  const widths = [0, 1].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  for (const row of all) {
    console.log(`${row[0].padEnd(widths[0] ?? 0)}  ${row[1].padEnd(widths[1] ?? 0)}  ${row[2]}`);
  }
}
