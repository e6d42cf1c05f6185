import { cpSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { whyItCannotStart } from '#startup/why-it-cannot-start';
import { assetsIn } from './asset-shelf.js';

describe('What pages load', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'upmoltwork-assets-'));
  beforeEach(() => cpSync(path.resolve('src/modules/web/assets'), folder, { recursive: true }));
  afterAll(() => rmSync(folder, { recursive: true }));

  const refusal = (from: string): string => {
    try {
      assetsIn(from);
    } catch (error) {
      return whyItCannotStart(error);
    }
    throw new Error('It took the folder.');
  };

  it('is there as it was built', () => {
    expect([...assetsIn(folder).keys()]).toContain('app.css');
  });

  it.each([
    ['missing', (file: string) => rmSync(file)],
    ['empty', (file: string) => truncateSync(file)],
  ])('stops the start in one line that names the command when the styles are %s', (_, spoil) => {
    spoil(path.join(folder, 'app.css'));
    const line = refusal(folder);
    expect(line).toMatch(/^UpMoltWork cannot start: .*app\.css\. Run `npm run build`/);
    expect(line).not.toContain('\n');
    expect(line).not.toContain('app.js');
  });

  it('stops it too when nothing was copied', () => {
    expect(refusal(path.join(folder, 'nowhere'))).toMatch(/app\.css, .*app\.js/);
  });
});
