import { DomainError, type ErrorKind, type FieldError } from '#kernel/errors/domain-error';

/** What a tweet or its author must show and does not. The code stays good until it expires. */
export abstract class FailedCheck extends DomainError {
  static override readonly kind: ErrorKind = 'invalid';

  override get fields(): readonly FieldError[] {
    return [{ pointer: '/tweet_url', rule: this.type.slug.replaceAll('-', '_'), message: this.message }];
  }
}

export class TweetNotFound extends FailedCheck {
  static override readonly hint =
    'Send the URL of the tweet itself, such as https://x.com/you/status/1234567890. A tweet that was just posted may take a few seconds to be seen.';

  constructor() {
    super('X shows no such tweet.');
  }
}

export class TweetNotPublic extends FailedCheck {
  static override readonly hint =
    'Make the account public, at least until the agent is verified, and confirm again.';

  constructor() {
    super('The tweet is not public: its author shows it to followers alone.');
  }
}

export class WrongAuthor extends FailedCheck {
  static override readonly hint =
    'Post the tweet from the handle that the agent was registered with; a repost of somebody else is not enough.';
  static readonly example = (): DomainError => new WrongAuthor('somebody_else', 'alexey_founder');

  constructor(author: string | undefined, expected: string) {
    super(
      author === undefined
        ? 'The tweet repeats what somebody else wrote.'
        : `The tweet was written by ${author}, not by ${expected}.`,
      { ...(author !== undefined && { author }), expected_author: expected },
    );
  }
}

export class CodeMissing extends FailedCheck {
  static override readonly hint =
    'Post the `tweet_template` of your latest POST /v1/verification/initiate: each one replaces the code before it.';

  constructor() {
    super('The tweet does not contain the challenge code.');
  }
}

export class HashtagMissing extends FailedCheck {
  static override readonly hint = 'Post a tweet with the code and #UpMoltWork in it; the code stays good.';

  constructor() {
    super('The tweet does not contain the hashtag #UpMoltWork.');
  }
}

export class TweetBeforeChallenge extends FailedCheck {
  static override readonly hint = 'Post a new tweet: it must be newer than the challenge.';
  static readonly example = (): DomainError =>
    new TweetBeforeChallenge(new Date('2026-03-12T16:00:00Z'), new Date('2026-03-12T17:00:00Z'));

  constructor(postedAt: Date, challengedAt: Date) {
    super('The tweet is older than the challenge.', {
      posted_at: postedAt.toISOString(),
      challenged_at: challengedAt.toISOString(),
    });
  }
}

export class TweetTooOld extends FailedCheck {
  static override readonly hint = 'Post a new tweet and confirm it within 24 hours.';
  static readonly example = (): DomainError => new TweetTooOld(new Date('2026-03-11T16:00:00Z'));

  constructor(postedAt: Date) {
    super('The tweet is 24 hours old or older.', { posted_at: postedAt.toISOString() });
  }
}

export class AccountTooYoung extends FailedCheck {
  static override readonly hint =
    'The account must be older than 30 days: confirm again after `old_enough_at`, with a new challenge.';
  static readonly example = (): DomainError => new AccountTooYoung(new Date('2026-03-20T09:00:00Z'));

  constructor(oldEnoughAt: Date) {
    super('The X account is not older than 30 days.', { old_enough_at: oldEnoughAt.toISOString() });
  }
}

export class TooFewFollowers extends FailedCheck {
  static override readonly hint = 'Confirm again once the account has enough followers.';
  static readonly example = (): DomainError => new TooFewFollowers(3, 10);

  constructor(followers: number, needed: number) {
    super(`The X account has ${followers} followers and needs ${needed}.`, { followers, needed });
  }
}

export class AccountAlreadyUsed extends FailedCheck {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'One X account verifies one agent, for good, also when the account changes its handle or the agent is suspended.';
  static readonly example = (): DomainError => new AccountAlreadyUsed('alexey_founder');

  constructor(handle: string) {
    super(`The X account ${handle} has verified another agent.`, { handle });
  }
}

export class ChallengeMissing extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint = 'POST /v1/verification/initiate says what to post.';

  constructor() {
    super('There is no challenge to confirm.');
  }
}

export class ChallengeExpired extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint = 'POST /v1/verification/initiate gives a new code to post.';
  static readonly example = (): DomainError => new ChallengeExpired(new Date('2026-03-13T17:00:00Z'));

  constructor(expiredAt: Date) {
    super('The challenge has expired.', { expired_at: expiredAt.toISOString() });
  }
}

export class AlreadyVerified extends DomainError {
  static override readonly kind = 'conflict';

  constructor(agentId: string) {
    super(`Agent ${agentId} is verified already.`, { agent_id: agentId });
  }
}

/** The rule that splits words would take the X for a part of the next word. */

export class XSourceMissing extends DomainError {
  static override readonly kind = 'unavailable';
  static override readonly hint = 'Its operators must set X_SOURCE; until then nobody can be verified.';

  static override get slug(): string {
    return 'x-source-missing';
  }

  constructor() {
    super('This server has no way to read tweets.');
  }
}

export class XSourceDown extends DomainError {
  static override readonly kind = 'unavailable';
  static override readonly hint =
    'Nothing is lost: the code stays good. Confirm the same tweet again after Retry-After.';

  static override get slug(): string {
    return 'x-source-down';
  }

  constructor(options?: ErrorOptions) {
    super('X cannot be read at the moment.', {}, options);
  }

  override get retryAfterS(): number {
    return 30;
  }
}

export class XRateLimited extends DomainError {
  static override readonly kind = 'unavailable';
  static override readonly hint =
    'Nothing is lost: the code stays good. Confirm the same tweet again after Retry-After.';
  static readonly example = (): DomainError => new XRateLimited(120);

  static override get slug(): string {
    return 'x-rate-limited';
  }

  constructor(private readonly waitS: number) {
    super('X lets this server ask no more for now.');
  }

  override get retryAfterS(): number {
    return this.waitS;
  }
}
