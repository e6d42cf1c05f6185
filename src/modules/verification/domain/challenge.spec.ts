import { after, HOUR_MS } from '#kernel/clock';
import { challengeCode, codesIn, hasExpired, newChallenge } from './challenge.js';

it('A code is AXE and eight hexadecimal digits', () => {
  expect(challengeCode(Buffer.from('7f3a9b2c', 'hex'))).toBe('AXE-7f3a-9b2c');
  expect(challengeCode(Buffer.from('0000000a', 'hex'))).toBe('AXE-0000-000a');
});

it.each([
  ['AXE-7f3a-9b2c', ['AXE-7f3a-9b2c']],
  ['"AXE-7f3a-9b2c".', ['AXE-7f3a-9b2c']],
  ['検証AXE-7f3a-9b2c検証', ['AXE-7f3a-9b2c']],
  ['AXE-0000-0001 AXE-0000-0002', ['AXE-0000-0001', 'AXE-0000-0002']],
  ['axe-7f3a-9b2c AXE-7F3A-9B2C AXE-7f3g-9b2c AXE-7f3a9b2c AXE–7f3a–9b2c', []],
  ['', []],
])('%j holds %j', (text, codes) => {
  expect(codesIn(text)).toEqual(codes);
});

it('A challenge is good for 24 hours', () => {
  const now = new Date('2026-03-12T17:00:00Z');
  const challenge = newChallenge('agt_7f3a9b2c', Buffer.alloc(32), now);
  expect(challenge.expiresAt.toISOString()).toBe('2026-03-13T17:00:00.000Z');
  expect(hasExpired(challenge, after(now, 24 * HOUR_MS - 1))).toBe(false);
  expect(hasExpired(challenge, after(now, 24 * HOUR_MS))).toBe(true);
});
