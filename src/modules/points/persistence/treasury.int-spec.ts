import { after, DAY_MS } from '#kernel/clock';
import { money, points, toDecimal, type Money } from '#kernel/money';
import { LedgerWorld } from '#test/support/ledger-world';
import * as movements from '../domain/movements.js';
import type { EmissionTerms } from './treasury.store.js';

let world: LedgerWorld;
beforeEach(async () => {
  world = await LedgerWorld.create();
});
afterEach(() => world.db.drop());

const DAY = new Date('2026-03-12T00:00:00.000Z');
const terms = (eligible: number, share: Money = points(20)): EmissionTerms => ({
  rate: points(20),
  share,
  dayCap: points(10_000),
  balanceCap: points(5_000),
  eligible,
});
async function* chunks(...ids: string[][]) {
  for (const chunk of ids) yield await Promise.resolve(chunk);
}
const agents = (count: number, balance?: Money) =>
  Promise.all(Array.from({ length: count }, () => world.anAgent(balance)));
const cleanBooks = () => world.audit.verify({ full: true, at: world.clock.time });

describe('emission', () => {
  it('pays each agent once a day whatever is repeated, resumed or raced', async () => {
    const ids = (await agents(12)).toSorted();
    const run = () =>
      world.treasury.emit(DAY, terms(12), chunks(ids.slice(0, 5), ids.slice(5)), world.clock.time);
    const days = await Promise.all([run(), run(), run()]);
    for (const day of days) expect(day).toMatchObject({ agents: 12, paid: points(240), closed: true });
    expect((await run()).paid).toEqual(points(240));
    expect(new Set(await Promise.all(ids.map(world.pointsOf)))).toEqual(new Set(['20.00']));
    const next = await world.treasury.emit(after(DAY, DAY_MS), terms(12), chunks(ids), world.clock.time);
    expect(next.paid).toEqual(points(240));
    expect((await cleanBooks()).drifts).toEqual([]);
  });

  it('tells each agent, after everybody else', async () => {
    const ids = (await agents(2)).toSorted();
    await world.treasury.emit(DAY, terms(2), chunks(ids), world.clock.time);
    expect(
      await world.db.query('SELECT subject, audience, priority, name, data FROM outbox ORDER BY row_id'),
    ).toEqual(
      ids.map((id) => ({
        subject: id,
        audience: [id],
        priority: 1,
        name: 'points.received',
        data: {
          movement_id: expect.any(String),
          type: 'daily_emission',
          currency: 'points',
          amount: 20,
          balance: 20,
          counterparty: 'agt_system',
        },
      })),
    );
  });

  it('keeps the terms of a day from its first opening on', async () => {
    const [a, b] = await agents(2);
    await world.treasury.emit(DAY, terms(1_000, points(10)), chunks([a!]), world.clock.time);
    await world.db.asOwner('UPDATE emission_days SET closed_at = NULL');
    await world.treasury.emit(DAY, terms(1), chunks([a!, b!]), world.clock.time);
    expect([await world.pointsOf(a!), await world.pointsOf(b!)]).toEqual(['10.00', '10.00']);
  });

  it('credits nothing above the cap of a balance, nothing to the suspended and to no USDC account', async () => {
    const [poor, near, rich, suspended] = [
      await world.anAgent(),
      await world.anAgent(money('points', 499_250n)),
      await world.anAgent(points(6_000)),
      await world.anAgent(),
    ];
    await world.run((tx) => world.service.setStanding(tx, suspended, { mayReceive: false }));
    const day = await world.treasury.emit(
      DAY,
      terms(4),
      chunks([poor, near, rich, suspended].toSorted()),
      world.clock.time,
    );
    expect(day).toMatchObject({ agents: 2, paid: money('points', 2_750n) });
    expect(await Promise.all([poor, near, rich, suspended].map(world.pointsOf))).toEqual([
      '20.00',
      '5000.00',
      '6000.00',
      '0.00',
    ]);
    expect((await world.service.balanceOf(poor)).usdc.units).toBe(0n);
  });

  it('never pays out more than the cap of a day, though more agents come than were counted', async () => {
    const ids = (await agents(9)).toSorted();
    const day = await world.treasury.emit(
      DAY,
      { ...terms(5), dayCap: points(100) },
      chunks(ids.slice(0, 4), ids.slice(4)),
      world.clock.time,
    );
    expect(day).toMatchObject({ agents: 5, paid: points(100) });
  });

  it('pays on the debts of those who owe', async () => {
    const { creator, executor } = await world.anOverturnedPayment();
    const run = (day: Date) =>
      world.treasury.emit(day, terms(2), chunks([creator, executor].toSorted()), world.clock.time);
    expect(await run(DAY)).toMatchObject({ agents: 2, paid: points(40) });
    expect([
      await world.debtOf(executor),
      await world.pointsOf(executor),
      await world.pointsOf(creator),
    ]).toEqual(['60.00', '0.00', '60.00']);
    await world.db.asOwner('UPDATE emission_days SET closed_at = NULL');
    expect(await run(DAY)).toMatchObject({ agents: 2, paid: points(40) });
    expect((await cleanBooks()).drifts).toEqual([]);
  });
});

