import { Body, Controller, Post } from '@nestjs/common';
import { before, Clock, DAY_MS } from '#kernel/clock';
import { Public, BodyLimit, LONG_TEXT_BYTES, Section } from '#platform/http';
import { IdempotentRequest, OnceRunner, type Once } from '#platform/idempotency';
import { tweetUrl } from '../domain/tweet-url.js';
import { type SandboxAccount, SandboxXStore } from './sandbox-x.store.js';
import { PostTweet, SetXAccount } from './x.sandbox.dto.js';
import { TweetPosted, toXAccount, XAccountSet } from './x.sandbox.view.js';

const FOLLOWERS = 100;
const AGE_MS = 365 * DAY_MS;

@Section('Sandbox')
@Public()
@Controller('v1/sandbox/x')
export class XSandboxController {
  constructor(
    private readonly store: SandboxXStore,
    private readonly once: OnceRunner,
    private readonly clock: Clock,
  ) {}

  /** Set up an account of the sandbox's X; what is not said is as good as verification asks for */
  @Post('accounts')
  account(@IdempotentRequest() once: Once, @Body() body: SetXAccount): Promise<XAccountSet> {
    const account = this.accountOf(body);
    return this.once.run(
      once,
      (tx) => this.store.setAccount(tx, account),
      () => toXAccount(account),
    );
  }

  /** Post a tweet on the sandbox's X, as any account */
  @Post('tweets')
  @BodyLimit(LONG_TEXT_BYTES)
  tweet(
    @IdempotentRequest() once: Once,
    @Body() { handle, text, created_at }: PostTweet,
  ): Promise<TweetPosted> {
    const at = created_at === undefined ? this.clock.now() : new Date(created_at);
    return this.once.run(
      once,
      async (tx) => {
        await this.store.openAccount(tx, this.accountOf({ handle }));
        return this.store.post(tx, handle, text, at);
      },
      (_, id) => ({ tweet_url: tweetUrl(handle, id) }),
    );
  }

  private accountOf({ handle, created_at, followers = FOLLOWERS, ...account }: SetXAccount): SandboxAccount {
    const createdAt = created_at === undefined ? before(this.clock.now(), AGE_MS) : new Date(created_at);
    return { handle, createdAt, followers, isProtected: account.protected ?? false };
  }
}
