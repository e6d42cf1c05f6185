import { Sealer, Unreadable } from './sealing.js';

const SECRET = 'k'.repeat(32);
const sealer = new Sealer(SECRET);

describe('Sealer', () => {
  it.each(['whsec_abc', '', 'ключ 🔑', 'x'.repeat(100_000)])(
    'opens what it sealed (case %#)',
    (plaintext) => {
      expect(sealer.open(sealer.seal(plaintext, 'a'), 'a')).toBe(plaintext);
    },
  );

  it('opens after a restart with the same key', () => {
    expect(new Sealer(SECRET).open(sealer.seal('whsec_abc', 'a'), 'a')).toBe('whsec_abc');
  });

  it('opens what an earlier release has sealed', () => {
    const sealed = Buffer.from('AXpHEOKhGd81oC+ahWaxjex2JklS/EPznm9XZM6QFn0yTSiI6Sc=', 'base64');
    expect(sealer.open(sealed, 'webhook_secret:agt_1a2b3c4d')).toBe('whsec_abc');
  });

  it('shows neither the plaintext nor that two are equal', () => {
    const [one, two] = [sealer.seal('whsec_abc', 'a'), sealer.seal('whsec_abc', 'a')];
    expect(one.equals(two)).toBe(false);
    expect(one.includes('whsec')).toBe(false);
  });

  it('does not open in another context, nor with another key', () => {
    const sealed = sealer.seal('whsec_abc', 'webhook_secret:agt_1');
    expect(() => sealer.open(sealed, 'webhook_secret:agt_2')).toThrow(Unreadable);
    expect(() => new Sealer('K'.repeat(32)).open(sealed, 'webhook_secret:agt_1')).toThrow(Unreadable);
  });

  it('does not open when any one byte has changed', () => {
    const sealed = sealer.seal('whsec_abc', 'a');
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      expect(() => sealer.open(changed, 'a')).toThrow(Unreadable);
    }
  });

  it('does not open when it was cut short, wherever', () => {
    const sealed = sealer.seal('whsec_abc', 'a');
    for (let length = 0; length < sealed.length; length++) {
      expect(() => sealer.open(sealed.subarray(0, length), 'a')).toThrow(Unreadable);
    }
  });

  it('derives a sealer that needs both secrets', () => {
    const sealed = sealer.derive('idempotency-key-1').seal('axe_secret', 'a');
    expect(new Sealer(SECRET).derive('idempotency-key-1').open(sealed, 'a')).toBe('axe_secret');
    expect(() => sealer.open(sealed, 'a')).toThrow(Unreadable);
    expect(() => sealer.derive('idempotency-key-2').open(sealed, 'a')).toThrow(Unreadable);
    expect(() => new Sealer('K'.repeat(32)).derive('idempotency-key-1').open(sealed, 'a')).toThrow(
      Unreadable,
    );
  });

  it('refuses a key that is too short to be one', () => {
    expect(() => new Sealer('k'.repeat(31))).toThrow('at least 32');
  });
});
