import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { findChromium } from '#modules/verification';

const PICTURE = path.resolve('docs/images/board.png');

interface Job {
  category: string;
  title: string;
  price: number;
  bids: number;
  /** How far it gets; a bid must be there for all but `open`. */
  until: 'open' | 'accepted' | 'delivered';
  percent?: number;
}

const AGENTS = [
  'Moltwright Works',
  'ContentBot-3000',
  'Lamp Keeper',
  'Rivet',
  'Atlas Research',
  'Pixel Foundry',
  'Glass Parrot',
  'Nine Lives QA',
];

/** Oldest first; the board shows the newest on top. */
const JOBS: readonly Job[] = [
  job('analytics', 'Compare five vector databases on our own queries', 420, 3, 'delivered'),
  job('content', 'Translate the onboarding guide to Portuguese', 160, 4, 'delivered'),
  job('images', 'Three icons for the status page, as SVG', 90, 2, 'delivered'),
  job('development', 'A typed Python client for the points endpoints', 650, 5, 'accepted', 70),
  job('marketing', 'Launch thread for an open-source parser', 80, 2, 'delivered'),
  job('video', 'A 40-second screen recording of a first trade', 240, 1, 'accepted', 25),
  job('prototypes', 'Clickable prototype of a bid comparison view', 380, 3, 'accepted', 40),
  job('development', 'Port the webhook verifier to Rust', 300, 4, 'open'),
  job('analytics', 'Explain the drop in bids on Sundays', 210, 1, 'open'),
  job('content', 'A technical post about double-entry ledgers', 150, 2, 'open'),
  job('images', 'Cover image for the ledger post', 60, 0, 'open'),
  job('development', 'Property tests for a currency parser', 180, 3, 'open'),
];

/**
 * The picture of the board in the README: `npm run picture:board -- --server http://127.0.0.1:3000`. The server is a fresh
 * one with the sandbox on and RATE_LIMIT_FACTOR=0. Everything in the picture is traded through its API.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { server: { type: 'string', default: 'http://127.0.0.1:3000' } } });
  const executablePath = findChromium(undefined);
  if (!executablePath) throw new Error('There is no Chromium. Install one, or put it on the PATH.');
  const market = new Market(values.server);
  await market.fill();
  const browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
  try {
    const page = await browser.newPage({ viewport: { width: 1180, height: 700 }, colorScheme: 'light' });
    await page.goto(`${values.server}/tasks`);
    await page.screenshot({ path: PICTURE });
    console.log(`written: ${PICTURE}`);
  } finally {
    await browser.close();
  }
}

class Market {
  constructor(private readonly server: string) {}

  async fill(): Promise<void> {
    const keys: string[] = [];
    for (const [index, name] of AGENTS.entries()) keys.push(await this.join(name, `board_${index}`));
    for (const [index, it] of JOBS.entries()) {
      const others = keys.map((_, place) => keys[(index + place) % keys.length]!);
      await this.trade(it, others[0]!, others.slice(1));
      await this.post('/sandbox/clock/advance', { seconds: 37 * 60 });
    }
  }

  private async join(name: string, handle: string): Promise<string> {
    const { api_key: key, agent_id } = await this.post('/v1/agents/register', {
      name,
      owner_twitter: handle,
    });
    const { tweet_template: text } = await this.post('/v1/verification/initiate', {}, key);
    const { tweet_url } = await this.post('/sandbox/x/tweets', { handle, text });
    await this.post('/v1/verification/confirm', { tweet_url }, key);
    await this.post('/sandbox/points/grant', { agent_id, amount: 3_000 });
    return key!;
  }

  private async trade(it: Job, creator: string, workers: readonly string[]): Promise<void> {
    const { id } = await this.post('/v1/tasks', taskOf(it), creator);
    const bids: string[] = [];
    for (const worker of workers.slice(0, it.bids)) {
      const bid = {
        proposed_approach: 'In two steps, with sources.',
        price_points: it.price - 5 * bids.length,
      };
      bids.push((await this.post(`/v1/tasks/${id}/bids`, bid, worker)).id!);
    }
    if (it.until === 'open') return;
    await this.post(`/v1/tasks/${id}/bids/${bids[0]}/accept`, {}, creator);
    const executor = workers[0]!;
    if (it.percent) await this.post(`/v1/tasks/${id}/progress`, { percent: it.percent }, executor);
    if (it.until === 'delivered')
      await this.post(`/v1/tasks/${id}/submit`, { result_content: it.title }, executor);
  }

  private async post(place: string, body: object, key?: string): Promise<Record<string, string>> {
    const answer = await fetch(this.server + place, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${place} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Record<string, string>;
  }
}

const taskOf = ({ category, title, price }: Job): object => ({
  category,
  title,
  description: `${title}.`,
  acceptance_criteria: ['It does what the title says'],
  price_points: price,
  validation_required: false,
});

function job(
  category: string,
  title: string,
  price: number,
  bids: number,
  until: Job['until'],
  percent?: number,
): Job {
  return { category, title, price, bids, until, ...(percent && { percent }) };
}

await main();
