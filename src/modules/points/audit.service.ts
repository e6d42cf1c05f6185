import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { money, moneyFromDecimal, toDecimal } from '#kernel/money';
import { EscrowOwners, type EscrowOwnerProvider } from './escrow-owners.js';
import {
  AuditStore,
  type Drift,
  type HeldEscrow,
  type Horizon,
  type Rebuilt,
} from './persistence/audit.store.js';

export interface Verification {
  full: boolean;
  /** Up to which movement the next incremental run takes for granted; unchanged while something drifts. */
  uptoMovement: string | undefined;
  /** The first thousand: a ledger that is wrong all over needs no longer list. */
  drifts: Drift[];
}

const DRIFTS_MAX = 1_000;
const ESCROWS_AT_ONCE = 1_000;

/** Long enough for whatever was under way; a transaction left open longer only puts the checkpoint off. */
const SETTLE_MS = 5_000;
const POLL_MS = 20;

/** Holds the books against the log, and never repairs in silence. */
@Injectable()
export class LedgerAudit {
  constructor(
    private readonly store: AuditStore,
    @Inject(EscrowOwners) private readonly owners: EscrowOwnerProvider,
  ) {}

  /** What happened since the last clean run, or everything; a leg changed long ago is found by the full run. */
  async verify({ full, at }: { full: boolean; at: Date }): Promise<Verification> {
    await this.store.grow();
    const horizon = await this.settledHorizon();
    const drifts = [...(await this.store.drift(full, DRIFTS_MAX)), ...(await this.heldForNothing())].slice(
      0,
      DRIFTS_MAX,
    );
    const clean = drifts.length === 0 && horizon !== undefined;
    if (clean) await this.store.checkpoint(horizon.uptoId, at);
    return { full, uptoMovement: clean ? horizon.uptoId : undefined, drifts };
  }

  /** Sets balances back to what the log says; as a dry run it only says which. */
  rebuildBalances({ dryRun }: { dryRun: boolean }): Promise<Rebuilt[]> {
    return this.store.rebuild(dryRun);
  }

  /** Adds what has happened since to the totals, so that figures need only look at the newest. */
  async rollUp(at: Date): Promise<void> {
    const horizon = await this.settledHorizon();
    if (horizon) await this.store.rollUp(horizon.uptoId, at);
  }

  /** How far the log has grown beyond its totals, counted in ids. */
  idsNotSummedUp(): Promise<number> {
    return this.store.idsNotSummedUp();
  }

  /** Escrows that hold more than what they were made for still needs. */
  private async heldForNothing(): Promise<Drift[]> {
    const drifts: Drift[] = [];
    let after: Pick<HeldEscrow, 'reference' | 'currency'> = { reference: '', currency: 'points' };
    for (;;) {
      const held = await this.store.heldEscrows(after, ESCROWS_AT_ONCE);
      drifts.push(...(await this.stuckAmong([...new Set(held.map(({ reference }) => reference))])));
      if (held.length < ESCROWS_AT_ONCE) return drifts;
      after = held.at(-1)!;
    }
  }

  /** What has ended gave its money away in the same commit, so that whatever is read after its end is really stuck. */
  private async stuckAmong(references: readonly string[]): Promise<Drift[]> {
    const ended = await this.owners.ended(references);
    if (ended.size === 0) return [];
    const held = await this.store.heldFor([...ended.keys()]);
    return held.flatMap(({ reference: subject, currency, balance }) => {
      const due = ended.get(subject)!.find((one) => one.currency === currency) ?? money(currency, 0n);
      return moneyFromDecimal(currency, balance)!.units > due.units
        ? [
            {
              kind: 'escrow_of_closed_task' as const,
              subject,
              currency,
              expected: toDecimal(due),
              found: balance,
            },
          ]
        : [];
    });
  }

  private async settledHorizon(): Promise<Horizon | undefined> {
    const horizon = await this.store.horizon();
    for (let waited = 0; waited <= SETTLE_MS; waited += POLL_MS) {
      if (await this.store.isSettled(horizon)) return horizon;
      await sleep(POLL_MS);
    }
    return undefined;
  }
}
