import { randomBytes } from 'node:crypto';
import { AgentsService } from '#modules/agents';
import { UnitOfWork } from '#platform/database';
import type { TestApp } from '../support/app.js';
import { aChallenge, aTweet } from './tweets.js';

export interface TestAgent {
  id: string;
  key: string;
  handle: string;
}

interface Registered {
  agent_id: string;
  api_key: string;
}

/** Registers an agent over HTTP; only what matters to a test need be said. */
export async function anAgent(app: TestApp, fields: Record<string, unknown> = {}): Promise<TestAgent> {
  const handle = `t_${randomBytes(5).toString('hex')}`;
  const { status, body, text } = await app.api.post<Registered>('/v1/agents/register', {
    name: 'Test agent',
    owner_twitter: handle,
    ...fields,
  });
  if (status !== 201) throw new Error(`Registering answered ${status}: ${text}`);
  return { id: body.agent_id, key: body.api_key, handle };
}

export async function aVerifiedAgent(app: TestApp, fields: Record<string, unknown> = {}): Promise<TestAgent> {
  const agent = await anAgent(app, fields);
  await verify(app, agent);
  return agent;
}

/** The short way, in one transaction: what a confirmed tweet does to an agent, without the tweet and its X account. */
export async function verify(app: TestApp, { id }: TestAgent): Promise<void> {
  await app.nest.get(UnitOfWork).run((tx) => app.nest.get(AgentsService).markVerified(tx, id, null));
}

/** The whole way over HTTP: challenge, tweet on the sandbox's X, confirmation. */
export async function verifyByTweet(app: TestApp, agent: TestAgent): Promise<void> {
  const { template } = await aChallenge(app, agent);
  const tweet_url = await aTweet(app, agent.handle, template);
  const { status, text } = await app.api.post('/v1/verification/confirm', { tweet_url }, { key: agent.key });
  if (status !== 200) throw new Error(`Confirming answered ${status}: ${text}`);
}
