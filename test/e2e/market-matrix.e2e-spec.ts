import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, Clock, DAY_MS, SECOND_MS } from '#kernel/clock';
import { DueRunner, type MovableClock } from '#platform/scheduling';
import { aVerifiedAgent, type TestAgent } from '../builders/agents.js';
import {
  accept,
  aPlacedBid,
  aPostedTask,
  bid,
  cancel,
  grant,
  progress,
  repost,
  submit,
  withdraw,
  wrapUp,
} from '../builders/tasks.js';
import type { Answer, Json } from '../support/api.js';
import { anApp, OPERATOR_KEY, type TestApp } from '../support/app.js';
import { queryAs } from '../support/database.js';

/** All pairs, and each of them so often, with RACE_ROUNDS=50; one round of a third of them without. */
const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 1);
const EACH_OF = process.env['RACE_ROUNDS'] === undefined ? 3 : 1;
const DEADLINE_S = 600;
const GRACE_S = 3600;
/** The clock and a request need about so long to get to the task: now the one is first, now the other. */
const LATELY_MS = 30;

/** Who can have a bid on the task of a scene. */
const BIDDERS = ['ann', 'bob', 'cid', 'dan'] as const;
type Bidder = (typeof BIDDERS)[number];

/** A task as its actors find it. */
interface Scene {
  id: string;
  /** The bids that were there before. */
  bids: Partial<Record<Bidder, string>>;
}

type Step = (scene: Scene) => Promise<Answer<Json> | undefined>;

/** A request is one step. That time passes is two: it is later, and then somebody sees to what is due. */
type Act = Step | readonly [Step, Step];
const stepsOf = (act: Act): readonly Step[] => (typeof act === 'function' ? [act] : act);

/**
 * Every pair of acts that can meet on a task. What comes of two at the same moment must be what comes of them one after
 * the other, in one order or in the other: in the answers, the task, its bids, its money and its news.
 */
