import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import { accept, aPlacedBid, aPostedTask, cancel, grant, withdraw } from '../builders/tasks.js';
import type { Json } from '../support/api.js';
import { anApp, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';

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
    ['status=open,cancelled', ['Epsilon', 'Delta', 'Beta', 'Alpha']],
    ['status=in_progress&status=cancelled', ['Gamma', 'Beta']],
    ['status=open,open&sort=deadline', ['Epsilon', 'Delta', 'Alpha']],
    ['status=in_progress,cancelled,completed&category=video&sort=price', ['Gamma', 'Beta']],
    ['status=open,cancelled&q=zebra', ['Alpha', 'Delta']],
    ['status=open,cancelled&min_price=20&max_price=30&limit=2', ['Epsilon', 'Delta']],
    ['accepts_bids=true', ['Epsilon', 'Delta', 'Alpha']],
    ['accepts_bids=true&sort=deadline', ['Epsilon', 'Delta', 'Alpha']],
    ['accepts_bids=true&category=content&max_price=30&sort=newest', ['Delta', 'Alpha']],
    ['accepts_bids=true&q=zebra', ['Alpha', 'Delta']],
    ['accepts_bids=true&q=zebra&sort=newest', ['Delta', 'Alpha']],
    ['accepts_bids=true&status=bidding,cancelled', []],
    ['accepts_bids=true&status=open,cancelled', ['Epsilon', 'Delta', 'Alpha']],
    ['accepts_bids=true&status=completed', []],
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
    ['q=zeb', ['Alpha', 'Delta']],
    ['q=mention zeb', ['Delta']],
    ['q=ze', []],
    ['q=gamma OR ep&status=in_progress', ['Gamma']],
    ['q=nowhere or epsi', ['Epsilon']],
    ['q=gamma or epsi', ['Gamma']],
    ['q=micropay&sort=newest', ['Epsilon', 'Gamma', 'Beta', 'Alpha']],
    ['q="zeb"', []],
    ['q=zeb -pass', []],
    ['q=zeb%27 | !zeb:*', []],
    ['q=zeb:*', []],
    ['q=zebra the', ['Alpha', 'Delta']],
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

  it.each([
    'sort=newest',
    'sort=price',
    'sort=deadline',
    'q=words',
    'q=words&sort=price',
    'q=wor',
    'status=open,in_progress,cancelled',
    'status=open,in_progress,cancelled&sort=price',
    'status=open,in_progress,cancelled&sort=deadline',
    'accepts_bids=true',
    'accepts_bids=true&sort=price',
    'accepts_bids=true&sort=deadline',
    'accepts_bids=true&q=words',
  ])('is the same in pieces: %s', async (query) => {
    const whole = (await list(`${query}&limit=100`)).body.data.map(({ id }: Json) => id);
    const pieces: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await list(`${query}&limit=2${cursor}`);
      pieces.push(...body.data.map(({ id }: Json) => id));
      if (!body.next_cursor) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(pieces).toEqual(whole);
  });

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
    'status=open,done',
    'status=',
    'status=open,',
    'accepts_bids=false',
    'accepts_bids=',
    'accepts_bids=true&accepts_bids=true',
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

  it('takes bids while a place is free, and until the deadline', async () => {
    const task = await aPostedTask(app, creator, { title: 'Eta', max_bids: 1, deadline: inHours(5) });
    const accepting = async () => (await titles('accepts_bids=true')).includes('Eta');
    expect(await accepting()).toBe(true);
    const placed = await aPlacedBid(app, other, task.id);
    expect(await accepting()).toBe(false);
    expect(await titles('status=bidding')).toEqual(['Eta']);
    await withdraw(app, other, task.id, placed.id);
    expect(await accepting()).toBe(true);
    // As it stands between the deadline and the moment at which it is closed.
    await queryAs(
      app.database.ownerUrl,
      `UPDATE tasks SET deadline = now() - interval '1 second' WHERE id = $1`,
      [task.id],
    );
    expect(await accepting()).toBe(false);
  });

  it('refuses a cursor of another sort', async () => {
    const { body } = await list('limit=1&sort=price');
    expect((await list(`limit=1&cursor=${body.next_cursor}`)).status).toBe(422);
    expect((await list(`limit=1&sort=price&currency=usdc&cursor=${body.next_cursor}`)).status).toBe(422);
  });
});
