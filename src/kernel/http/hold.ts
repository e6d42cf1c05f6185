import { createParamDecorator, Injectable, type ExecutionContext } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { InvalidFields } from '../errors/kernel.errors.js';
import { SECOND_MS } from '../clock.js';
import { Changes } from '../events/changes.js';
import type { ApiRequest } from './caller.js';

const WAIT_MAX_S = 60;

/** How long a reader is ready to wait, and what it has already seen. */
export interface Wait {
  ms: number;
  seen: string | undefined;
  hungUp: AbortSignal;
  etagOf(view: unknown): string;
}

/**
 * `?wait=<seconds>`: holds a GET until something changes. A reader that sends `If-None-Match` is answered at once
 * when what it has seen is already old, and with 304 when nothing changes in time.
 */
@Injectable()
export class Hold {
  constructor(private readonly changes: Changes) {}

  async until<View>(wait: Wait, subject: string, load: () => Promise<View>): Promise<View> {
    if (wait.ms === 0) return load();
    const watch = this.changes.watch(subject);
    try {
      const first = await load();
      const start = wait.etagOf(first);
      if (wait.seen !== undefined && wait.seen !== start) return first;
      return await this.changed(wait, watch, start, first, load);
    } finally {
      watch.stop();
    }
  }

  private async changed<View>(
    wait: Wait,
    watch: ReturnType<Changes['watch']>,
    start: string,
    first: View,
    load: () => Promise<View>,
  ): Promise<View> {
    const endsAt = Date.now() + wait.ms;
    let view = first;
    const goesOn = (): boolean => Date.now() < endsAt && !wait.hungUp.aborted && !this.changes.ended;
    while (wait.etagOf(view) === start && goesOn()) {
      await watch.next(endsAt - Date.now(), wait.hungUp);
      view = await load();
    }
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
const NO_WAIT: Wait = { ms: 0, seen: undefined, hungUp: new AbortController().signal, etagOf: () => '' };

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
    etagOf: (view) => etag(JSON.stringify(view)),
  };
}
