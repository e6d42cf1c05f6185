import { findChromium } from '#modules/verification';

export const chromium = findChromium(process.env['CHROMIUM_PATH'] || undefined);

/** Skipped by name where no Chromium is installed; where everything must hold (CI), its absence fails. */
export const describeWithChromium: jest.Describe =
  chromium || process.env['CI'] === 'true' ? describe : describe.skip;

/** The one that the tests drive; says what to install where there is none. */
export function theChromium(): string {
  if (chromium) return chromium;
  throw new Error('No Chromium on the PATH: install one (apt-get install chromium) or set CHROMIUM_PATH.');
}
