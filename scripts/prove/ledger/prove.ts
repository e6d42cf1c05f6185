import { rmSync } from 'node:fs';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { verifyLedger } from '#cli/verify-ledger';
import { sharedOptions } from '#platform/database';
import { type EmbeddedServer, startEmbeddedPostgres } from '#platform/embedded-postgres';
import { freePort } from '../../bench/api-process.js';
import { insertAgents, knownAgents, KNOWN_SECRETS } from '../../bench/many-agents.js';
import { Chaos } from './chaos.js';
import { type Final, PatientClient } from './client.js';
import { type Cast, nextDeed } from './deeds.js';
import { Dice } from './dice.js';
import { judge, sumOfBalances } from './judge.js';

export interface ProofPlan {
  /** Everything in it is removed first. */
  home: string;
  seconds: number;
  clients: number;
  seed: number;
}

export interface Proof {
  acknowledged: number;
  refused: number;
  /** Requests that had to be sent more than once to learn what became of them. */
  retried: number;
  apiKills: number;
  databaseKills: number;
  lies: string[];
}

/** Clients that never give up, a program and a database that are killed all the time; then the books. */
export async function proveLedger({ home, seconds, clients, seed }: ProofPlan): Promise<Proof> {
  rmSync(home, { recursive: true, force: true });
  const env = { ...KNOWN_SECRETS, RATE_LIMIT_FACTOR: '100000', LOG_LEVEL: 'warn' };
  const chaos = new Chaos({ home, port: await freePort(), env }, new Dice(seed));
  try {
    const baseUrl = await chaos.start();
    const cast = { rich: knownAgents(40), poor: knownAgents(20, 40) };
    const startedWith = await withServer(home, (superuser) => enter(superuser, cast));
    const finals = await underFire(chaos, new PatientClient(baseUrl), cast, { seconds, clients, seed });
    await chaos.stop();
    const lies = await withServer(home, async (superuser, server) => [
      ...(chaos.crashes > 0 ? [`The API ended ${chaos.crashes} times by itself: see ${home}/api.log`] : []),
      ...(await judge(superuser, finals, startedWith)),
      ...(await driftsOf(server)),
    ]);
    return { ...countsOf(finals), apiKills: chaos.apiKills, databaseKills: chaos.databaseKills, lies };
  } finally {
    await chaos.stop();
  }
}

async function underFire(
  chaos: Chaos,
  client: PatientClient,
  cast: Cast,
  { seconds, clients, seed }: Omit<ProofPlan, 'home'>,
): Promise<Final[]> {
  const fire = { burns: true };
  const raging = chaos.rage(seconds).finally(() => (fire.burns = false));
  const live = async (number: number): Promise<Final[]> => {
    const dice = new Dice(seed * 1_000 + number);
    const finals: Final[] = [];
    for (let count = 0; fire.burns; count++)
      finals.push(...(await client.do(nextDeed(dice, cast, `${seed}-${number}-${count}`))));
    return finals;
  };
  const lives = Array.from({ length: clients }, (_, number) => live(number));
  try {
    await raging;
    return (await Promise.all(lives)).flat();
  } finally {
    await client.close();
  }
}

/** Watching over the server is the program's part: we look in for a moment only. */
async function withServer<T>(
  home: string,
  look: (superuser: pg.Client, server: EmbeddedServer) => Promise<T>,
): Promise<T> {
  const server = await startEmbeddedPostgres({ home });
  const superuser = new pg.Client({ connectionString: server.url('superuser') });
  await superuser.connect();
  try {
    return await look(superuser, server);
  } finally {
    await superuser.end();
    await server.stop();
  }
}

async function enter(superuser: pg.Client, { rich, poor }: Cast): Promise<string> {
  await insertAgents(superuser, rich, 100_000);
  await insertAgents(superuser, poor, 5);
  return sumOfBalances(superuser);
}

async function driftsOf(server: EmbeddedServer): Promise<string[]> {
  const dataSource = await new DataSource({
    ...sharedOptions(server.url('app')),
    poolSize: 2,
  }).initialize();
  const { clean, lines } = await verifyLedger(dataSource, { full: true, at: new Date() });
  await dataSource.destroy();
  return clean ? [] : lines;
}

const countsOf = (finals: readonly Final[]): Pick<Proof, 'acknowledged' | 'refused' | 'retried'> => ({
  acknowledged: finals.filter(({ status }) => status === 201).length,
  refused: finals.filter(({ status }) => status !== 201).length,
  retried: finals.filter(({ attempts }) => attempts > 1).length,
});