describe('decay', () => {
  const boundary = (step: number): Date => after(new Date('2026-01-01T00:00:00.000Z'), step * 30 * DAY_MS);
  const decayAt = async (step: number): Promise<string> => {
    world.clock.time = boundary(step);
    return toDecimal((await world.treasury.decay(step, boundary(step), world.clock.time)).amount);
  };

  it('burns a tenth of what was left unused for 90 days, oldest spent first, once a step', async () => {
    const agent = await world.anAgent(points(100));
    expect([await decayAt(3), await decayAt(4), await decayAt(5)]).toEqual(['0.00', '0.00', '0.00']);
    await world.grant(agent, points(50));
    await world.hold(agent, world.fresh('tsk'), points(30));
    expect((await world.service.nextDecay(agent))!.amount).toEqual(points(7));
    expect((await world.service.nextDecay(agent))!.at).toEqual(boundary(6));
    expect(await decayAt(6)).toBe('7.00');
    expect(await decayAt(6)).toBe('0.00');
    // Of the hundred 63 are left. What came just after the snapshot of step 5 is young until step 9.
    expect([await decayAt(7), await decayAt(8), await decayAt(9)]).toEqual(['6.30', '5.67', '10.10']);
    expect(await world.pointsOf(agent)).toBe('90.93');
    expect((await cleanBooks()).drifts).toEqual([]);
    expect((await world.treasury.decaySteps()).map(({ step, closed }) => [step, closed])).toEqual(
      [9, 8, 7, 6, 5, 4, 3].map((step) => [step, true]),
    );
  });

  it('takes a late snapshot as of its boundary', async () => {
    const agent = await world.anAgent(points(100));
    world.clock.time = after(boundary(3), 5 * DAY_MS);
    await world.grant(agent, points(40));
    await world.hold(agent, world.fresh('tsk'), points(25));
    await world.treasury.decay(3, boundary(3), world.clock.time);
    expect(
      await world.db.query(
        'SELECT trim_scale(balance)::text AS balance, trim_scale(spent_total)::text AS spent FROM balance_snapshots',
      ),
    ).toEqual([{ balance: '100', spent: '0' }]);
  });
});

describe('figures', () => {
  it('say what is about, what came and went, also when half of it is summed up already', async () => {
    const [a, b] = [await world.anAgent(points(1_000)), await world.anAgent()];
    const task = world.fresh('tsk');
    await world.hold(a, task, points(300));
    await world.audit.rollUp(world.clock.time);
    await world.run((tx) =>
      world.service.postLater(
        tx,
        movements.releaseEscrow({ reference: task, payee: b, amount: points(100) }),
      ),
    );
    await world.transfers.transfer({ from: a, to: b, amount: points(10) });
    await world.treasury.emit(DAY, terms(2), chunks([a, b].toSorted()), world.clock.time);
    const figures = await world.figures.economy();
    expect(figures).toMatchObject({
      totalSupply: points(1_035),
      dailyEmission: points(40),
      totalTransactions: 7,
      escrowed: points(200),
      emitted: points(40),
      issued: points(1_040),
      burnt: points(5),
      velocity: 0.1014,
      distribution: { holders: 2, p50: points(125), top: points(710) },
    });
    expect(figures.types).toContainEqual({
      type: 'platform_fee',
      currency: 'points',
      transactions: 1,
      moved: points(5),
    });
    expect(await world.figures.supply()).toEqual(points(1_035));
    expect(await world.audit.idsNotSummedUp()).toBeGreaterThan(0);
    await world.audit.rollUp(world.clock.time);
    expect(await world.audit.idsNotSummedUp()).toBe(0);
    expect(await world.figures.supply()).toEqual(points(1_035));
  });
});
