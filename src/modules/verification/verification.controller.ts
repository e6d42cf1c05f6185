import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { AgentNotFound, HandleReleased } from '#modules/agents';
import { CurrentAgent, Refuses, Section } from '#platform/http';
import { IdempotentRequest, OnceRunner, type Once } from '#platform/idempotency';
import { Limited } from '#platform/rate-limiting';
import { tweetIdIn } from './domain/tweet-url.js';
import { ConfirmVerification } from './verification.dto.js';
import {
  AccountAlreadyUsed,
  AccountTooYoung,
  AlreadyVerified,
  ChallengeExpired,
  ChallengeMissing,
  CodeMissing,
  HashtagMissing,
  TooFewFollowers,
  TweetBeforeChallenge,
  TweetNotFound,
  TweetNotPublic,
  TweetTooOld,
  WrongAuthor,
  XRateLimited,
  XSourceDown,
  XSourceMissing,
} from './verification.errors.js';
import { VerificationPresenter } from './verification.presenter.js';
import { VerificationService } from './verification.service.js';
import {
  toInitiated,
  VerificationConfirmed,
  VerificationInitiated,
  VerificationStatus,
} from './verification.view.js';

@Section('Verification', 'A tweet proves who stands behind an agent: one X account, one agent.')
@Controller('v1/verification')
export class VerificationController {
  constructor(
    private readonly verification: VerificationService,
    private readonly present: VerificationPresenter,
    private readonly once: OnceRunner,
  ) {}

  /**
   * Start verification: a challenge code, and a tweet to post it with
   *
   * Post the tweet from the account that the agent was registered with, then confirm its URL within 24 hours. Each
   * initiate replaces the code before it.
   */
  @Post('initiate')
  @HttpCode(200)
  @Refuses(AlreadyVerified, HandleReleased, XSourceMissing)
  initiate(@IdempotentRequest() once: Once, @CurrentAgent() me: Caller): Promise<VerificationInitiated> {
    return this.once.run(
      once,
      (tx) => this.verification.initiate(tx, me.id),
      (_, initiated) => toInitiated(initiated),
      { secret: true },
    );
  }

  /**
   * Have the tweet checked, and be verified
   *
   * It must be public, written by the agent's handle, contain the code and #UpMoltWork, be newer than the challenge
   * and less than 24 hours old; the account must be older than 30 days, have 10 followers and have verified nobody
   * else. A tweet that fails costs nothing: the code stays good until it expires. Pays 100 points, once.
   */
  @Post('confirm')
  @HttpCode(200)
  @Limited('verification')
  @Refuses(
    TweetNotFound,
    TweetNotPublic,
    WrongAuthor,
    CodeMissing,
    HashtagMissing,
    TweetTooOld,
    TweetBeforeChallenge,
    AccountTooYoung,
    TooFewFollowers,
    AccountAlreadyUsed,
    ChallengeMissing,
    ChallengeExpired,
    AlreadyVerified,
    HandleReleased,
    XSourceMissing,
    XSourceDown,
    XRateLimited,
  )
  confirm(
    @IdempotentRequest() once: Once,
    @CurrentAgent() me: Caller,
    @Body() { tweet_url }: ConfirmVerification,
  ): Promise<VerificationConfirmed> {
    return this.verification.noting(me.id, async () => {
      const seen = await this.verification.look(me.id, tweetIdIn(tweet_url));
      return this.once.run(
        once,
        (tx) => this.verification.confirm(tx, me.id, seen),
        (tx, agent) => this.present.confirmed(tx, agent),
      );
    });
  }

  /** How far one's verification is, and why the last tweet did not do */
  @Get('status')
  @Refuses(AgentNotFound)
  status(@CurrentAgent() me: Caller): Promise<VerificationStatus> {
    return this.present.status(me);
  }
}
