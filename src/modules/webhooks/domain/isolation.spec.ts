import { after } from '#kernel/clock';
import { Breakers } from './breaker.js';
import { BURST, emptyUntil, FULL_BUCKET, refilled } from './token-bucket.js';

const NOW = new Date('2026-03-12T18:00:00Z');
const HOST = 'hooks.example.com';

describe('A breaker', () => {
  const opened = (): Breakers => {
    const breakers = new Breakers();
    for (let i = 0; i < 5; i++) breakers.failed(HOST, NOW);
    return breakers;
  };

  it('opens at the fifth failure in a row, for 30 seconds', () => {
    const breakers = new Breakers();
    for (let i = 0; i < 4; i++) breakers.failed(HOST, NOW);
    expect(breakers.blockedUntil([HOST], NOW)).toBeUndefined();
    breakers.failed(HOST, NOW);
    expect(breakers.blockedUntil([HOST], NOW)).toEqual(after(NOW, 30_000));
    expect(breakers.blockedUntil([HOST], after(NOW, 29_999))).toEqual(after(NOW, 30_000));
    expect(breakers.blockedUntil(['other.example.com'], NOW)).toBeUndefined();
  });

  it('forgets failures at the first success', () => {
    const breakers = new Breakers();
    for (let i = 0; i < 4; i++) breakers.failed(HOST, NOW);
    breakers.succeeded(HOST);
    breakers.failed(HOST, NOW);
    expect(breakers.blockedUntil([HOST], NOW)).toBeUndefined();
  });

  it('then lets one probe through, which decides', () => {
    const breakers = opened();
    const later = after(NOW, 30_000);
    expect(breakers.blockedUntil([HOST], later)).toBeUndefined();
    expect(breakers.blockedUntil([HOST], later)).toEqual(after(later, 5_000));
    breakers.failed(HOST, later);
    expect(breakers.blockedUntil([HOST], later)).toEqual(after(later, 30_000));
    const muchLater = after(later, 30_000);
    expect(breakers.blockedUntil([HOST], muchLater)).toBeUndefined();
    breakers.succeeded(HOST);
    expect(breakers.blockedUntil([HOST], muchLater)).toBeUndefined();
    expect(breakers.blockedUntil([HOST], muchLater)).toBeUndefined();
  });

  it('probes anew when the probe was given up', () => {
    const breakers = opened();
    const later = after(NOW, 30_000);
    breakers.blockedUntil([HOST], later);
    breakers.nothingLearnt(HOST);
    expect(breakers.blockedUntil([HOST], later)).toBeUndefined();
  });

  it('takes no probe of one while another is open', () => {
    const breakers = opened();
    const later = after(NOW, 30_000);
    for (let i = 0; i < 5; i++) breakers.failed('endpoint', later);
    expect(breakers.blockedUntil([HOST, 'endpoint'], later)).toEqual(after(later, 30_000));
    expect(breakers.blockedUntil([HOST], later)).toBeUndefined();
    expect(breakers.blockedUntil([HOST], later)).toEqual(after(later, 5_000));
  });
});

describe('A bucket', () => {
  it('holds a burst, then gives 20 a second', () => {
    const empty = { ...FULL_BUCKET(NOW), tokens: 0 };
    expect(FULL_BUCKET(NOW).tokens).toBe(BURST);
    expect(emptyUntil(empty)).toEqual(after(NOW, 50));
    expect(emptyUntil(refilled(empty, after(NOW, 25)))).toEqual(after(NOW, 50));
    expect(emptyUntil(refilled(empty, after(NOW, 50)))).toBeUndefined();
    expect(refilled(empty, after(NOW, 1_000)).tokens).toBe(20);
    expect(refilled(empty, after(NOW, 3_600_000)).tokens).toBe(BURST);
  });
});
