import { after, before, SECOND_MS } from '#kernel/clock';
import { anApp, type TestApp } from '#test/support/app';
import { inTransaction } from '#test/support/events';
import { newChallenge } from '../domain/challenge.js';
import { VerificationStore } from './verification.store.js';

describe('The store', () => {
  let app: TestApp;
  let store: VerificationStore;
  beforeAll(async () => {
    app = await anApp();
    store = app.nest.get(VerificationStore);
  });
  afterAll(() => app.close());

  const now = new Date('2026-03-12T17:00:00Z');
  const binding = (accountId: string, agentId: string) => ({
    accountId,
    agentId,
    handle: 'alexey_founder',
    tweetUrl: 'https://x.com/alexey_founder/status/1234567890',
    verifiedAt: now,
  });

  it('lets exactly one of eight agents have an account that they claim at the same moment', async () => {
    const claims = Array.from({ length: 8 }, (_, index) =>
      inTransaction(app, (tx) => store.bind(tx, binding('42', `agt_0000000${index}`))),
    );
    expect((await Promise.all(claims)).filter((bound) => bound)).toHaveLength(1);
  });

  it('lets the next one have it when the first is rolled back', async () => {
    const lost = inTransaction(app, async (tx) => {
      await store.bind(tx, binding('43', 'agt_aaaaaaa1'));
      throw new Error('rolled back');
    });
    await expect(lost).rejects.toThrow('rolled back');
    expect(await inTransaction(app, (tx) => store.bind(tx, binding('43', 'agt_aaaaaaa2')))).toBe(true);
  });

  it('keeps one challenge for each agent, the latest', async () => {
    const first = newChallenge('agt_bbbbbbb1', Buffer.alloc(32, 1), now);
    const second = newChallenge('agt_bbbbbbb1', Buffer.alloc(32, 2), after(now, SECOND_MS));
    await inTransaction(app, async (tx) => store.put(tx, first));
    await store.noteFailure('agt_bbbbbbb1', 'code_missing', now);
    expect(await store.find('agt_bbbbbbb1')).toEqual({ ...first, lastError: 'code_missing' });
    await inTransaction(app, async (tx) => store.put(tx, second));
    expect(await store.find('agt_bbbbbbb1')).toEqual(second);
  });

  it('does not note on a challenge what was wrong before it came', async () => {
    const challenge = newChallenge('agt_bbbbbbb2', Buffer.alloc(32), now);
    await inTransaction(app, async (tx) => store.put(tx, challenge));
    await store.noteFailure('agt_bbbbbbb2', 'code_missing', before(now, SECOND_MS));
    expect((await store.find('agt_bbbbbbb2'))!.lastError).toBeNull();
  });
});