describe('Two acts on one task at the same moment are two acts one after the other:', () => {
  let app: TestApp;
  let creator: TestAgent;
  let bidders: Record<Bidder, TestAgent>;
  let names: ReadonlyMap<string, string>;
  beforeAll(async () => {
    app = await anApp();
    creator = await aVerifiedAgent(app);
    await grant(app, creator, 10_000_000);
    const agents = await Promise.all(BIDDERS.map(() => aVerifiedAgent(app)));
    bidders = Object.fromEntries(BIDDERS.map((name, index) => [name, agents[index]!])) as typeof bidders;
    names = new Map([[creator.id, 'creator'], ...BIDDERS.map((name) => [bidders[name].id, name] as const)]);
  });
  afterAll(() => wrapUp(app));

  const asCreator = (method: string, path: string, body?: unknown) =>
    app.api.send(method, path, { key: creator.key, body });
  const reject = ({ id, bids }: Scene, whose: Bidder) =>
    asCreator('POST', `/v1/tasks/${id}/bids/${bids[whose]}/reject`, { reason: 'Too dear.' });
  const edit = ({ id }: Scene, body: unknown) => asCreator('PATCH', `/v1/tasks/${id}`, body);
  const passes = (seconds: number): Act => [
    async () => {
      const clock = app.nest.get<MovableClock>(Clock);
      await clock.moveTo(after(clock.now(), seconds * SECOND_MS));
      return undefined;
    },
    async () => {
      await seeToDeadlines();
      return undefined;
    },
  ];
  const seeToDeadlines = () => app.nest.get(DueRunner).runNow('task-deadlines');
  const standing = (act: 'suspend' | 'reinstate', whose: Bidder) =>
    app.api.post(`/v1/admin/agents/${bidders[whose].id}/${act}`, { reason: 'A race' }, { key: OPERATOR_KEY });

  /** Before anybody is accepted. */
  const beforeAccept: Record<string, Act> = {
    'accept ann': ({ id, bids }) => accept(app, creator, id, bids.ann!),
    'accept bob': ({ id, bids }) => accept(app, creator, id, bids.bob!),
    'reject ann': (scene) => reject(scene, 'ann'),
    'ann withdraws': ({ id, bids }) => withdraw(app, bidders.ann, id, bids.ann!),
    'bob withdraws': ({ id, bids }) => withdraw(app, bidders.bob, id, bids.bob!),
    'cid bids': ({ id }) => bid(app, bidders.cid, id, { price_points: 70 }),
    'dan bids': ({ id }) => bid(app, bidders.dan, id),
    cancel: ({ id }) => cancel(app, creator, id),
    edit: (scene) => edit(scene, { price_points: 30, title: 'Cheaper' }),
    'time passes': passes(DEADLINE_S + 1),
  };
  let prolonged = 0;
  const soon = () => after(app.nest.get(Clock).now(), DEADLINE_S * SECOND_MS).toISOString();

  /** A place more than there are bids, one bid under the price and one over it. */
  async function aSceneWithTwoBids(): Promise<Scene> {
    const { id } = (await aPostedTask(app, creator, {
      price_points: 100,
      max_bids: 3,
      deadline: soon(),
    })) as { id: string };
    const ann = (await aPlacedBid(app, bidders.ann, id, { price_points: 60 })) as { id: string };
    const bob = (await aPlacedBid(app, bidders.bob, id, { price_points: 140 })) as { id: string };
    return { id, bids: { ann: ann.id, bob: bob.id } };
  }

  /** The last bid gone, it is open again. */
  async function aSceneWithOneBid(): Promise<Scene> {
    const { id } = (await aPostedTask(app, creator, {
      price_points: 100,
      max_bids: 1,
      deadline: soon(),
    })) as { id: string };
    const ann = (await aPlacedBid(app, bidders.ann, id)) as { id: string };
    return { id, bids: { ann: ann.id } };
  }

  async function anOpenScene(): Promise<Scene> {
    const { id } = (await aPostedTask(app, creator, { price_points: 100, deadline: soon() })) as {
      id: string;
    };
    return { id, bids: {} };
  }

  /** Takes the first at or under its price; the one that is there is over it. */
  async function aSceneThatTakesTheFirst(): Promise<Scene> {
    const { id } = (await aPostedTask(app, creator, {
      price_points: 100,
      max_bids: 3,
      auto_accept_first: true,
      deadline: soon(),
    })) as { id: string };
    const bob = (await aPlacedBid(app, bidders.bob, id, { price_points: 140 })) as { id: string };
    return { id, bids: { bob: bob.id } };
  }

  const work: Record<string, Act> = {
    'ann submits': ({ id }) => submit(app, bidders.ann, id),
    'ann reports': ({ id }) => progress(app, bidders.ann, id, { percent: 50 }),
    'accept bob': ({ id, bids }) => accept(app, creator, id, bids.bob!),
    cancel: ({ id }) => cancel(app, creator, id),
    repost: ({ id }) => repost(app, creator, id),
    'cid bids': ({ id }) => bid(app, bidders.cid, id),
    'time passes': passes(DEADLINE_S + GRACE_S + 1),
  };

  const aSceneOfWork = (fields: Record<string, unknown>) => async (): Promise<Scene> => {
    const { id } = (await aPostedTask(app, creator, {
      price_points: 100,
      deadline: soon(),
      ...fields,
    })) as { id: string };
    const bob = (await aPlacedBid(app, bidders.bob, id)) as { id: string };
    const ann = (await aPlacedBid(app, bidders.ann, id, { price_points: 60.01 })) as { id: string };
    await accept(app, creator, id, ann.id);
    return { id, bids: { ann: ann.id, bob: bob.id } };
  };

  const only = (acts: Record<string, Act>, ...wanted: string[]): Record<string, Act> =>
    Object.fromEntries(wanted.map((name) => [name, acts[name]!]));
  const matrix: [string, () => Promise<Scene>, Record<string, Act>][] = [
    ['with two bids', aSceneWithTwoBids, beforeAccept],
    [
      'with its only bid',
      aSceneWithOneBid,
      {
        ...only(beforeAccept, 'accept ann', 'reject ann', 'ann withdraws', 'cid bids', 'edit', 'cancel'),
        ...only(beforeAccept, 'time passes'),
      },
    ],
    [
      'without a bid',
      anOpenScene,
      {
        ...only(beforeAccept, 'cid bids', 'dan bids', 'edit', 'cancel', 'time passes'),
        // To another time whenever it is done: an edit that changes nothing is none.
        prolong: (scene) =>
          edit(scene, { deadline: after(new Date(soon()), DAY_MS + prolonged++ * SECOND_MS).toISOString() }),
        'take the first': (scene) => edit(scene, { auto_accept_first: true, price_points: 70.5 }),
      },
    ],
    [
      'that takes the first',
      aSceneThatTakesTheFirst,
      {
        ...only(beforeAccept, 'cid bids', 'dan bids', 'accept bob', 'bob withdraws', 'cancel', 'edit'),
        ...only(beforeAccept, 'time passes'),
        'ann bids too much': ({ id }) => bid(app, bidders.ann, id, { price_points: 100.01 }),
      },
    ],
    ['that is worked on', aSceneOfWork({ validation_required: true }), work],
    [
      'that is paid when it is handed in',
      aSceneOfWork({ validation_required: false }),
      only(work, 'ann submits', 'ann reports', 'cancel', 'time passes'),
    ],
  ];
  const pairs = matrix.flatMap(([what, scene, acts]) =>
    Object.keys(acts).flatMap((first, index) =>
      Object.keys(acts)
        .slice(index)
        .map((second) => ({ what, first, second, scene, acts: [acts[first]!, acts[second]!] as const })),
    ),
  );

  it.each(pairs.filter((_, index) => index % EACH_OF === 0))(
    'a task $what: $first, $second',
    async ({ first, second, scene, acts: [one, other] }) => {
      const isSlow = [first, second].includes('time passes');
      const lately = async (act: Act, found: Scene) => {
        if (isSlow) await sleep(randomInt(LATELY_MS));
        return inTurn(stepsOf(act), found);
      };
      // Nothing of it happens by itself meanwhile.
      await app.nest.get(DueRunner).alone(async () => {
        const allowed = await outcomesInTurn(one, other, scene);
        for (let round = 0; round < ROUNDS; round++) {
          const found = await scene();
          const answers = await Promise.all([lately(one, found), lately(other, found)]);
          // What somebody was at just then is left for the next time.
          if (isSlow) await seeToDeadlines();
          expect(allowed).toContainEqual(await outcome(found, answers));
        }
      });
    },
    60_000 + ROUNDS * 2_000,
  );

  /** What comes of two acts in each order that their steps can have. */
  async function outcomesInTurn(one: Act, other: Act, scene: () => Promise<Scene>): Promise<Outcome[]> {
    const outcomes = [];
    for (const order of ordersOf(stepsOf(one).length, stepsOf(other).length)) {
      const found = await scene();
      const left = { one: [...stepsOf(one)], other: [...stepsOf(other)] };
      const answers: Partial<Record<Side, Answer<Json> | undefined>> = {};
      for (const side of order) answers[side] = await left[side].shift()!(found);
      outcomes.push(await outcome(found, [answers.one, answers.other]));
    }
    return outcomes;
  }

  it.each(['accept', 'submit'])('a suspension beside %s: the one or the other', async (what) => {
    for (let round = 0; round < ROUNDS; round++) {
      const found = what === 'accept' ? await aSceneWithTwoBids() : await aSceneOfWork({})();
      const [act] = stepsOf(what === 'accept' ? beforeAccept['accept ann']! : work['ann submits']!);
      const [answer] = await Promise.all([act!(found), standing('suspend', 'ann')]);
      await standing('reinstate', 'ann');
      const { status } = (await app.api.get(`/v1/tasks/${found.id}`)).body;
      const [done, undone] = what === 'accept' ? ['in_progress', 'bidding'] : ['submitted', 'in_progress'];
      if (answer!.status < 300) expect([done, 'validating']).toContain(status);
      else {
        // The bid may have been withdrawn in between.
        const refusals = {
          accept: ['409 bidder_suspended', '409 bid_not_pending'],
          submit: ['403 agent_suspended'],
        };
        const refusal = `${answer!.status} ${answer!.body.error}`;
        expect(refusals[what as keyof typeof refusals]).toContain(refusal);
        expect(status).toBe(undone);
      }
    }
  });

  interface Outcome {
    answers: string[];
    task: Json;
    bids: Json[];
    money: Json[];
    news: Json[];
  }

  /** Everything that can be said of a task, without ids and times; when its validators are drawn is their matter. */
  async function outcome({ id }: Scene, answers: readonly (Answer<Json> | undefined)[]): Promise<Outcome> {
    const [found] = await queryAs<Record<'task' | 'bids' | 'money' | 'news', Json>>(
      app.database.ownerUrl,
      `WITH task AS (
         SELECT replace(status, 'validating', 'submitted') AS status, close_reason, title, price_points, bids_count,
                revision, accepted_price, payout_state, payout_amount, executor_agent_id AS agent, progress_percent,
                auto_accept_first, closed_at IS NULL AS lives,
                (SELECT count(*) FROM tasks c WHERE c.reposted_from = tasks.id) AS copies,
                (SELECT replace(status, 'validating', 'pending') FROM submissions WHERE task_id = tasks.id) AS work
           FROM tasks WHERE id = $1),
       bid AS (
         SELECT agent_id AS agent, status, price_points, reject_reason FROM bids WHERE task_id = $1 ORDER BY agent_id),
       leg AS (
         SELECT m.type, CASE WHEN account_id = $1 THEN 'escrow' ELSE account_id END AS agent, amount
           FROM transactions t JOIN movements m ON m.id = t.movement_id WHERE reference = $1
          ORDER BY m.type, amount, account_id),
       told AS (
         SELECT name, data->>'close_reason' AS reason, audience, count(*)::int AS times FROM outbox
          WHERE subject = $1 AND name NOT IN ('task.updated', 'task.new_match', 'submission.validation_started')
          GROUP BY 1, 2, 3 ORDER BY 1, 2, 3)
       SELECT (SELECT to_json(task) FROM task) AS task, ARRAY(SELECT to_json(bid) FROM bid) AS bids,
              ARRAY(SELECT to_json(leg) FROM leg) AS money, ARRAY(SELECT to_json(told) FROM told) AS news`,
      [id],
    );
    const { task, bids, money, news } = found!;
    const named = (row: Json): Json => ({
      ...row,
      ...(row.agent && { agent: names.get(row.agent) ?? row.agent }),
      ...(row.audience && { audience: row.audience.map((one: string) => names.get(one)).toSorted() }),
    });
    return {
      answers: answers.map(told),
      task: named(task),
      bids: bids.map(named),
      money: money.map(named),
      news: news.map(named),
    };
  }
});

type Side = 'one' | 'other';

/** Every way in which so many steps of the one and so many of the other can follow each other. */
function ordersOf(ones: number, others: number): Side[][] {
  if (ones === 0 && others === 0) return [[]];
  return [
    ...(ones > 0 ? ordersOf(ones - 1, others).map((rest): Side[] => ['one', ...rest]) : []),
    ...(others > 0 ? ordersOf(ones, others - 1).map((rest): Side[] => ['other', ...rest]) : []),
  ];
}

async function inTurn(steps: readonly Step[], scene: Scene): Promise<Answer<Json> | undefined> {
  let last: Answer<Json> | undefined;
  for (const step of steps) last = await step(scene);
  return last;
}

/** Nobody gets anything but a success or a clean 409. */
function told(answer: Answer<Json> | undefined): string {
  if (!answer) return 'time passed';
  if (answer.status < 300) return `${answer.status} ${answer.body.status}`;
  expect([answer.status, answer.body.error]).toEqual([409, expect.any(String)]);
  return answer.body.error as string;
}
