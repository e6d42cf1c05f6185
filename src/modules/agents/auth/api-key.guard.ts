import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Unauthenticated } from '../../../kernel/errors/kernel.errors.js';
import type { ApiRequest } from '../../../kernel/http/caller.js';
import { RequestLimits } from '../../../kernel/http/limiter/request-limits.js';
import { RouteRules } from '../../../kernel/http/route-rules.js';
import { ApiKeys, type Identity } from './api-keys.js';
import { LastSeen } from './last-seen.js';

const WEBHOOK_STATUS_HEADER = 'X-Webhook-Status';

/**
 * Finds out who calls. A key that is not in the cache is paid for by the caller's address before anything is
 * asked of the database, and the payment is given back when the key is good.
 */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly keys: ApiKeys,
    private readonly lastSeen: LastSeen,
    private readonly limits: RequestLimits,
    private readonly rules: RouteRules,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    const rules = this.rules.of(context);
    if (rules.operator) return true;
    const key = bearer(request);
    if (rules.public && (key === undefined || key.startsWith('opk_'))) return true;
    if (key !== undefined) {
      const hash = this.keys.hash(key);
      const known = this.keys.cached(hash);
      if (known !== undefined && known !== 'refused') return this.admit(request, known, hash);
      return this.look(request, key, hash, known, rules.opensReplay);
    }
    return this.refuse(request);
  }

  private async look(
    request: ApiRequest,
    key: string,
    hash: Buffer,
    known: 'refused' | undefined,
    opensReplay: boolean,
  ): Promise<boolean> {
    const identity = known ?? (await this.ask(request, key, hash));
    if (identity === 'refused' || (identity.replayOnly && !opensReplay)) return this.refuse(request);
    this.limits.refundIp(request);
    return this.admit(request, identity, hash);
  }

  /** Only the first of those who bring the same key at the same time pays for the question. */
  private async ask(request: ApiRequest, key: string, hash: Buffer): Promise<Identity> {
    const asking = this.keys.asking(hash);
    if (asking) return asking;
    await this.limits.chargeIp(request);
    return this.keys.asking(hash) ?? this.keys.identify(key, hash);
  }

  private admit(request: ApiRequest, caller: Exclude<Identity, 'refused'>, hash: Buffer): true {
    request.caller = caller;
    // Nobody reads the inbox of an agent that relies on its webhook, so every answer says that it is off.
    if (caller.webhookDisabled) request.res?.setHeader(WEBHOOK_STATUS_HEADER, 'disabled');
    request.keyHash = hash;
    this.lastSeen.saw(caller.id);
    return true;
  }

  private async refuse(request: ApiRequest): Promise<never> {
    await this.limits.chargeIp(request);
    throw new Unauthenticated();
  }
}

/** The key as it was sent; anything but a bearer token is no key. */
export function bearer({ headers }: ApiRequest): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return undefined;
  const scheme = authorization.slice(0, 7).toLowerCase();
  return scheme === 'bearer ' ? authorization.slice(7).trim() : '';
}
