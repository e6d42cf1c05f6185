import { after, HOUR_MS } from '#kernel/clock';
import { aRegisteredAgent } from '#test/builders/registry';
import { NoRotationInProgress, RotationInProgress, WebhookUrlMissing } from '../agents.errors.js';
import { reportWebhook } from './report-webhook.js';
import { activateSecret, rotateSecret } from './webhook-secret.js';

const AT = new Date('2026-03-13T10:00:00Z');
const [OLD, NEW] = [Buffer.from('old'), Buffer.from('new')];
const URL = 'https://a.example/hook';
const agent = aRegisteredAgent({ webhookUrl: URL, webhookStatus: 'active', webhookSecret: OLD });
const rotation = { sealed: NEW, overlapHours: 24, canOpenCurrent: true };

describe('A rotation of the webhook secret', () => {
  it('lets both secrets sign during the overlap', () => {
    expect(rotateSecret(agent, rotation, AT).agent).toMatchObject({
      webhookSecret: OLD,
      webhookNextSecret: NEW,
      webhookOverlapEndsAt: after(AT, 24 * HOUR_MS),
    });
  });

  it.each([
    ['without an overlap', { ...rotation, overlapHours: 0 }],
    ['of a secret that cannot be opened', { ...rotation, canOpenCurrent: false }],
  ])('%s replaces it at once', (_, wanted) => {
    expect(rotateSecret(agent, wanted, AT).agent).toMatchObject({
      webhookSecret: NEW,
      webhookNextSecret: null,
      webhookOverlapEndsAt: null,
    });
  });

  it('begins with the secret that signs, when an earlier overlap has passed by itself', () => {
    const earlier = rotateSecret(agent, rotation, AT).agent;
    const third = Buffer.from('third');
    const later = rotateSecret(earlier, { ...rotation, sealed: third }, after(AT, 25 * HOUR_MS));
    expect(later.agent).toMatchObject({ webhookSecret: NEW, webhookNextSecret: third });
  });

  it('is refused during another, and without a webhook', () => {
    const rotating = rotateSecret(agent, rotation, AT).agent;
    expect(() => rotateSecret(rotating, rotation, AT)).toThrow(RotationInProgress);
    expect(() => rotateSecret(aRegisteredAgent(), rotation, AT)).toThrow(WebhookUrlMissing);
  });

  it('ends when the new secret is activated', () => {
    const rotating = rotateSecret(agent, rotation, AT).agent;
    expect(activateSecret(rotating, AT).agent).toMatchObject({
      webhookSecret: NEW,
      webhookNextSecret: null,
      webhookOverlapEndsAt: null,
    });
    expect(() => activateSecret(agent, AT)).toThrow(NoRotationInProgress);
  });
});

describe('A report on a webhook', () => {
  const off = { url: URL, status: 'disabled', reason: 'It answered 410.', failedEvent: 'evt_1' } as const;

  it('turns it off, and tells its owner', () => {
    const change = reportWebhook(agent, off, AT)!;
    expect(change.agent).toMatchObject({
      webhookStatus: 'disabled',
      webhookDisabledReason: 'It answered 410.',
      webhookFailedEvent: 'evt_1',
    });
    expect(change.events).toMatchObject([{ name: 'webhook.disabled', data: { event_id: 'evt_1' } }]);
  });

  it('turns one on that was being verified, without a word', () => {
    const change = reportWebhook(
      { ...agent, webhookStatus: 'verifying' },
      { url: URL, status: 'active' },
      AT,
    )!;
    expect([change.agent.webhookStatus, change.events]).toEqual(['active', []]);
  });

  it.each([
    ['says what is known', agent, { url: URL, status: 'active' } as const],
    ['is about an address that is gone', agent, { ...off, url: `${URL}/old` }],
    ['comes after it was switched off', { ...agent, webhookStatus: 'disabled' as const }, off],
  ])('that %s changes nothing', (_, before, outcome) => {
    expect(reportWebhook(before, outcome, AT)).toBeUndefined();
  });
});
