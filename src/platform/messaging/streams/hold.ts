import { createParamDecorator, Injectable, type ExecutionContext } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import type { Caller } from '#kernel/caller';
import { SECOND_MS } from '#kernel/clock';
import { InvalidFields } from '#kernel/errors/kernel.errors';
import { type ApiRequest, namesVersion, KeyWatches, type KeyWatch } from '#platform/http';
import { Changes } from './changes.js';

const WAIT_MAX_S = 60;

/** How long a reader is ready to wait, and what it has already seen. */
export interface Wait {
  ms: number;
  seen: string | undefined;
  hungUp: AbortSignal;
  /** Undefined where nobody waits. */
  request: ApiRequest | undefined;
  etagOf(view: unknown): string;
}

/**
 * `?wait=<seconds>`: holds a GET until something changes. A reader that sends `If-None-Match` is answered at once
 * when what it has seen is already old, and with 304 when nothing changes in time.
 */
@Injectable()
export class Hold {
  constructor(
    private readonly changes: Changes,
    private readonly keys: KeyWatches,
  ) {}

  /**
   * `load` is told who the caller is by then: who waits may have been verified or suspended meanwhile. A request whose
   * key was rotated or revoked is refused at once, and one whose agent was suspended answers at once with what it may
   * still see.
   */
  async until<View>(wait: Wait, subject: string, load: (caller?: Caller) => Promise<View>): Promise<View> {
    if (wait.ms === 0) return load();
    const key = this.keys.watch(wait.request!);
    const watch = this.changes.watch(subject);
    try {
      const first = await load();
      const start = wait.etagOf(first);
      if (wait.seen !== undefined && !namesVersion(wait.seen, start)) return first;
      return await this.changed(wait, { key, watch }, start, first, load);
    } finally {
      watch.stop();
      key.stop();
    }
  }

  private async changed<View>(
    wait: Wait,
    { key, watch }: { key: KeyWatch; watch: ReturnType<Changes['watch']> },
    start: string,
    first: View,
    load: (caller?: Caller) => Promise<View>,
  ): Promise<View> {
    const endsAt = Date.now() + wait.ms;
    let view = first;
    const over = AbortSignal.any([wait.hungUp, key.ended]);
    const goesOn = (): boolean => Date.now() < endsAt && !over.aborted && !this.changes.ended;
    while (wait.etagOf(view) === start && goesOn()) {
      await watch.next(endsAt - Date.now(), over);
      view = await load(await key.caller());
    }
    // What was read is shown only if the key still opens it.
    await key.caller();
    return view;
  }
}

export const WaitFor = createParamDecorator(
  (_: unknown, context: ExecutionContext): Wait => waitOf(context.switchToHttp().getRequest<ApiRequest>()),
  [
    (target, key) =>
      ApiQuery({
        name: 'wait',
        required: false,
        description: `Hold the request up to so many seconds (at most ${WAIT_MAX_S}) until something changes.`,
        schema: { type: 'integer', minimum: 0, maximum: WAIT_MAX_S, example: 30 },
      })(target, key!, Object.getOwnPropertyDescriptor(target, key!)!),
  ],
);

/** Shared by all who do not wait, which is nearly everybody. */
const NO_WAIT: Wait = {
  ms: 0,
  seen: undefined,
  hungUp: new AbortController().signal,
  request: undefined,
  etagOf: () => '',
};

function waitOf(request: ApiRequest): Wait {
  if (!request.url.includes('?')) return NO_WAIT;
  const hungUp = new AbortController();
  const text = request.query['wait'] ?? '0';
  if (typeof text !== 'string' || !/^\d{1,2}$/.test(text) || Number(text) > WAIT_MAX_S) {
    const message = `wait must be a whole number of seconds from 0 to ${WAIT_MAX_S}.`;
    throw new InvalidFields([{ in: 'query', pointer: '/wait', rule: 'wait', message }]);
  }
  if (text !== '0') request.res?.once('close', () => hungUp.abort());
  const etag = request.app.get('etag fn') as (body: string) => string;
  return {
    ms: Number(text) * SECOND_MS,
    seen: request.headers['if-none-match'],
    hungUp: hungUp.signal,
    request,
    etagOf: (view) => etag(JSON.stringify(view)),
  };
}
