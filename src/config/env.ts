import { Transform } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  MinLength,
  isURL,
  ValidateBy,
} from 'class-validator';

const toNumber = Transform(({ value }) => (value === undefined ? undefined : Number(value)));
const toBoolean = Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : value));
const urlOf = (...protocols: string[]): PropertyDecorator => {
  // Compose files like underscores in the names that containers call each other by.
  const options = { protocols, require_protocol: true, require_tld: false, allow_underscores: true };
  const begins = protocols.map((name) => `${name}://`).join(' or ');
  return ValidateBy({
    name: 'urlOf',
    validator: {
      validate: (value) => typeof value === 'string' && isURL(value.replace(SOCKET, '@localhost'), options),
      defaultMessage: () => `must be a URL that begins with ${begins}`,
    },
  });
};

/** The folder of a Unix socket, in the place of the host: `postgres://me@%2Fvar%2Frun%2Fpostgresql/mine`. */
const SOCKET = /@%2F[^:/?#]*/i;

/** Everything the environment can say. A value that is wrong stops the boot; see `.env.example`. */
export class Env {
  @IsIn(['development', 'test', 'production'])
  NODE_ENV: 'development' | 'test' | 'production' = 'development';

  @toNumber
  @IsInt()
  @Min(0)
  @Max(65_535)
  PORT = 3000;

  @IsString()
  HOST = '127.0.0.1';

  @IsOptional()
  @urlOf('http', 'https')
  PUBLIC_URL?: string = undefined;

  /** How many proxies stand in front and are believed when they say whose request it is. */
  @toNumber
  @IsInt()
  @Min(0)
  @Max(10)
  TRUST_PROXY = 0;

  @IsString()
  DATA_DIR = '.data';

  @IsOptional()
  @urlOf('postgres', 'postgresql')
  DATABASE_URL?: string = undefined;

  @IsOptional()
  @urlOf('postgres', 'postgresql')
  DATABASE_OWNER_URL?: string = undefined;

  @IsOptional()
  @urlOf('postgres', 'postgresql')
  DATABASE_READ_URL?: string = undefined;

  @IsOptional()
  @urlOf('redis', 'rediss')
  REDIS_URL?: string = undefined;

  @IsIn(['all', 'api', 'worker'])
  ROLE: 'all' | 'api' | 'worker' = 'all';

  @toNumber
  @IsInt()
  @Min(1)
  @Max(64)
  WEB_CONCURRENCY = 1;

  @IsIn(['pretty', 'json'])
  LOG_FORMAT: 'pretty' | 'json' = 'pretty';

  @IsIn(['fatal', 'error', 'warn', 'log', 'debug', 'verbose'])
  LOG_LEVEL: 'fatal' | 'error' | 'warn' | 'log' | 'debug' | 'verbose' = 'log';

  @toNumber
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0)
  RATE_LIMIT_FACTOR = 1;

  @IsOptional()
  @MinLength(32)
  API_KEY_PEPPER?: string = undefined;

  @IsOptional()
  @MinLength(32)
  ENCRYPTION_KEY?: string = undefined;

  @IsOptional()
  @MinLength(32)
  SIGNING_KEY?: string = undefined;

  /** Consent to lose what other secrets have made; a start that needs it says what to write here. */
  @IsOptional()
  @IsString()
  NEW_SECRETS?: string = undefined;

  @IsOptional()
  @Matches(/^opk_\w{28,}$/, { message: 'must be opk_ and at least 28 letters and digits' })
  OPERATOR_KEY?: string = undefined;

  @IsOptional()
  @IsIn(['api', 'browser', 'sandbox'])
  X_SOURCE?: 'api' | 'browser' | 'sandbox' = undefined;

  @IsOptional()
  @IsString()
  X_BEARER_TOKEN?: string = undefined;

  @IsOptional()
  @IsIn(['off', 'simulated', 'local', 'live'])
  X402_MODE?: 'off' | 'simulated' | 'local' | 'live' = undefined;

  /** Whether the platform posts tasks of its own by itself; operators can post them either way. */
  @IsIn(['on', 'off'])
  SYSTEM_TASKS: 'on' | 'off' = 'on';

  @toBoolean
  @IsBoolean()
  ALLOW_SANDBOX = false;

  @IsOptional()
  @toBoolean
  @IsBoolean()
  ALLOW_PRIVATE_WEBHOOKS?: boolean = undefined;

  @IsOptional()
  @IsString()
  CHROMIUM_PATH?: string = undefined;
}

export class BadEnvironment extends Error {
  constructor(readonly mistakes: readonly string[]) {
    super(mistakes.join('\n'));
  }
}
