import * as fc from 'fast-check';
import { after, DAY_MS, HOUR_MS } from '#kernel/clock';
import { DomainError } from '#kernel/errors/domain-error';
import { type TaskDraft, isClosed, type Task, type TaskStatus } from '#modules/tasks';
import { isOpen } from '#modules/validation';
import { AGENTS, openedBooks } from '../../scripts/prove/market/cast.js';
import { Court } from '../../scripts/prove/market/court.js';
import { checkLaws } from '../../scripts/prove/market/laws.js';
import { liveOnce, type Life } from '../../scripts/prove/market/life.js';
import { Market } from '../../scripts/prove/market/market.js';

/** A thousandth of `npm run prove:market`. */
describe('The rules of the board, lived', () => {
  const lives: Life[] = [];
  const ends = (status: keyof Life['ends']): number =>
    lives.reduce((sum, life) => sum + (life.ends[status] ?? 0), 0);

  it('conserve money, keep escrows exact and end what nobody judges, in a hundred lives', () => {
    for (let seed = 0; seed < 100; seed++) lives.push(liveOnce(seed, 100));
    const broken = lives.flatMap(({ violation }, seed) =>
      violation === undefined ? [] : [{ seed, violation }],
    );
    expect(broken).toEqual([]);
  });

  it('are lives in which things happen', () => {
    for (const status of ['completed', 'cancelled', 'submitted', 'validating', 'disputed'] as const)
      expect(ends(status)).toBeGreaterThan(0);
  });

  it('are the same whenever they are lived again', () => {
    const told = (): string[] => {
      const lines: string[] = [];
      liveOnce(4711, 100, (line) => lines.push(line));
      return lines;
    };
    const first = told();
    expect(first).toHaveLength(100);
    expect(told()).toEqual(first);
  });
});

/** The cast, and others who only judge; all but the first two may sit in panels of five. */
const JUDGES = [...AGENTS, ...Array.from({ length: 9 }, (_, n) => `agt_judge00${n}`)];

