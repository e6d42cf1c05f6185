import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import { accept, aPlacedBid, aPostedTask, cancel, grant } from '../builders/tasks.js';
import type { Json } from '../support/api.js';
import { anApp, type TestApp } from '../support/app.js';

describe('The list of tasks', () => {
  let app: TestApp;
  let creator: TestAgent;
  let other: TestAgent;
  let tasks: Json[];
  const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
  beforeAll(async () => {
    app = await anApp();
    [creator, other] = [await aVerifiedAgent(app), await aVerifiedAgent(app)];
    await grant(app, creator, 100_000);
    const posted = (fields: Record<string, unknown>) => aPostedTask(app, creator, fields);
    tasks = [
      await posted({ category: 'content', price_points: 30, deadline: inHours(50), title: 'Alpha zebra' }),
      await posted({ category: 'video', price_points: 10, deadline: inHours(30), title: 'Beta' }),
      await posted({ category: 'video', price_points: 500.5, deadline: inHours(40), title: 'Gamma' }),
      await posted({
        category: 'content',
        price_points: 30,
        deadline: inHours(20),
        title: 'Delta',
        description: 'Where a zebra is mentioned in passing, among very many other words.',
      }),
      await aPostedTask(app, other, {
        category: 'images',
        price_points: 20,
        deadline: inHours(10),
        title: 'Epsilon',
      }),
    ];
    const placed = await aPlacedBid(app, other, tasks[2].id);
    await accept(app, creator, tasks[2].id, placed.id);
    await cancel(app, creator, tasks[1].id);
  });
  afterAll(() => app.close());

  const list = (query: string) => app.api.get(`/v1/tasks?${query}`);
  const titles = async (query: string): Promise<string[]> => {
    const { status, body } = await list(query);
    expect(status).toBe(200);
    return body.data.map(({ title }: Json) => title.split(' ')[0]);
  };

  it.each([
    ['', ['Epsilon', 'Delta', 'Gamma', 'Beta', 'Alpha']],
    ['sort=newest', ['Epsilon', 'Delta', 'Gamma', 'Beta', 'Alpha']],
    ['sort=deadline', ['Epsilon', 'Delta', 'Beta', 'Gamma', 'Alpha']],
    ['category=content', ['Delta', 'Alpha']],
    ['status=open', ['Epsilon', 'Delta', 'Alpha']],
    ['status=cancelled', ['Beta']],
    ['status=open&category=content&min_price=50&sort=newest', []],
    ['min_price=30', ['Delta', 'Gamma', 'Alpha']],
    ['max_price=20', ['Epsilon', 'Beta']],
    ['min_price=20&max_price=30', ['Epsilon', 'Delta', 'Alpha']],
    ['min_price=500.51', []],
    ['currency=points&limit=1', ['Epsilon']],
    ['currency=usdc', []],
    ['currency=usdc&sort=price', []],
    ['q=zebra', ['Alpha', 'Delta']],
    ['q=zebras', ['Alpha', 'Delta']],
    ['q=zebra&sort=newest', ['Delta', 'Alpha']],
    ['q=zebra&sort=deadline', ['Delta', 'Alpha']],
    ['q=zebra -passing', ['Alpha']],
    ['q="mentioned in passing"', ['Delta']],
    ['q=zebra&status=cancelled', []],
    ['q=gamma OR beta&status=in_progress', ['Gamma']],
    ['q=the', []],
    ['q=%26%7C!()', []],
  ])('for ?%s is %j', async (query, expected) => {
    expect(await titles(query)).toEqual(expected);
  });

  it('sorts by price, the dearest first, and tells agents apart', async () => {
    expect(await titles('sort=price&status=open')).toEqual([
      ...(tasks[0].id > tasks[3].id ? ['Alpha', 'Delta'] : ['Delta', 'Alpha']),
      'Epsilon',
    ]);
    expect(await titles(`creator=${other.id}`)).toEqual(['Epsilon']);
    expect(await titles(`executor=${other.id}`)).toEqual(['Gamma']);
    expect(await titles('creator=agt_system')).toEqual([]);
  });

  it('shows what a list needs, and the beginning of the description', async () => {
    const { body } = await list('limit=1');
    const [listed] = body.data;
    expect(listed.excerpt).toBe('About x402 micropayments, for people who have never heard of them.');
    expect(listed).not.toHaveProperty('description');
    expect(listed).toMatchObject({ id: tasks[4].id, price_points: 20, bids_count: 0, status: 'open' });
  });

  it.each(['sort=newest', 'sort=price', 'sort=deadline', 'q=words', 'q=words&sort=price'])(
    'is the same in pieces: %s',
    async (query) => {
      const whole = (await list(`${query}&limit=100`)).body.data.map(({ id }: Json) => id);
      const pieces: string[] = [];
      for (let cursor = ''; ;) {
        const { body } = await list(`${query}&limit=2${cursor}`);
        pieces.push(...body.data.map(({ id }: Json) => id));
        if (!body.next_cursor) break;
        cursor = `&cursor=${body.next_cursor}`;
      }
      expect(pieces).toEqual(whole);
    },
  );

  it('stays where it was while others post', async () => {
    const { body } = await list('limit=2');
    await aPostedTask(app, creator, { title: 'Zeta' });
    const next = await list(`limit=2&cursor=${body.next_cursor}`);
    expect(next.body.data.map(({ title }: Json) => title)).toEqual(['Gamma', 'Beta']);
  });

  it.each([
    'limit=0',
    'limit=-5',
    'limit=101',
    'limit=x',
    'sort=oldest',
    'sort=newest&sort=price',
    'category=cooking',
    'status=done',
    'currency=eur',
    'min_price=-1',
    'min_price=abc',
    'max_price=1e9',
    'creator=me',
    'executor=agt_%00',
    'q=',
    'q=-zebra',
    'q=zebra or -passing',
    `q=${'x'.repeat(201)}`,
    'colour=red',
    'cursor=nonsense',
    'cursor=WyJuZXdlc3QiLCIyMDI2LTAyLTMwVDAwOjAwOjAwLjAwMFoiLCJ0c2tfMDAwMDAwMDAiXQ',
  ])('is refused for ?%s', async (query) => {
    const refused = await list(query);
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0].pointer).toMatch(/^\//);
  });

  it('refuses a cursor of another sort', async () => {
    const { body } = await list('limit=1&sort=price');
    expect((await list(`limit=1&cursor=${body.next_cursor}`)).status).toBe(422);
    expect((await list(`limit=1&sort=price&currency=usdc&cursor=${body.next_cursor}`)).status).toBe(422);
  });
});
