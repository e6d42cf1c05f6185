import { readFileSync } from 'node:fs';
import type { OperatorRole } from '#kernel/caller';
import { aVerifiedAgent, anAgent, type TestAgent, verify } from '../builders/agents.js';
import { anOperator, type TestOperator } from '../builders/operators.js';
import type { Json } from '../support/api.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';

const ROLES: readonly OperatorRole[] = ['viewer', 'operator', 'admin'];
const reason = 'Told by the story';
const NOBODY = 'agt_00000000';

describe('Operators', () => {
  let app: TestApp;
  const operators = {} as Record<OperatorRole, TestOperator>;
  beforeAll(async () => {
    app = await anApp();
    for (const role of ROLES) operators[role] = await anOperator(app, role);
  });
  afterAll(() => app.close());

  const act = (path: string, body: object = {}, key = operators.admin.key) =>
    app.api.post(`/v1/admin/${path}`, { reason, ...body }, { key });
  const read = (path: string, key = operators.admin.key) => app.api.get(`/v1/admin/${path}`, { key });
  const auditOf = async (subject: string): Promise<Json[]> =>
    (await read(`audit?limit=100&subject=${subject}`)).body.data;

  describe('their roles', () => {
    it.each([
      ['GET', `agents/${NOBODY}`, 'viewer', {}, 404],
      ['GET', 'audit', 'viewer', {}, 200],
      ['GET', 'schedules', 'viewer', {}, 200],
      ['GET', 'schedules/retention/runs', 'viewer', {}, 200],
      ['GET', 'schedules/nothing/runs', 'viewer', {}, 404],
      ['GET', 'operator-keys', 'admin', {}, 200],
      ['POST', `agents/${NOBODY}/suspend`, 'operator', { reason }, 404],
      ['POST', `agents/${NOBODY}/reinstate`, 'operator', { reason }, 404],
      ['POST', 'schedules/nothing/run', 'operator', { reason }, 404],
      ['POST', 'economy/emission/preview', 'operator', { reason }, 200],
      ['POST', 'economy/decay/preview', 'operator', { reason }, 200],
      ['POST', 'ledger/verify', 'operator', { reason }, 200],
      ['POST', 'economy/emission/run', 'admin', { reason, day: 'never' }, 422],
      ['POST', 'economy/decay/run', 'admin', { reason, step: -1 }, 422],
      ['POST', 'ledger/rebuild-balances', 'admin', { reason }, 200],
      ['POST', 'points/adjust', 'admin', { reason, agent_id: NOBODY, amount: 1 }, 404],
      ['POST', 'operator-keys', 'admin', { reason, name: 'X', role: 'owner' }, 422],
      ['POST', 'operator-keys/opk_00000000/revoke', 'admin', { reason }, 404],
    ] as const)('%s %s needs %s', async (method, path, needed, body, status) => {
      for (const role of ROLES) {
        const options = { key: operators[role].key, ...(method === 'POST' && { body }) };
        const answer = await app.api.send(method, `/v1/admin/${path}`, options);
        if (ROLES.indexOf(role) >= ROLES.indexOf(needed)) {
          expect([role, answer.status]).toEqual([role, status]);
        } else {
          expect([role, answer.status]).toEqual([role, 403]);
          expect(answer.body).toMatchObject({ error: 'operator_role_required', required_role: needed });
        }
      }
    });

    it('open every route of operators, which no key of an agent does; and viewers act nowhere', async () => {
      const agent = await aVerifiedAgent(app);
      const { body: reference } = await app.api.get('/admin/openapi.json');
      const routes = operationsOf(reference);
      expect(routes.length).toBeGreaterThan(10);
      for (const [method, path] of routes) {
        for (const key of [undefined, '', agent.key, `opk_${'0'.repeat(64)}`, 'opk_']) {
          const refused = await app.api.send(method, path, { key, body: method === 'GET' ? undefined : {} });
          expect([method, path, key, refused.status]).toEqual([method, path, key, 401]);
          expect(refused.headers.get('content-type')).toContain('application/problem+json');
        }
        if (method === 'GET') continue;
        const refused = await app.api.send(method, path, { key: operators.viewer.key, body: {} });
        expect([method, path, refused.status]).toEqual([method, path, 403]);
      }
    });

    it.each(ROLES)('open nothing of agents: %s', async (role) => {
      const { key } = operators[role];
      for (const path of ['/v1/agents/me', '/v1/points/balance', '/v1/points/history'])
        expect((await app.api.get(path, { key })).status).toBe(401);
      expect((await app.api.patch('/v1/agents/me', { name: 'X' }, { key })).status).toBe(401);
      expect((await app.api.post('/v1/agents/me/rotate-key', undefined, { key })).status).toBe(401);
    });
  });

  describe('their keys', () => {
    it('open nothing by the address or in a body, where logs and forms would keep them', async () => {
      const { key } = operators.admin;
      const inAddress = await app.api.get(`/v1/admin/audit?access_token=${key}`);
      expect(inAddress.status).toBe(401);
      const body = { reason, access_token: key, name: 'Smuggled', role: 'viewer' };
      expect((await app.api.post('/v1/admin/operator-keys', body)).status).toBe(401);
      // Beside a good key, it is an unknown field like any other.
      const beside = await app.api.get(`/v1/admin/audit?access_token=${key}`, { key });
      expect(beside.status).toBe(422);
    });

    it('are shown once, and kept as a keyed hash', async () => {
      const made = await act('operator-keys', { name: 'Shown once', role: 'viewer' });
      expect(made.status).toBe(201);
      expect(made.body).toEqual({
        id: expect.stringMatching(/^opk_[0-9a-z]{8}$/),
        key: expect.stringMatching(new RegExp(`^${made.body.id}_[0-9a-f]{64}$`)),
      });
      const secret = made.body.key.slice(-64);
      const list = await read('operator-keys');
      expect(list.body.data).toContainEqual({
        id: made.body.id,
        name: 'Shown once',
        role: 'viewer',
        created_at: expect.stringMatching(/Z$/),
        revoked_at: null,
      });
      expect(list.text).not.toContain(secret);
      expect((await read('audit?limit=100')).text).not.toContain(secret);
      const [row] = await queryAs<{ row: string }>(
        app.database.ownerUrl,
        'SELECT k::text AS row FROM operator_keys k WHERE id = $1',
        [made.body.id],
      );
      expect(row!.row).not.toContain(secret);
      expect(row!.row).not.toContain(Buffer.from(secret).toString('hex'));
    });

    it('are made once for one Idempotency-Key, whose answer is kept sealed', async () => {
      const headers = { 'idempotency-key': 'make-a-key-once' };
      const make = (name: string) =>
        app.api.post(
          '/v1/admin/operator-keys',
          { name, role: 'viewer', reason },
          { key: operators.admin.key, headers },
        );
      const first = await make('Once');
      const again = await make('Once');
      expect(again.status).toBe(201);
      expect(again.text).toBe(first.text);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect((await make('Another')).body.error).toBe('idempotency_key_reused');
      expect(await auditOf(first.body.id)).toHaveLength(1);
      const rows = await queryAs<{ row: string; answer: string | null; sealed: Buffer }>(
        app.database.ownerUrl,
        'SELECT k::text AS row, answer, sealed FROM idempotency_keys k WHERE caller = $1 AND sealed IS NOT NULL',
        [operators.admin.id],
      );
      expect(rows).toHaveLength(1);
      expect(rows[0]!.answer).toBeNull();
      expect(rows[0]!.sealed.includes(first.body.key.slice(-64))).toBe(false);
      expect(rows[0]!.row).not.toContain('make-a-key-once');
    });

    it('are each their own: the same Idempotency-Key of two operators is two deeds', async () => {
      const headers = { 'idempotency-key': 'shared-by-two' };
      const body = { name: 'Twin', role: 'viewer', reason };
      const [one, other] = await Promise.all(
        [operators.admin.key, OPERATOR_KEY].map((key) =>
          app.api.post('/v1/admin/operator-keys', body, { key, headers }),
        ),
      );
      expect([one!.status, other!.status]).toEqual([201, 201]);
      expect(one!.body.id).not.toBe(other!.body.id);
    });

    it('stop opening anything at the moment they are revoked, the answers of their deeds included', async () => {
      const short = await anOperator(app, 'admin', 'Short');
      const headers = { 'idempotency-key': 'before-the-end' };
      const make = () =>
        app.api.post(
          '/v1/admin/operator-keys',
          { name: 'Y', role: 'viewer', reason },
          { key: short.key, headers },
        );
      expect((await make()).status).toBe(201);
      const revoked = await act(`operator-keys/${short.id}/revoke`);
      expect(revoked.status).toBe(200);
      expect(revoked.body).toMatchObject({ id: short.id, role: 'admin', name: 'Short' });
      expect(revoked.body.revoked_at).not.toBeNull();
      expect((await read('schedules', short.key)).status).toBe(401);
      expect((await make()).status).toBe(401);
      const twice = await act(`operator-keys/${short.id}/revoke`);
      expect([twice.status, twice.body.error]).toEqual([409, 'operator_key_revoked']);
      expect((await auditOf(short.id)).map(({ act: what }) => what)).toEqual([
        'operator_key.revoke',
        'operator_key.create',
      ]);
    });

    it('are revoked by exactly one of eight who do so at the same moment', async () => {
      const raced = await anOperator(app, 'viewer', 'Raced');
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => act(`operator-keys/${raced.id}/revoke`)),
      );
      expect(statusesOf(answers)).toEqual([200, ...Array(7).fill(409)]);
      expect(await auditOf(raced.id)).toHaveLength(2);
    });

    it('may revoke themselves, and then do nothing more', async () => {
      const last = await anOperator(app, 'admin', 'Last act');
      expect((await act(`operator-keys/${last.id}/revoke`, {}, last.key)).status).toBe(200);
      expect((await read('operator-keys', last.key)).status).toBe(401);
    });

    it.each([
      ['no name', { name: '' }, '/name'],
      ['a name of 101 characters', { name: 'x'.repeat(101) }, '/name'],
      ['a name of 100 hearts, which are 200', { name: '❤️'.repeat(100) }, '/name'],
      ['a reason of 500 hearts', { reason: '❤️'.repeat(500) }, '/reason'],
      ['a name that is a number', { name: 7 }, '/name'],
      ['a role that is none', { role: 'root' }, '/role'],
      ['no role', { role: undefined }, '/role'],
      ['a list of roles', { role: ['admin'] }, '/role'],
      ['an id of the caller', { id: 'opk_aaaaaaaa' }, '/id'],
    ])('are not made with %s', async (_, wrong, pointer) => {
      const keysBefore = (await read('operator-keys')).text;
      const refused = await act('operator-keys', { name: 'Night shift', role: 'viewer', ...wrong });
      expect(refused.status).toBe(422);
      expect(new Set(refused.body.errors.map((error: Json) => error.pointer))).toEqual(new Set([pointer]));
      expect((await read('operator-keys')).text).toBe(keysBefore);
    });
  });

  describe('suspend an agent,', () => {
    const suspend = ({ id }: TestAgent) => act(`agents/${id}/suspend`, {}, operators.operator.key);
    const reinstate = ({ id }: TestAgent) => act(`agents/${id}/reinstate`, {}, operators.operator.key);
    const mayReceive = async ({ id }: TestAgent): Promise<boolean> => {
      const [row] = await queryAs<{ may_receive: boolean }>(
        app.database.ownerUrl,
        `SELECT may_receive FROM accounts WHERE id = $1`,
        [id],
      );
      return row!.may_receive;
    };
    const isListed = async ({ id, handle }: TestAgent): Promise<boolean> =>
      (await app.api.get(`/v1/agents?q=${handle}`)).body.data.some((found: Json) => found.id === id);

    it('who then reads and does not write, is not listed and receives nothing', async () => {
      const [agent, payer] = [await aVerifiedAgent(app), await aVerifiedAgent(app)];
      expect([await mayReceive(agent), await isListed(agent)]).toEqual([true, true]);
      const suspended = await suspend(agent);
      expect(suspended.status).toBe(200);
      expect(suspended.body).toMatchObject({ id: agent.id, status: 'suspended' });

      const me = await app.api.get('/v1/agents/me', { key: agent.key });
      expect([me.status, me.body.status]).toEqual([200, 'suspended']);
      expect((await app.api.get('/v1/points/history', { key: agent.key })).status).toBe(200);
      const transfer = { to_agent_id: payer.id, amount: 1 };
      for (const refused of [
        await app.api.patch('/v1/agents/me', { name: 'Renamed' }, { key: agent.key }),
        await app.api.post('/v1/points/transfer', transfer, { key: agent.key }),
      ])
        expect([refused.status, refused.body.error]).toEqual([403, 'agent_suspended']);

      expect([await mayReceive(agent), await isListed(agent)]).toEqual([false, false]);
      const paid = await app.api.post(
        '/v1/points/transfer',
        { to_agent_id: agent.id, amount: 1 },
        { key: payer.key },
      );
      expect(paid.status).toBe(409);
      const balances = [agent, payer].map(async ({ id }) => (await read(`agents/${id}`)).body.balance_points);
      expect(await Promise.all(balances)).toEqual([110, 110]);
      expect((await app.api.get('/v1/agents/me', { key: agent.key })).body.name).toBe('Test agent');
    });

    it.each(['verified', 'unverified'])('and give back what it was: %s', async (status) => {
      const agent = status === 'verified' ? await aVerifiedAgent(app) : await anAgent(app);
      await suspend(agent);
      const back = await reinstate(agent);
      expect([back.status, back.body.status]).toEqual([200, status]);
      expect([await mayReceive(agent), await isListed(agent)]).toEqual([true, true]);
      const written = await app.api.patch('/v1/agents/me', { name: 'Back' }, { key: agent.key });
      expect(written.status).toBe(200);
    });

    it('which verification does not end, but is verified for when it ends', async () => {
      const agent = await anAgent(app);
      await suspend(agent);
      await verify(app, agent);
      expect((await read(`agents/${agent.id}`)).body.status).toBe('suspended');
      expect((await reinstate(agent)).body.status).toBe('verified');
    });

    it('once: a second time is a conflict, either way, and leaves no entry', async () => {
      const agent = await anAgent(app);
      const early = await reinstate(agent);
      expect([early.status, early.body.error]).toEqual([409, 'not_suspended']);
      await suspend(agent);
      const twice = await suspend(agent);
      expect([twice.status, twice.body.error]).toEqual([409, 'already_suspended']);
      await reinstate(agent);
      expect((await reinstate(agent)).status).toBe(409);
      expect((await auditOf(agent.id)).map((entry) => entry.act)).toEqual([
        'agent.reinstate',
        'agent.suspend',
      ]);
    });

    it('one of eight who try at the same moment', async () => {
      const agent = await anAgent(app);
      for (const deed of [suspend, reinstate]) {
        const answers = await Promise.all(Array.from({ length: 8 }, () => deed(agent)));
        expect(statusesOf(answers)).toEqual([200, ...Array(7).fill(409)]);
      }
      expect(await auditOf(agent.id)).toHaveLength(2);
    });

    it('as often as they ask with one Idempotency-Key: once', async () => {
      const agent = await anAgent(app);
      const headers = { 'idempotency-key': `suspend-${agent.id}` };
      const path = `/v1/admin/agents/${agent.id}/suspend`;
      const ask = () => app.api.post(path, { reason }, { key: operators.operator.key, headers });
      const first = await ask();
      const again = await ask();
      expect([first.status, again.status]).toEqual([200, 200]);
      expect(again.text).toBe(first.text);
      expect(await auditOf(agent.id)).toHaveLength(1);
    });

    it('but not the platform', async () => {
      const refused = await act('agents/agt_system/suspend');
      expect([refused.status, refused.body.error]).toEqual([409, 'system_agent_protected']);
      expect(await auditOf('agt_system')).toEqual([]);
    });
  });

  describe('and everybody else may name the platform', () => {
    /** Every operation that takes the id of an agent, and what it answers to that of the platform. */
    const ANSWERS: Readonly<Record<string, [status: number, body?: object]>> = {
      'GET /v1/agents/{agent_id}': [200],
      'GET /v1/agents/{agent_id}/reputation': [200],
      'GET /v1/agents/{agent_id}/validation-accuracy': [200],
      'GET /v1/tasks?creator': [200],
      'GET /v1/tasks?executor': [200],
      'POST /v1/points/transfer': [201, { to_agent_id: 'agt_system', amount: 1 }],
      'POST /v1/sandbox/points/grant': [409, { agent_id: 'agt_system', amount: 1 }],
      'POST /v1/sandbox/reputation': [200, { agent_id: 'agt_system', score: 0 }],
      'GET /v1/admin/agents/{agent_id}': [200],
      'POST /v1/admin/agents/{agent_id}/suspend': [409, { reason }],
      'POST /v1/admin/agents/{agent_id}/reinstate': [409, { reason }],
      'POST /v1/admin/points/adjust': [409, { agent_id: 'agt_system', amount: 1, reason }],
      'GET /v1/admin/audit?subject': [200],
    };

    it('wherever an operation takes the id of an agent, and never breaks it', async () => {
      const agent = await aVerifiedAgent(app);
      // The committed references: only the build knows the members of bodies and queries.
      const references = ['openapi.json', 'openapi.admin.json'].map((file) =>
        JSON.parse(readFileSync(file, 'utf8')),
      );
      expect(new Set(references.flatMap(takingAgents))).toEqual(new Set(Object.keys(ANSWERS)));
      for (const [operation, [status, body]] of Object.entries(ANSWERS)) {
        const [method, target] = operation.split(' ') as [string, string];
        const path = target.includes('?')
          ? `${target}=agt_system`
          : target.replace('{agent_id}', 'agt_system');
        const key = path.startsWith('/v1/admin') ? operators.admin.key : agent.key;
        const answer = await app.api.send(method, path, { key, body });
        expect([operation, answer.status]).toEqual([operation, status]);
      }
    });

    it('whose balances are nothing that could be shown', async () => {
      expect((await read('agents/agt_system')).body).toMatchObject({
        id: 'agt_system',
        balance_points: null,
        balance_usdc: null,
      });
      expect((await app.api.get('/v1/agents/agt_system')).body.balance_points).toBeNull();
      const page = await app.api.get('/agents/agt_system', { headers: { accept: 'text/html' } });
      expect([page.status, page.text.includes('UpMoltWork Platform')]).toEqual([200, true]);
    });
  });

  describe('their log', () => {
    it('has who, what, on whom and why of every act', async () => {
      const agent = await anAgent(app);
      const why = 'Because 🦞 said so';
      const deeds: [string, object, string, string, object][] = [
        [`agents/${agent.id}/suspend`, {}, 'agent.suspend', agent.id, {}],
        [`agents/${agent.id}/reinstate`, {}, 'agent.reinstate', agent.id, {}],
        ['points/adjust', { agent_id: agent.id, amount: 2.5 }, 'points.adjust', agent.id, { amount: 2.5 }],
        ['ledger/verify', {}, 'ledger.verify', 'ledger', { full: false }],
        ['ledger/rebuild-balances', {}, 'ledger.rebuild_balances', 'ledger', { dry_run: true }],
        ['economy/emission/preview', { day: '2026-03-12' }, 'economy.emission_preview', '2026-03-12', {}],
        ['economy/decay/preview', { step: 1 }, 'economy.decay_preview', '1', {}],
        ['schedules/retention/run', {}, 'schedule.run', 'retention', {}],
      ];
      for (const [path, body, name, subject, details] of deeds) {
        const answer = await act(path, { ...body, reason: why });
        expect([path, Math.floor(answer.status / 100)]).toEqual([path, 2]);
        const [entry] = (await read('audit?limit=1')).body.data;
        expect(entry).toEqual({
          at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
          operator_id: operators.admin.id,
          operator_name: operators.admin.name,
          act: name,
          subject,
          reason: why,
          details,
        });
      }
    });

    it.each([
      ['points/adjust', { agent_id: 'agt_system', amount: 1 }, 'issuer_has_no_balance'],
      ['points/adjust', { agent_id: NOBODY, amount: 1 }, 'account_not_found'],
      ['agents/agt_system/suspend', {}, 'system_agent_protected'],
      ['agents/agt_system/reinstate', {}, 'not_suspended'],
      ['schedules/nothing/run', {}, 'schedule_not_found'],
      ['economy/emission/run', { day: '2020-01-01' }, 'day_not_payable'],
      ['economy/decay/run', { step: 9_999 }, 'step_not_due'],
      ['system/run', { kind: 'nothing' }, 'catalogue_kind_not_found'],
      ['system/preview', { kind: 'nothing' }, 'catalogue_kind_not_found'],
      ['operator-keys/opk_00000000/revoke', {}, 'operator_key_not_found'],
      ['submissions/sub_00000000/decide', { approved: true }, 'judgement_not_found'],
      ['disputes/dsp_00000000/decide', { outcome: 'won' }, 'dispute_not_found'],
      ['gold', { submission_id: 'sub_00000000', approved: true }, 'judgement_not_found'],
    ])('says nothing of what was refused: %s of %j', async (path, body, error) => {
      const newest = async () => (await read('audit?limit=1')).body.data;
      const before = await newest();
      const refused = await act(path, body);
      expect(refused.body.error).toBe(error);
      expect(await newest()).toEqual(before);
    });

    it.each([
      ['none', undefined],
      ['null', null],
      ['an empty one', ''],
      ['one of four', 'four'],
      ['one of 501', 'x'.repeat(501)],
      ['a number', 12_345],
      ['a list', ['a reason']],
    ])('needs a reason of 5 to 500 characters, not %s', async (_, wrong) => {
      const agent = await anAgent(app);
      for (const [path, body] of [
        [`agents/${agent.id}/suspend`, {}],
        ['operator-keys', { name: 'No reason', role: 'viewer' }],
        ['schedules/retention/run', {}],
        ['ledger/verify', {}],
      ] as const) {
        const refused = await act(path, { ...body, reason: wrong });
        expect([path, refused.status]).toEqual([path, 422]);
        expect(refused.body.errors[0]).toMatchObject({ in: 'body', pointer: '/reason' });
      }
      expect((await read(`agents/${agent.id}`)).body.status).toBe('unverified');
      expect((await read('operator-keys')).text).not.toContain('No reason');
    });

    it.each([
      ['five characters', 'fives'],
      ['500 characters', 'x'.repeat(500)],
      ['500 characters of four bytes each', '🦞'.repeat(500)],
    ])('takes a reason of %s', async (_, edge) => {
      const agent = await anAgent(app);
      expect((await act(`agents/${agent.id}/suspend`, { reason: edge })).status).toBe(200);
      expect((await auditOf(agent.id))[0].reason).toBe(edge);
    });

    it('is read page by page, newest first, each entry once, whatever is written meanwhile', async () => {
      const agents = await Promise.all(Array.from({ length: 7 }, () => anAgent(app)));
      for (const { id } of agents) await act(`agents/${id}/suspend`, {}, operators.operator.key);
      const query = `audit?limit=3&act=agent.suspend&operator=${operators.operator.id}`;
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: Json = await read(`${query}${cursor && `&cursor=${cursor}`}`);
        expect(page.status).toBe(200);
        expect(page.body.data.length).toBeLessThanOrEqual(3);
        seen.push(...page.body.data.map((entry: Json) => entry.subject));
        cursor = page.body.next_cursor;
        await act(`agents/${(await anAgent(app)).id}/suspend`, {}, operators.operator.key);
      }
      expect(seen.slice(0, 7)).toEqual(agents.map(({ id }) => id).toReversed());
      expect(new Set(seen).size).toBe(seen.length);
    });

    it('is filtered by subject, operator and act, together too', async () => {
      const agent = await anAgent(app);
      await act(`agents/${agent.id}/suspend`, {}, operators.operator.key);
      await act(`agents/${agent.id}/reinstate`, {}, operators.admin.key);
      const actsBy = async (query: string): Promise<string[]> =>
        (await read(`audit?limit=100&${query}`)).body.data.map((entry: Json) => entry.act);
      const subject = `subject=${agent.id}`;
      expect(await actsBy(subject)).toEqual(['agent.reinstate', 'agent.suspend']);
      expect(await actsBy(`${subject}&operator=${operators.operator.id}`)).toEqual(['agent.suspend']);
      expect(await actsBy(`${subject}&act=agent.reinstate`)).toEqual(['agent.reinstate']);
      expect(await actsBy(`${subject}&act=agent.reinstate&operator=${operators.operator.id}`)).toEqual([]);
      expect(new Set(await actsBy('act=agent.suspend'))).toEqual(new Set(['agent.suspend']));
    });

    it.each(['limit=0', 'limit=101', 'limit=x', 'cursor=x', 'cursor=WyJuZXdlc3QiLCJ4Il0', 'colour=red'])(
      'refuses %s',
      async (query) => {
        const refused = await read(`audit?${query}`);
        expect(refused.status).toBe(422);
        expect(refused.body.errors[0].in).toBe('query');
      },
    );

    it.each(['ownerUrl', 'superuserUrl', 'url'] as const)('cannot be rewritten: %s', async (role) => {
      for (const sql of [
        `UPDATE audit_log SET reason = 'Nothing happened'`,
        `UPDATE audit_log SET reason = 'Nothing happened' WHERE false`,
        'DELETE FROM audit_log',
        'TRUNCATE audit_log',
      ])
        await expect(queryAs(app.database[role], sql)).rejects.toMatchObject({ code: '42501' });
      expect((await read('audit')).body.data.length).toBeGreaterThan(0);
    });
  });

  describe('their schedules', () => {
    it('are listed, and run when asked, due or not', async () => {
      const listed = await read('schedules', operators.viewer.key);
      const names = listed.body.data.map(({ name }: Json) => name);
      expect(names).toEqual(expect.arrayContaining(['retention']));
      expect(names).toEqual(names.toSorted());
      const before = Date.now();
      const run = await act('schedules/retention/run', {}, operators.operator.key);
      expect(run.status).toBe(200);
      const retention = run.body.data.find(({ name }: Json) => name === 'retention');
      expect(retention).toMatchObject({ last_outcome: 'done', last_error: null });
      expect(Date.parse(retention.last_started_at)).toBeGreaterThanOrEqual(before);
      expect((await read('schedules')).body).toEqual(run.body);
    });

    it('tell when each is due next, and page through the runs of a week', async () => {
      for (let times = 0; times < 2; times++) await act('schedules/retention/run');
      const { body } = await read('schedules');
      const { next_run_at } = body.data.find(({ name }: Json) => name === 'retention');
      expect(Date.parse(next_run_at)).toBeGreaterThan(Date.now());
      const newest = await read('schedules/retention/runs?limit=1');
      expect(newest.status).toBe(200);
      const [last] = newest.body.data;
      expect(last).toMatchObject({ cause: 'operator', attempt: 1, outcome: 'done', error: null });
      expect(last.duration_ms).toBeGreaterThanOrEqual(0);
      let counted = last.runs;
      let cursor = newest.body.next_cursor;
      while (cursor) {
        const page = await read(`schedules/retention/runs?limit=1&cursor=${cursor}`);
        counted += page.body.data[0].runs;
        cursor = page.body.next_cursor;
      }
      const [{ runs }] = (await queryAs<{ runs: number }>(
        app.database.superuserUrl,
        `SELECT sum(runs)::int AS runs FROM schedule_runs WHERE name = 'retention'`,
      )) as [{ runs: number }];
      expect(counted).toBe(runs);
      expect((await read('schedules/retention/runs?cursor=nonsense')).status).toBe(422);
    });

    it('do not include what there is not', async () => {
      const refused = await act('schedules/rent/run');
      expect([refused.status, refused.body.error, refused.body.schedule]).toEqual([
        404,
        'schedule_not_found',
        'rent',
      ]);
    });
  });
});

