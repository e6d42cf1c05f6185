import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findChromium } from './chromium.js';

describe('The Chromium', () => {
  let folder: string;
  const program = (name: string, mode = 0o755): string => {
    const file = path.join(folder, name);
    writeFileSync(file, '');
    chmodSync(file, mode);
    return file;
  };
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'chromium-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is the one that was named, and no other', () => {
    const named = program('my-browser');
    program('chromium');
    expect(findChromium(named, folder)).toBe(named);
    expect(findChromium(path.join(folder, 'not-there'), folder)).toBeUndefined();
  });

  it('else the first that is found on the PATH', () => {
    const chrome = program('google-chrome');
    expect(findChromium(undefined, `/nowhere:${folder}`)).toBe(chrome);
    const chromium = program('chromium');
    expect(findChromium(undefined, `/nowhere:${folder}`)).toBe(chromium);
  });

  it('is none where there is none', () => {
    expect(findChromium(undefined, folder)).toBeUndefined();
    expect(findChromium(undefined, '')).toBeUndefined();
  });
});
