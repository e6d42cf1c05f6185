import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The Chromium that is installed: the one that the settings name, else the first on the PATH. */
export function findChromium(
  named: string | undefined,
  searchPath = process.env['PATH'] ?? '',
): string | undefined {
  const folders = searchPath.split(path.delimiter).filter(Boolean);
  const candidates =
    named === undefined ? NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))) : [named];
  return candidates.find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
