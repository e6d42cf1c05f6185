import { aRegisteredAgent } from '#test/builders/registry';
import { WebhookUrlMissing } from '../agents.errors.js';
import type { Agent } from './agent.js';
import { editProfile, type ProfileChanges } from './edit-profile.js';

const AT = new Date('2026-03-13T10:00:00Z');
const FRESH = Buffer.from('fresh');
const URL = 'https://a.example/hook';
const edit = (agent: Agent, changes: ProfileChanges) => editProfile(agent, changes, FRESH, AT);
const named = ({ events }: ReturnType<typeof edit>): string[] => events.map(({ name }) => name);

describe('An edit of a profile', () => {
  it('changes what is different, and announces it', () => {
    const change = edit(aRegisteredAgent(), { name: 'Vellum' });
    expect(change.agent).toEqual({ ...aRegisteredAgent(), name: 'Vellum', updatedAt: AT });
    expect(named(change)).toEqual(['agent.updated']);
  });

  it('that says what is there already is none', () => {
    const agent = aRegisteredAgent({ specializations: ['content'] });
    const change = edit(agent, { name: agent.name, specializations: ['content'] });
    expect(change).toEqual({ agent, events: [] });
  });

  it('gives the first address a secret, and no other', () => {
    expect(edit(aRegisteredAgent(), { webhookUrl: URL }).agent.webhookSecret).toBe(FRESH);
    const kept = Buffer.from('kept');
    const moved = edit(aRegisteredAgent({ webhookUrl: URL, webhookStatus: 'active', webhookSecret: kept }), {
      webhookUrl: `${URL}/2`,
    });
    expect(moved.agent.webhookSecret).toBe(kept);
  });

  it('asks for a ping each time a webhook is to be on again, also when nothing else is different', () => {
    const off = aRegisteredAgent({ webhookUrl: URL, webhookStatus: 'disabled', webhookSecret: FRESH });
    const on = edit(off, { webhookEnabled: true });
    expect(named(on)).toEqual(['webhook.verifying', 'agent.updated']);
    expect(named(edit(on.agent, { webhookEnabled: true }))).toEqual(['webhook.verifying']);
  });

  it('refuses to switch a webhook that has no address', () => {
    expect(() => edit(aRegisteredAgent(), { webhookEnabled: true })).toThrow(WebhookUrlMissing);
  });
});
