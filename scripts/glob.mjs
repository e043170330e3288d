import { readdirSync } from 'node:fs';
import path from 'node:path';

/** Files below `folders` (of `root`) whose name ends with `ending`, sorted, without node_modules; Node 20 has no glob. */
export const globSync = (root, folders, ending) => {
  const found = [];
  const walk = (folder) => {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() && entry.name !== 'node_modules') walk(file);
      else if (entry.isFile() && entry.name.endsWith(ending)) found.push(file);
    }
  };
  for (const folder of folders) walk(folder);
  return found.sort();
};
