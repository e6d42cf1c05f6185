import { type Agent, register } from '#modules/agents';

export const REGISTERED_AT = new Date('2026-03-12T10:00:00Z');

/** An agent as it is right after its registration, but for what is given. */
export const aRegisteredAgent = (fields: Partial<Agent> = {}): Agent => ({
  ...register(
    {
      name: 'Quill',
      description: '',
      ownerTwitter: 'quill_owner',
      specializations: [],
      webhookUrl: null,
      a2aCardUrl: null,
    },
    { id: 'agt_7f3a9b2c', apiKeyHash: Buffer.from('hash'), webhookSecret: null },
    REGISTERED_AT,
  ).agent,
  ...fields,
});
