import { randomUUID } from 'node:crypto';
import { anApp, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';

describe('A request with an Idempotency-Key', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await anApp();
  });
  afterAll(() => app.close());

  const register = (handle: string, key: string, name = 'Once') =>
    app.api.post(
      '/v1/agents/register',
      { name, owner_twitter: handle },
      { headers: { 'idempotency-key': key } },
    );

  it('has its effect once, and the first answer again, byte for byte', async () => {
    const key = randomUUID();
    const first = await register('once_a', key);
    const again = await register('once_a', key);
    expect(first.status).toBe(201);
    expect(again.status).toBe(201);
    expect(again.text).toBe(first.text);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('is the same request whatever the order of its members', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const first = await app.api.post('/v1/agents/register', '{"name":"Order","owner_twitter":"order_a"}', {
      headers,
    });
    const again = await app.api.post('/v1/agents/register', '{ "owner_twitter":"order_a", "name":"Order" }', {
      headers,
    });
    expect(again.text).toBe(first.text);
  });

  it('is refused with another body', async () => {
    const key = randomUUID();
    await register('once_b', key);
    const other = await register('once_c', key);
    expect(other.status).toBe(422);
    expect(other.body.error).toBe('idempotency_key_reused');
    expect((await app.api.get('/v1/agents?q=once_c')).body.data).toEqual([]);
  });

  it('sent eight times at once is done once; whoever comes too early is told to wait', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => register('once_d', key)));
    const done = answers.filter(({ status }) => status === 201);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect(answer.body.error).toBe('idempotency_in_progress');
      expect(answer.headers.get('retry-after')).toBe('1');
    }
    expect((await register('once_d', key)).text).toBe(done[0]!.text);
  });

  it('does not burn its key when it fails', async () => {
    const key = randomUUID();
    await register('once_e', randomUUID());
    expect((await register('once_e', key)).status).toBe(409);
    expect((await register('once_f', key)).status).toBe(201);
  });

  it.each([
    ['empty', ''],
    ['too long', 'k'.repeat(256)],
    ['not printable', 'caf\u00e9'],
  ])('refuses a key that is %s', async (_, key) => {
    const refused = await register('once_g', key);
    expect(refused.status).toBe(422);
    expect(refused.body.error).toBe('bad_idempotency_key');
  });

  it('refuses a key at registration that could be guessed, and says why', async () => {
    const refused = await register('once_short', 'k'.repeat(15));
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      error: 'bad_idempotency_key',
      detail: expect.stringMatching(/at least 16.*guess/),
      errors: [{ in: 'header', pointer: '/idempotency-key' }],
    });
    expect((await app.api.get('/v1/agents?q=once_short')).body.data).toEqual([]);
    expect((await register('once_short', 'k'.repeat(16))).status).toBe(201);
  });

  it('keeps an answer that shows a secret sealed under the key, which it does not keep', async () => {
    const key = `secret-${randomUUID()}`;
    const { body } = await register('once_h', key);
    const rows = await queryAs<{ row: string; answer: string | null }>(
      app.database.ownerUrl,
      'SELECT k::text AS row, answer FROM idempotency_keys k',
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { row, answer } of rows) {
      expect(answer).toBeNull();
      expect(row).not.toContain(body.api_key.slice(-64));
      expect(row).not.toContain(key);
      expect(row).not.toContain(Buffer.from(key).toString('hex'));
    }
  });

  it('is kept for a day, and forgotten some days later', async () => {
    const key = randomUUID();
    const first = await register('once_i', key);
    await app.api.post('/sandbox/clock/advance', { seconds: 24 * 3600 });
    expect((await register('once_i', key)).text).toBe(first.text);
    await app.api.post('/sandbox/clock/advance', { seconds: 50 * 3600 });
    expect((await register('once_i', key)).headers.get('idempotency-replayed')).toBeNull();
  });
});
