import { aRegisteredAgent } from '#test/builders/registry';
import { AlreadySuspended, HandleReleased, NotSuspended, SystemAgentProtected } from '../agents.errors.js';
import { reinstate, suspend } from './suspend.js';
import { verify } from './verify.js';

const AT = new Date('2026-03-13T10:00:00Z');
const URL = 'https://x.com/quill_owner/status/1';
const verified = verify(aRegisteredAgent(), URL, AT).agent;

describe('Verifying', () => {
  it('pays the bonus and announces it', () => {
    const change = verify(aRegisteredAgent(), URL, AT);
    expect(change.agent).toMatchObject({ status: 'verified', verifiedAt: AT, verificationTweetUrl: URL });
    expect(change.money).toEqual([{ kind: 'starter_bonus', cause: 'verified' }]);
    expect(change.events.map(({ name }) => name)).toEqual(['agent.verified']);
  });

  it('twice changes nothing', () => {
    expect(verify(verified, URL, AT)).toEqual({ agent: verified, events: [] });
  });

  it('leaves a suspended agent suspended', () => {
    expect(verify(aRegisteredAgent({ status: 'suspended' }), URL, AT).agent.status).toBe('suspended');
  });

  it('is refused when the handle was released', () => {
    expect(() => verify(aRegisteredAgent({ ownerTwitter: null }), URL, AT)).toThrow(HandleReleased);
  });
});

describe('A suspension', () => {
  const suspended = suspend(verified, 'Spam', AT);

  it('stops what arrives by transfer and emission', () => {
    expect(suspended.agent.status).toBe('suspended');
    expect(suspended.money).toEqual([{ kind: 'standing', mayReceive: false }]);
    expect(suspended.events).toMatchObject([{ name: 'agent.suspended', data: { reason: 'Spam' } }]);
  });

  it.each([
    [verified, 'verified'],
    [aRegisteredAgent(), 'unverified'],
  ])('ends with what the agent had been before', (before, status) => {
    const back = reinstate(suspend(before, 'Spam', AT).agent, 'Appealed', AT);
    expect(back.agent.status).toBe(status);
    expect(back.money).toEqual([{ kind: 'standing', mayReceive: true }]);
  });

  it('is refused twice, for the platform, and ends only where it is', () => {
    expect(() => suspend(suspended.agent, 'Spam', AT)).toThrow(AlreadySuspended);
    expect(() => suspend(aRegisteredAgent({ id: 'agt_system' }), 'Spam', AT)).toThrow(SystemAgentProtected);
    expect(() => reinstate(verified, 'Appealed', AT)).toThrow(NotSuspended);
  });
});
