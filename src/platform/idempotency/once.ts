import { createParamDecorator, Injectable, type ExecutionContext } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { Clock } from '#kernel/clock';
import {
  BadIdempotencyKey,
  IdempotencyInProgress,
  IdempotencyKeyReused,
  Unauthenticated,
} from '#kernel/errors/kernel.errors';
import { Sealer } from '#kernel/sealing';
import { sha256 } from '#kernel/sha256';
import type { Tx } from '#kernel/tx';
import { UnitOfWork } from '#platform/database';
import { type ApiRequest, canonicalJson } from '#platform/http';

/** A request that must have its effect once, however often it comes. */
export interface Once {
  /** Whose keys these are: an agent, an operator, or an address for those who have no identity yet. */
  caller: string;
  key: string | undefined;
  /** What was asked. The same key with another request is a mistake of the caller. */
  fingerprint: Buffer;
  /** The answer may only be repeated, the deed not be done: a rotated key within its grace. */
  replayOnly: boolean;
  /** Tells the face that the answer is an old one. */
  replayed: () => void;
}

interface Answer {
  request_hash: Buffer;
  answer: string | null;
  sealed: Buffer | null;
}

/** The unit of work plus the `Idempotency-Key`: the answer is stored in the transaction of the deed. */
@Injectable()
export class OnceRunner {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
  ) {}

  /** Does the deed, or repeats the answer it had; a request that failed leaves no trace and may come again. */
  run<T, View>(
    once: Once,
    deed: (tx: Tx) => Promise<T>,
    render: (tx: Tx, result: T) => View | Promise<View>,
    options: { secret?: boolean } = {},
  ): Promise<View> {
    return this.work.run(async (tx) => {
      const { key } = once;
      if (key === undefined) {
        if (once.replayOnly) throw new Unauthenticated();
        return render(tx, await deed(tx));
      }
      const keyHash = sha256(key);
      await this.lock(tx, once.caller, key);
      const earlier = await this.earlier(tx, once.caller, keyHash);
      if (earlier) return this.repeat(once, key, earlier) as View;
      if (once.replayOnly) throw new Unauthenticated();
      const view = await render(tx, await deed(tx));
      this.store(tx, once, key, keyHash, JSON.stringify(view), options.secret ?? false);
      return view;
    });
  }

  private async lock(tx: Tx, caller: string, key: string): Promise<void> {
    const id = sha256(`${caller}\0${key}`).readBigInt64BE();
    const [row] = await tx.query<{ locked: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS locked', [
      id.toString(),
    ]);
    if (!row!.locked) throw new IdempotencyInProgress();
  }

  private async earlier(tx: Tx, caller: string, keyHash: Buffer): Promise<Answer | undefined> {
    const [row] = await tx.query<Answer>(
      'SELECT request_hash, answer, sealed FROM idempotency_keys WHERE caller = $1 AND key_hash = $2',
      [caller, keyHash],
    );
    return row;
  }

  private repeat(once: Once, key: string, earlier: Answer): unknown {
    if (!earlier.request_hash.equals(once.fingerprint)) throw new IdempotencyKeyReused();
    once.replayed();
    const text = earlier.sealed ? this.sealer.derive(key).open(earlier.sealed, once.caller) : earlier.answer;
    // Parsing and printing an answer that JSON.stringify once printed gives the same bytes again.
    return JSON.parse(text!) as unknown;
  }

  /** An answer that shows a secret opens only with the Idempotency-Key itself, which is not kept. */
  private store(tx: Tx, once: Once, key: string, keyHash: Buffer, answer: string, secret: boolean): void {
    tx.write(
      'store-answer',
      `INSERT INTO idempotency_keys (caller, key_hash, request_hash, answer, sealed, created_at)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [
        once.caller,
        keyHash,
        once.fingerprint,
        secret ? null : answer,
        secret ? this.sealer.derive(key).seal(answer, once.caller) : null,
        this.clock.now(),
      ],
    );
  }
}

/** Hands the request's `Idempotency-Key` and fingerprint to the controller, and says so in the reference. */
export const IdempotentRequest = idempotentRequest(1);

/**
 * For callers without a key of their own, where the answer shows a secret: all behind one address count as one
 * caller, so the Idempotency-Key alone opens the answer and must be too long to guess.
 */
export const AnonymousIdempotentRequest = idempotentRequest(16);

function idempotentRequest(keyLengthMin: number): () => ParameterDecorator {
  return createParamDecorator(
    (_: unknown, context: ExecutionContext): Once =>
      onceOf(context.switchToHttp().getRequest<ApiRequest>(), keyLengthMin),
    [
      (target, key) => {
        const descriptor = Object.getOwnPropertyDescriptor(target, key!);
        ApiExtension('x-idempotent', keyLengthMin)(target, key, descriptor);
      },
    ],
  );
}

export function onceOf(request: ApiRequest, keyLengthMin = 1): Once {
  return {
    caller: request.caller?.id ?? request.operator?.id ?? `ip:${request.ip}`,
    key: keyOf(request, keyLengthMin),
    fingerprint: sha256(`${request.method} ${request.path}\n${canonicalJson(request.body ?? null)}`),
    replayOnly: request.caller?.replayOnly ?? false,
    replayed: () => request.res?.setHeader('Idempotency-Replayed', 'true'),
  };
}

function keyOf(request: ApiRequest, lengthMin: number): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(key)) throw new BadIdempotencyKey();
  if (key.length < lengthMin)
    throw new BadIdempotencyKey(
      `The Idempotency-Key has ${key.length} characters, and here it needs at least ${lengthMin}: the answer shows a secret to whoever sends the same key again, so it must be too long to guess.`,
    );
  return key;
}
