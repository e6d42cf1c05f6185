import { Env } from './env.js';

export interface Keys {
  apiKeyPepper: string;
  encryption: string;
  signing: string;
}

/** What the program runs with: the environment, and what follows from it or was made at the first start. */
export class Settings {
  constructor(
    readonly env: Env,
    readonly databaseUrl: string,
    /** Runs migrations; the same as the application's where there is one role only. */
    readonly databaseOwnerUrl: string,
    readonly keys: Keys,
    /** Opens the operators' routes as admin, besides the keys that operators make for each other. */
    readonly operatorKey: string | undefined,
  ) {}

  /** For the reference, which is made from the code alone: nothing is started with these. */
  static forReference(): Settings {
    const keys = { apiKeyPepper: '', encryption: '', signing: '' };
    return new Settings(new Env(), 'postgres://127.0.0.1/none', 'postgres://127.0.0.1/none', keys, undefined);
  }

  /** On wherever it is not production, and there only when asked for. */
  get sandbox(): boolean {
    return this.env.NODE_ENV !== 'production' || this.env.ALLOW_SANDBOX;
  }

  /** Where tweets are read; undefined where nobody has said so and nobody may pretend. */
  get tweetSource(): Env['X_SOURCE'] {
    const { X_SOURCE, X_BEARER_TOKEN } = this.env;
    return X_SOURCE ?? (X_BEARER_TOKEN ? 'api' : this.sandbox ? 'sandbox' : undefined);
  }

  get privateWebhooks(): boolean {
    return this.env.ALLOW_PRIVATE_WEBHOOKS ?? this.sandbox;
  }

  get systemTasks(): boolean {
    return this.env.SYSTEM_TASKS === 'on';
  }
}
