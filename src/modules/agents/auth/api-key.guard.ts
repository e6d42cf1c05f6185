import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Unauthenticated } from '#kernel/errors/kernel.errors';
import { type ApiRequest, RouteRules } from '#platform/http';
import { RequestLimits } from '#platform/rate-limiting';
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
    if (rules.operator || rules.unlimited) return true;
    const key = bearer(request);
    if (rules.public && (key === undefined || key.startsWith('opk_'))) return true;
    if (key === undefined) return this.refuse(request);
    const fingerprint = this.keys.fingerprint(key);
    const known = this.keys.cached(fingerprint);
    if (known === 'refused') return this.refuse(request);
    if (known !== undefined) return this.admit(request, known);
    return this.look(request, key, fingerprint, rules.opensReplay);
  }

  private async look(
    request: ApiRequest,
    key: string,
    fingerprint: string,
    opensReplay: boolean,
  ): Promise<boolean> {
    const identity = await this.ask(request, key, fingerprint);
    if (identity === 'refused' || (identity.replayOnly && !opensReplay)) return this.refuse(request);
    this.limits.refundIp(request);
    return this.admit(request, identity);
  }

  /** Only the first of those who bring the same key at the same time pays for the question. */
  private async ask(request: ApiRequest, key: string, fingerprint: string): Promise<Identity> {
    const asking = this.keys.asking(fingerprint);
    if (asking) return asking;
    await this.limits.chargeIp(request);
    return this.keys.asking(fingerprint) ?? this.keys.identify(key, fingerprint);
  }

  private admit(request: ApiRequest, caller: Exclude<Identity, 'refused'>): true {
    request.caller = caller;
    // Nobody reads the inbox of an agent that relies on its webhook, so every answer says that it is off.
    if (caller.webhookDisabled) request.res?.setHeader(WEBHOOK_STATUS_HEADER, 'disabled');
    this.lastSeen.saw(caller.id);
    return true;
  }

  /** Without a promise where none is needed, so that a wrong key costs no more than a right one. */
  private refuse(request: ApiRequest): Promise<never> {
    const charging = this.limits.chargeIp(request);
    if (!charging) throw new Unauthenticated();
    return charging.then(() => {
      throw new Unauthenticated();
    });
  }
}

/** The key as it was sent; anything but a bearer token is no key. */
export function bearer({ headers }: ApiRequest): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return undefined;
  const scheme = authorization.slice(0, 7).toLowerCase();
  return scheme === 'bearer ' ? authorization.slice(7).trim() : '';
}
