import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { aFarm, FarmReceiver, type Manner, MANNERS } from './webhook-farm.js';

export interface Proof {
  databaseUrl: string;
  ownerUrl: string;
  /** How long news is made, first in peace, then while senders are killed. */
  peaceS: number;
  warS: number;
  receivers: number;
  eventsPerS: number;
  /** Moves the clock past every retry in the end, so that nothing may still be pending. */
  toTheEnd: boolean;
}

export interface Report {
  events: number;
  kills: number;
  /** What must not be. Empty: proven. */
  faults: string[];
  /** How many deliveries ended how, by the manner of their receiver. */
  states: Record<string, number>;
  duplicates: number;
  peaceMs: { p50: number; p99: number; max: number };
}

/** One process takes requests and lives; two send, and are killed in turns. */
export async function proveWebhooks(proof: Proof): Promise<Report> {
  const farm = await aFarm(proof.receivers);
  const system = new System(proof);
  const pool = new pg.Pool({ connectionString: proof.ownerUrl, max: 2 });
  try {
    await system.start();
    const agents = await system.registerAll(farm.receivers);
    await system.makeNews(agents, proof.peaceS, proof.eventsPerS);
    await arrived(pool, agents, farm.receivers);
    const peaceMs = percentiles(well(farm.receivers).flatMap((receiver) => receiver.delaysMs()));
    const kills = await system.atWar(() => system.makeNews(agents, proof.warS, proof.eventsPerS));
    await arrived(pool, agents, farm.receivers);
    if (proof.toTheEnd) {
      // Each retry of one that hangs is ten seconds of real time, and each has an hour of them.
      for (const receiver of farm.receivers) receiver.isQuick = true;
      await system.advance(3_600);
    }
    return { kills, peaceMs, ...(await judge(pool, agents, farm.receivers, proof.toTheEnd)) };
  } finally {
    await system.stop();
    farm.close();
    await pool.end();
  }
}

const KILL_EVERY_MS = 2_000;
const ARRIVE_WITHIN_MS = 90_000;

const well = (receivers: readonly FarmReceiver[]): FarmReceiver[] =>
  receivers.filter(({ manner }) => manner === 'well');

/** The product as it is run: the build, in processes of its own. */
class System {
  private readonly running = new Set<ChildProcess>();
  private senders: ChildProcess[] = [];
  private base = '';

  constructor(private readonly proof: Proof) {}

  async start(): Promise<void> {
    const port = await freePort();
    this.base = `http://127.0.0.1:${port}`;
    this.spawn('api', port);
    this.senders = [this.spawn('worker', port), this.spawn('worker', port)];
    for (let waited = 0; !(await this.isUp()); waited++) {
      if (waited > 600) throw new Error('The server does not come up.');
      await sleep(100);
    }
  }

