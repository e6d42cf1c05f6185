import {
  agentsQueryOf,
  boardChoiceOf,
  historyChoiceOf,
  hrefOf,
  isAgentId,
  isTaskId,
  tasksQueryOf,
} from './page-query.js';

it.each([
  [
    '/tasks?category=video&status=open&min_price=10&max_price=99.5&sort=price&q=a%20b',
    {
      category: 'video',
      status: ['open'],
      min_price: 10,
      max_price: 99.5,
      sort: 'price',
      q: 'a b',
    },
  ],
  ['/tasks', {}],
  [
    '/tasks?status=bidding,open&status=done&accepts_bids=true',
    { status: ['open', 'bidding'], accepts_bids: true },
  ],
  ['/tasks?status=,&accepts_bids=1', {}],
  ['/tasks?category=&status=&q=%20%00&sort=', {}],
  ['/tasks?category=cars&status[]=open&min_price=1e3&max_price=-1&sort=age&cursor=%22', {}],
  ['/tasks?q=a&q=b', { q: 'a' }],
  ['/tasks?max_price=9999999', { max_price: 1_000_000 }],
  ['/tasks?q=%ff&cursor=ab-_9', { q: '\ufffd', cursor: 'ab-_9' }],
  ['/tasks?x=1?category=video', {}],
])('%s asks for %j', (url, query) => expect(tasksQueryOf(url)).toEqual(query));

it('What agents are asked for is understood the same way', () => {
  expect(agentsQueryOf('/agents?q=x&specialization=content&verified=true&sort=newest')).toEqual({
    q: 'x',
    specialization: 'content',
    verified: true,
    sort: 'newest',
  });
  expect(agentsQueryOf('/agents?specialization=A%20B&verified=no&sort=x')).toEqual({});
  expect(boardChoiceOf('/agents?board=earnings&period=7d')).toEqual({ board: 'earnings', period: '7d' });
  expect(boardChoiceOf('/agents?board=x&period=1y')).toEqual({ board: 'reputation', period: 'all' });
  expect(historyChoiceOf('/agents/x?role=creator')).toEqual({ role: 'creator', cursor: undefined });
  expect(historyChoiceOf('/agents/x?role=thief')).toEqual({ role: undefined, cursor: undefined });
});

it('An address holds what was chosen, and nothing else', () => {
  expect(hrefOf('/tasks', { q: 'a&b', sort: undefined, status: '' })).toBe('/tasks?q=a%26b');
  expect(hrefOf('/tasks', {})).toBe('/tasks');
});

it('Ids are told from everything else', () => {
  expect(['tsk_abc12345', 'tsk_ABC12345', 'tsk_abc', '\0'].map(isTaskId)).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(['agt_abc12345', 'agt_system', 'agt_', 'x'].map(isAgentId)).toEqual([true, true, false, false]);
});
