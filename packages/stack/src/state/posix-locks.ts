// Terraform locks a local state with an fcntl lock on the state file itself (internal/states/statemgr,
// filesystem_lock_unix.go) and writes .terraform.tfstate.lock.info only to say who holds it. Node has no
// fcntl locks, so this package can see Terraform's lock on Linux, but cannot take one.
import { readFile, stat } from 'node:fs/promises';

/**
 * Whether another process holds an fcntl lock on `path`, according to /proc/locks.
 * null where this cannot be known: no such file, or no Linux.
 */
export async function hasPosixLock(path: string): Promise<boolean | null> {
  try {
    const [locks, file] = await Promise.all([readFile('/proc/locks', 'utf8'), stat(path, { bigint: true })]);
    const { major, minor } = deviceNumbers(file.dev);
    return locks.split('\n').some((line) => {
      // 2: POSIX  ADVISORY  WRITE 16814 fe:00:2196172 0 EOF
      const [, kind, , , , place] = line.trim().split(/\s+/);
      if ((kind !== 'POSIX' && kind !== 'OFDLCK') || place === undefined) return false;
      const [majorText = '', minorText = '', inode = ''] = place.split(':');
      const sameDevice = Number.parseInt(majorText, 16) === major && Number.parseInt(minorText, 16) === minor;
      return sameDevice && inode === String(file.ino);
    });
  } catch {
    return null;
  }
}

/** The device's numbers out of `st_dev`, as glibc's gnu_dev_major and gnu_dev_minor take them apart. */
function deviceNumbers(device: bigint): { major: number; minor: number } {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n);
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffffff00n);
  return { major: Number(major), minor: Number(minor) };
}