  async stop(): Promise<void> {
    // Whoever is in here has not ended yet.
    const children = [...this.running];
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map((child) => once(child, 'exit')));
  }

  async registerAll(receivers: readonly FarmReceiver[]): Promise<string[]> {
    const agents: string[] = [];
    const run = Date.now().toString(36).slice(-6);
    for (const [index, receiver] of receivers.entries()) {
      const { agent_id, webhook_secret } = await this.post<{ agent_id: string; webhook_secret: string }>(
        '/v1/agents/register',
        { name: `Farm ${index}`, owner_twitter: `f${run}_${index}`, webhook_url: receiver.url },
      );
      receiver.secret = webhook_secret;
      agents.push(agent_id);
    }
    return agents;
  }

  /** Grants of a point, each of which is news to one agent. */
  async makeNews(agents: readonly string[], seconds: number, perSecond: number): Promise<void> {
    const startedAt = Date.now();
    for (let made = 0; made < seconds * perSecond; made++) {
      const aheadMs = startedAt + (made * 1_000) / perSecond - Date.now();
      if (aheadMs > 0) await sleep(aheadMs);
      await this.post('/sandbox/points/grant', { agent_id: agents[made % agents.length], amount: 1 });
    }
  }

  /** Kills a sender every two seconds, without a warning, until the work is done; another one takes its place. */
  async atWar(work: () => Promise<void>): Promise<number> {
    let kills = 0;
    const timer = setInterval(() => {
      const [victim, other] = this.senders;
      victim!.kill('SIGKILL');
      kills++;
      this.senders = [other!, this.spawn('worker', 0)];
    }, KILL_EVERY_MS);
    await work().finally(() => clearInterval(timer));
    return kills;
  }

  async advance(seconds: number): Promise<void> {
    await this.post('/sandbox/clock/advance', { seconds });
  }

  private async post<Body>(path: string, body: object): Promise<Body> {
    const response = await fetch(`${this.base}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as Body;
  }

  private async isUp(): Promise<boolean> {
    return fetch(`${this.base}/health/live`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  private spawn(role: 'api' | 'worker', port: number): ChildProcess {
    const env = {
      ...process.env,
      NODE_ENV: 'test',
      ROLE: role,
      PORT: String(port),
      DATABASE_URL: this.proof.databaseUrl,
      DATABASE_OWNER_URL: this.proof.ownerUrl,
      RATE_LIMIT_FACTOR: '0',
      LOG_LEVEL: 'error',
      API_KEY_PEPPER: 'p'.repeat(32),
      ENCRYPTION_KEY: 'e'.repeat(32),
      SIGNING_KEY: 's'.repeat(32),
      OPERATOR_KEY: `opk_${'f'.repeat(64)}`,
    };
    const stdio = ['ignore', 'ignore', 'inherit'] as const;
    const child = spawn(process.execPath, ['dist/src/main.js'], { env, stdio: [...stdio] });
    this.running.add(child);
    child.once('exit', () => this.running.delete(child));
    return child;
  }
}

/** Waits until every event is on the list and the healthy have theirs, or gives up: the verdict says what is missing. */
async function arrived(
  pool: pg.Pool,
  agents: readonly string[],
  receivers: readonly FarmReceiver[],
): Promise<void> {
  const giveUpAt = Date.now() + ARRIVE_WITHIN_MS;
  while (Date.now() < giveUpAt) {
    const announced = await announcedTo(pool, agents);
    const isThere = receivers.every(
      ({ manner, receipts }, index) =>
        manner !== 'well' || [...announced.get(agents[index]!)!].every((id) => receipts.has(id)),
    );
    if (isThere && (await isAllListed(pool, agents, announced))) return;
    await sleep(100);
  }
}

async function isAllListed(
  pool: pg.Pool,
  agents: readonly string[],
  announced: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<boolean> {
  const { rows } = await pool.query<{ count: number }>(
    'SELECT count(*)::int FROM webhook_deliveries WHERE agent_id = ANY ($1)',
    [agents],
  );
  return rows[0]!.count >= [...announced.values()].reduce((sum, ids) => sum + ids.size, 0);
}

async function announcedTo(pool: pg.Pool, agents: readonly string[]): Promise<Map<string, Set<string>>> {
  const { rows } = await pool.query<{ agent: string; id: string }>(
    `SELECT agent, id FROM outbox, unnest(audience) AS agent
      WHERE agent = ANY ($1) AND name <> 'webhook.disabled'`,
    [agents],
  );
  const announced = new Map(agents.map((agent) => [agent, new Set<string>()]));
  for (const { agent, id } of rows) announced.get(agent)!.add(id);
  return announced;
}

async function judge(
  pool: pg.Pool,
  agents: readonly string[],
  receivers: readonly FarmReceiver[],
  toTheEnd: boolean,
): Promise<Pick<Report, 'events' | 'faults' | 'states' | 'duplicates'>> {
  const announced = await announcedTo(pool, agents);
  const { rows } = await pool.query<{ agent_id: string; event_id: string; state: string; attempts: number }>(
    `SELECT agent_id, event_id, state, (SELECT count(*)::int FROM webhook_attempts WHERE delivery_id = row_id) AS attempts
       FROM webhook_deliveries WHERE agent_id = ANY ($1)`,
    [agents],
  );
  const faults = receivers.flatMap((receiver) => receiver.faults());
  const states: Record<string, number> = {};
  for (const [index, agent] of agents.entries()) {
    const { manner, receipts } = receivers[index]!;
    const deliveries = rows.filter(({ agent_id }) => agent_id === agent);
    const known = new Set(deliveries.map(({ event_id }) => event_id));
    for (const id of announced.get(agent)!) {
      if (!known.has(id)) faults.push(`${id} has no delivery to ${agent}`);
      if (manner === 'well' && !receipts.has(id)) faults.push(`${id} never reached the healthy ${agent}`);
    }
    for (const { event_id, state, attempts } of deliveries) {
      states[`${manner} ${state}`] = (states[`${manner} ${state}`] ?? 0) + 1;
      if (!announced.get(agent)!.has(event_id)) faults.push(`${event_id} was made up for ${agent}`);
      if (state === 'delivered' && !receipts.has(event_id))
        faults.push(`${event_id} is said to be delivered`);
      if (state === 'failed' && attempts === 0) faults.push(`${event_id} failed without an attempt`);
      if (toTheEnd && state === 'pending') faults.push(`${event_id} is still pending`);
    }
  }
  const all = receivers.flatMap(({ receipts }) => [...receipts.values()]);
  const duplicates = all.reduce((sum, receipts) => sum + receipts.length - 1, 0);
  const events = [...announced.values()].reduce((sum, ids) => sum + ids.size, 0);
  return { events, faults, states, duplicates };
}

function percentiles(ms: readonly number[]): Report['peaceMs'] {
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export const inLines = ({ events, kills, duplicates, states, peaceMs, faults }: Report): string[] => [
  `${events} events, ${kills} senders killed, ${duplicates} requests more than needed`,
  ...MANNERS.map((manner) => `  ${manner.padEnd(9)} ${statesOf(states, manner)}`),
  `healthy receivers in peace: p50 ${peaceMs.p50} ms, p99 ${peaceMs.p99} ms, max ${peaceMs.max} ms`,
  faults.length === 0
    ? 'Every event was delivered at least once or has visibly failed.'
    : `${faults.length} faults:`,
  ...faults.slice(0, 20).map((fault) => `  ${fault}`),
];

const statesOf = (states: Report['states'], manner: Manner): string =>
  Object.entries(states)
    .filter(([name]) => name.startsWith(`${manner} `))
    .map(([name, count]) => `${count} ${name.slice(manner.length + 1)}`)
    .join(', ');
