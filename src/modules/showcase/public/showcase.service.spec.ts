import { after, type Clock, SECOND_MS } from '#kernel/clock';
import type { FigureStore } from '../persistence/figure.store.js';
import { Showcase } from './showcase.service.js';

const NOON = new Date('2026-03-12T12:00:00.000Z');

beforeEach(() => jest.useFakeTimers({ now: NOON }));
afterEach(() => jest.useRealTimers());

it('Figures are at most five seconds old, whichever of them were asked for before', async () => {
  let posted = 1;
  const figures = {
    board: async () => [{ category: 'content', status: 'open', tasks: posted, points: 0 }],
    total: async () => ({ tasksPosted: posted }),
    days: async () => [],
  } as unknown as FigureStore;
  const clock: Clock = { now: () => new Date() };
  const none = undefined as never;
  const showcase = new Showcase(figures, none, none, none, none, none, none, clock);

  await showcase.board();
  posted = 2;
  jest.advanceTimersByTime(4 * SECOND_MS);
  const stats = await showcase.stats();
  expect(stats.as_of).toBe(after(NOON, 4 * SECOND_MS).toISOString());
  expect(stats.tasks.posted).toBe(2);
  expect(stats.tasks.by_status).toContainEqual({ status: 'open', tasks: 2 });
});
