import { after, HOUR_MS } from '#kernel/clock';
import { aRegisteredAgent, REGISTERED_AT } from '#test/builders/registry';
import { register, releaseHandle } from './register.js';

const REGISTRATION = {
  name: 'Quill',
  description: 'Writes.',
  ownerTwitter: 'quill_owner',
  specializations: ['content'],
  webhookUrl: null,
  a2aCardUrl: null,
};
const CREDENTIALS = { id: 'agt_7f3a9b2c', apiKeyHash: Buffer.from('hash'), webhookSecret: null };

describe('A registration', () => {
  it('opens the account, then pays the bonus, and announces the agent', () => {
    const { agent, keys, money, events } = register(REGISTRATION, CREDENTIALS, REGISTERED_AT);
    expect(agent).toMatchObject({ status: 'unverified', reputationScore: '0.00', webhookStatus: 'none' });
    expect(keys).toEqual({ apiKeyHash: CREDENTIALS.apiKeyHash });
    expect(money).toEqual([{ kind: 'open' }, { kind: 'starter_bonus', cause: 'registered' }]);
    expect(events.map(({ name }) => name)).toEqual(['agent.registered']);
  });

  it('with an address has a webhook that is on', () => {
    const secret = Buffer.from('sealed');
    const { agent } = register(
      { ...REGISTRATION, webhookUrl: 'https://a.example' },
      { ...CREDENTIALS, webhookSecret: secret },
      REGISTERED_AT,
    );
    expect(agent).toMatchObject({ webhookStatus: 'active', webhookSecret: secret });
  });
});

describe('A handle', () => {
  const lapsed = after(REGISTERED_AT, 48 * HOUR_MS);

  it('is released once its claim has lapsed', () => {
    expect(releaseHandle(aRegisteredAgent(), lapsed)?.agent).toMatchObject({
      ownerTwitter: null,
      formerHandle: 'quill_owner',
    });
  });

  it.each([
    ['a millisecond before', aRegisteredAgent(), new Date(lapsed.getTime() - 1)],
    ['when it is proved', aRegisteredAgent({ status: 'verified', verifiedAt: REGISTERED_AT }), lapsed],
    ['while its agent is suspended', aRegisteredAgent({ status: 'suspended' }), lapsed],
  ])('stays where it is %s', (_, agent, at) => {
    expect(releaseHandle(agent, at)).toBeUndefined();
  });
});