describe('However things stand', () => {
  interface Step {
    act: (typeof ACTS)[number];
    task: number;
    agent: number;
    yes: boolean;
  }
  const ACTS = [
    ...([
      'post',
      'bid',
      'bid',
      'accept',
      'accept',
      'submit',
      'submit',
      'vote',
      'vote',
      'vote',
      'vote',
    ] as const),
    ...(['cancel', 'stop', 'dispute', 'dispute', 'decide', 'suspend', 'reinstate', 'hour', 'days'] as const),
  ];
  const steps = fc.array(
    fc.record<Step>({
      act: fc.constantFrom(...ACTS),
      task: fc.nat(3),
      agent: fc.nat(JUDGES.length - 1),
      yes: fc.boolean(),
    }),
    { minLength: 40, maxLength: 120, size: 'max' },
  );

  function take({ market, court }: World, { act, task: index, agent, yes }: Step): void {
    const by = JUDGES[agent]!;
    if (act === 'post') {
      const deadline = after(market.now, (1 + index) * DAY_MS);
      const terms = {
        validationRequired: index > 0,
        payoutHoldHours: yes ? 72 : 0,
        autoAcceptFirst: index === 2,
      };
      return market.post(AGENTS[agent % 2]!, { ...DRAFT, ...terms, deadline });
    }
    if (act === 'suspend') return market.suspend(by);
    if (act === 'reinstate') return market.reinstate(by);
    if (act === 'hour' || act === 'days')
      return court.passTime(after(market.now, act === 'hour' ? HOUR_MS : 2 * DAY_MS));
    const task = awaiting(market, act).at(-1 - (index % 2));
    if (!task) return;
    const held = court.cases.get(task.id);
    switch (act) {
      case 'bid':
        return market.bid(AGENTS[agent % AGENTS.length]!, task, { ...OFFER, pricePoints: task.pricePoints });
      case 'accept':
        return market.accept(task.creatorId, task, market.bidsOf(task)[0]?.id ?? 'bid_00000000');
      case 'submit':
        market.submit(task.executorId ?? by, task);
        return court.hear();
      case 'vote': {
        const open = held?.seats.filter(isOpen) ?? [];
        const seat = open[agent % Math.max(open.length, 1)];
        return seat && !market.suspended.has(seat.agentId)
          ? court.vote(seat.agentId, task.id, yes)
          : undefined;
      }
      case 'cancel':
        return market.cancel(task.creatorId, task);
      case 'stop':
        return market.cancelByOperator(task);
      case 'dispute':
        return held && court.dispute(task.status === 'completed' ? task.creatorId : task.executorId!, task);
      case 'decide':
        return court.decide(task.id, yes ? 'approved' : 'rejected');
    }
  }

  it('with everybody silent or suspended, time and operators end every task, and no escrow stays', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(
        steps,
        fc.constantFrom(3, 6, JUDGES.length, JUDGES.length),
        fc.boolean(),
        fc.boolean(),
        (taken, judges, areSuspended, doOperatorsAct) => {
          const world = aWorld(judges);
          const { market, court } = world;
          for (const step of taken) {
            const before = new Map(market.tasks);
            try {
              take(world, step);
            } catch (error) {
              if (!(error instanceof DomainError)) throw error;
            }
            checkLaws(market, before);
          }
          for (const { status } of market.tasks.values()) reached.add(status);
          for (const { judgement } of court.cases.values())
            reached.add(`${judgement.panel.kind} ${judgement.status}`);
          if (areSuspended) for (const agent of JUDGES) market.suspend(agent);
          for (let day = 0; day < 60; day++) {
            court.passTime(after(market.now, DAY_MS));
            for (const { judgement } of court.cases.values())
              reached.add(`${judgement.panel.kind} ${judgement.status}`);
            if (doOperatorsAct) for (const id of court.cases.keys()) court.decide(id, 'approved');
          }
          checkLaws(market, new Map());
          for (const task of market.tasks.values()) {
            expect([task.id, isClosed(task), task.payoutState === 'held']).toEqual([task.id, true, false]);
            for (const { balances } of Object.values(market.books))
              expect(balances.get(task.id)?.units ?? 0n).toBe(0n);
          }
        },
      ),
      // The same lives each time, so that what they reach can be expected.
      { numRuns: 300, seed: 2 },
    );
    const far = [
      ...['open', 'bidding', 'in_progress', 'validating', 'completed', 'cancelled', 'disputed'],
      ...['first', 'deadlock', 'dispute'].flatMap((kind) =>
        ['judging', 'queued', 'decided'].map((status) => `${kind} ${status}`),
      ),
    ];
    expect(far.filter((state) => !reached.has(state))).toEqual([]);
  });
});

/** Mostly those that allow it: what is refused shows nothing new. */
function awaiting({ tasks }: Market, act: string): Task[] {
  const all = [...tasks.values()];
  const fitting = all.filter(({ status }) => (ALLOWS[act] ?? []).includes(status));
  return fitting.length > 0 ? fitting : all;
}
const ALLOWS: Readonly<Record<string, readonly TaskStatus[]>> = {
  bid: ['open', 'bidding'],
  accept: ['bidding'],
  submit: ['in_progress'],
  vote: ['validating', 'disputed'],
  decide: ['submitted', 'validating', 'disputed'],
  dispute: ['completed', 'cancelled'],
};

interface World {
  market: Market;
  court: Court;
}

function aWorld(judges: number): World {
  const market = new Market(new Date('2026-03-12T12:00:00.000Z'), {
    points: openedBooks('points'),
    usdc: openedBooks('usdc'),
  });
  return { market, court: new Court(market, JUDGES.slice(-judges), new Set(JUDGES.slice(2))) };
}

const DRAFT = {
  category: 'content',
  title: 'A task',
  description: 'To do',
  acceptanceCriteria: ['Done'],
  pricePoints: '33.33',
  priceUsdc: null,
} satisfies TaskDraft;
const OFFER = { proposedApproach: 'As it is written.', estimatedMinutes: null, priceUsdc: null } as const;