const statusesOf = (answers: readonly { status: number }[]): number[] =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);

function operationsOf(reference: Json): [method: string, path: string][] {
  return Object.entries<object>(reference.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method): [string, string] => [
      method.toUpperCase(),
      path.replaceAll(/\{\w+\}/g, NOBODY),
    ]),
  );
}

const NAMES_AN_AGENT = new Set(['agent_id', 'to_agent_id', 'creator', 'executor', 'subject']);

/** `POST /v1/points/transfer`, `GET /v1/tasks?creator`: every way in which a reference lets a caller name an agent. */
function takingAgents(reference: Json): string[] {
  const schemaOf = ({ $ref, ...inline }: Json): Json =>
    $ref ? reference.components.schemas[$ref.split('/').at(-1)] : inline;
  return Object.entries<Json>(reference.paths).flatMap(([path, operations]) =>
    Object.entries<Json>(operations).flatMap(([method, { parameters = [], requestBody }]) => {
      const operation = `${method.toUpperCase()} ${path}`;
      const body = requestBody ? schemaOf(requestBody.content['application/json'].schema) : {};
      const fields = Object.keys(body.properties ?? {});
      return [
        ...(fields.some((name) => NAMES_AN_AGENT.has(name)) ? [operation] : []),
        ...parameters
          .filter(({ name }: Json) => NAMES_AN_AGENT.has(name))
          .map((parameter: Json) =>
            parameter.in === 'query' ? `${operation}?${parameter.name}` : operation,
          ),
      ];
    }),
  );
}
