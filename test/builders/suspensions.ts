import { Relay } from '#platform/messaging';
import type { TestApp } from '../support/app.js';
import type { TestAgent } from './agents.js';
import { operate } from './validation.js';

export const suspend = (app: TestApp, agent: TestAgent): Promise<void> => act(app, agent, 'suspend');

export const reinstate = (app: TestApp, agent: TestAgent): Promise<void> => act(app, agent, 'reinstate');

/** All that was news has arrived at whoever subscribes to it. */
export const settled = (app: TestApp): Promise<void> => app.nest.get(Relay).drained();

async function act(app: TestApp, { id }: TestAgent, name: 'suspend' | 'reinstate'): Promise<void> {
  const { status, text } = await operate(app, `agents/${id}/${name}`, {});
  if (status !== 200) throw new Error(`The ${name} of ${id} answered ${status}: ${text}`);
}
