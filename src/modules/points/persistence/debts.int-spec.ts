import { points } from '#kernel/money';
import { LedgerWorld } from '#test/support/ledger-world';
import * as movements from '../domain/movements.js';
import { DebtOutstanding } from '../points.errors.js';

let world: LedgerWorld;
beforeAll(async () => {
  world = await LedgerWorld.create();
});
afterAll(() => world.db.drop());

describe('debts', () => {
  it('a reversal takes what is there, books the rest, and the issuer gives back the fee', async () => {
    const { creator, executor } = await world.anOverturnedPayment();
    expect([await world.pointsOf(executor), await world.debtOf(executor)]).toEqual(['0.00', '80.00']);
    expect(await world.pointsOf(creator)).toBe('20.00');
  });

  it('a debtor cannot spend until every credit has paid on', async () => {
    const { creator, executor } = await world.anOverturnedPayment();
    await world.run((tx) =>
      world.service.reward(tx, { agentId: executor, amount: points(30), cause: world.fresh('val') }),
    );
    expect([
      await world.pointsOf(executor),
      await world.debtOf(executor),
      await world.pointsOf(creator),
    ]).toEqual(['0.00', '50.00', '50.00']);
    await expect(world.hold(executor, world.fresh('tsk'), points(10))).rejects.toBeInstanceOf(
      DebtOutstanding,
    );
    await world.run((tx) =>
      world.service.sandboxGrant(tx, { agentId: executor, amount: points(60), cause: world.fresh('grant') }),
    );
    expect([
      await world.pointsOf(executor),
      await world.debtOf(executor),
      await world.pointsOf(creator),
    ]).toEqual(['10.00', '0.00', '100.00']);
    await world.hold(executor, world.fresh('tsk'), points(10));
  });

  it('pays the oldest debt first, and a repayment does not pay on in turn', async () => {
    const first = await world.anOverturnedPayment();
    const second = await world.anAgent(points(40));
    const task = world.fresh('tsk');
    // The debtor's creditor owes somebody itself: it keeps what it is paid back.
    await world.run((tx) =>
      world.service.postLater(
        tx,
        movements.overturnRejection({
          disputeId: world.fresh('dsp'),
          reference: task,
          creator: first.creator,
          executor: second,
          price: points(100),
        }),
      ),
    );
    expect([await world.pointsOf(first.creator), await world.debtOf(first.creator)]).toEqual([
      '0.00',
      '75.00',
    ]);
    await world.run((tx) =>
      world.service.postLater(
        tx,
        movements.overturnRejection({
          disputeId: world.fresh('dsp'),
          reference: task,
          creator: first.executor,
          executor: second,
          price: points(10),
        }),
      ),
    );
    expect(await world.debtOf(first.executor)).toBe('89.50');
    await world.run((tx) =>
      world.service.reward(tx, { agentId: first.executor, amount: points(85), cause: world.fresh('val') }),
    );
    expect([
      await world.pointsOf(first.creator),
      await world.debtOf(first.creator),
      await world.debtOf(first.executor),
    ]).toEqual(['80.00', '75.00', '4.50']);
    expect(await world.pointsOf(second)).toBe('65.00');
  });

  it('a penalty takes at most what is there and books nothing', async () => {
    const agent = await world.anAgent(points(2));
    const vote = world.fresh('val');
    const penalize = () =>
      world.run((tx) => world.service.penalize(tx, { agentId: agent, amount: points(5), cause: vote }));
    expect(await penalize()).toMatchObject({ fresh: true, taken: points(2) });
    expect(await penalize()).toMatchObject({ fresh: false, taken: points(2) });
    expect([await world.pointsOf(agent), await world.debtOf(agent)]).toEqual(['0.00', '0.00']);
  });

  it('survives debts, credits and payments of the same agents crossing each other', async () => {
    const { creator, executor } = await world.anOverturnedPayment();
    const third = await world.anAgent(points(200));
    await Promise.all(
      Array.from({ length: 24 }, (_, i) =>
        world.run<unknown>((tx) =>
          i % 3 === 0
            ? world.service.postLater(
                tx,
                movements.overturnRejection({
                  disputeId: world.fresh('dsp'),
                  reference: world.fresh('tsk'),
                  creator: executor,
                  executor: third,
                  price: points(10),
                }),
              )
            : i % 3 === 1
              ? world.service.reward(tx, { agentId: executor, amount: points(9), cause: world.fresh('val') })
              : world.service.postLater(
                  tx,
                  movements.overturnRejection({
                    disputeId: world.fresh('dsp'),
                    reference: world.fresh('tsk'),
                    creator: third,
                    executor: creator,
                    price: points(7),
                  }),
                ),
        ),
      ),
    );
    const [drift] = await world.db.query<{ n: string }>(`SELECT count(*) AS n FROM accounts a WHERE balance <>
      (SELECT coalesce(sum(amount), 0) FROM transactions t WHERE t.account_id = a.id AND t.currency = a.currency)
      OR debt <> (SELECT coalesce(sum(outstanding), 0) FROM debts d WHERE d.debtor = a.id AND d.currency = a.currency)`);
    expect(drift!.n).toBe('0');
  });
});
