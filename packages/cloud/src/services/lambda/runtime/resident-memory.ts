import { readFileSync } from 'node:fs';

const PAGE_KB = 4;

/** The resident set of a process; 0 where the system does not tell (it is then limited by its runtime alone). */
export function residentKb(pid: number | undefined): number {
  if (pid === undefined) return 0;
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE_KB;
  } catch {
    return 0;
  }
}
