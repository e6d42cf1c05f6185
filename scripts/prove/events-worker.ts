import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database, UnitOfWork } from '#platform/database';
import {
  type DomainEvent,
  type RecordedEvent,
  OnDomainEvent,
  OnEveryEvent,
  Outbox,
  Relay,
} from '#platform/messaging';
import { ownApp } from '../own-app.js';

declare module '#platform/messaging' {
  interface DomainEvents {
    'proof.happened': { n: number };
  }
}

const SUBJECTS = 12;
const ROLLED_BACK = -1;
const RUN = process.env['PROOF_RUN']!;

/** Writes down what it is handed, in the order in which it comes. */
@Injectable()
export class Witness {
  constructor(private readonly database: Database) {}

  @OnDomainEvent('proof.happened', { subscriber: 'witness-one' })
  async one(event: RecordedEvent<'proof.happened'>): Promise<void> {
    await this.saw('witness-one', [event]);
  }

  @OnEveryEvent({ subscriber: 'witness-every' })
  async every(events: readonly RecordedEvent[]): Promise<void> {
    const mine = events.filter(({ name }) => name === 'proof.happened');
    if (mine.length > 0) await this.saw('witness-every', mine as RecordedEvent<'proof.happened'>[]);
  }

  private async saw(witness: string, events: readonly RecordedEvent<'proof.happened'>[]): Promise<void> {
    await this.database.query(
      `INSERT INTO proof_seen (witness, event_id, subject, n)
       SELECT $1, id, subject, n FROM unnest($2::text[], $3::text[], $4::int[]) AS seen (id, subject, n)`,
      [
        witness,
        events.map(({ id }) => id),
        events.map(({ subject }) => subject),
        events.map(({ data }) => data.n),
      ],
    );
  }
}

/** Changes its own subjects and announces each change, until it is killed; or, to end with, drains what is left. */
async function main(name: string): Promise<void> {
  const { DATABASE_URL, DATABASE_OWNER_URL } = process.env;
  const app = await ownApp({ url: DATABASE_URL!, ownerUrl: DATABASE_OWNER_URL! }, [Witness]);
  const [work, outbox] = [app.get(UnitOfWork), app.get(Outbox)];
  if (name === 'drain') {
    await app.get(Relay).drained(90_000);
    await app.close();
    process.exit(0);
  }
  const change = async (subject: string): Promise<void> => {
    const rollBack = Math.random() < 0.1;
    await work
      .run(async (tx) => {
        const [row] = await tx.query<{ n: number }>(
          `INSERT INTO proof_changes (subject, n) SELECT $1, coalesce(max(n), 0) + 1 FROM proof_changes WHERE subject = $1
           RETURNING n`,
          [subject],
        );
        outbox.record(tx, happened(subject, rollBack ? ROLLED_BACK : row!.n));
        if (rollBack) throw new Error('on purpose');
      })
      .catch((error: unknown) => {
        if (!rollBack) throw error;
      });
  };
  const subjects = Array.from({ length: SUBJECTS }, (_, index) => `tsk_${RUN}_${name}${index}`);
  process.send?.('writing');
  for (;;) {
    await Promise.all(subjects.map(change));
    await sleep(Math.random() * 20);
  }
}

/** Two who are told of each change: one of the subject's own, and one who is told by all. */
const happened = (subject: string, n: number): DomainEvent<'proof.happened'> => ({
  name: 'proof.happened',
  subject,
  audience: [`agt_of_${subject}`, `agt_of_${RUN}`],
  data: { n },
});

void main(process.argv[2]!);
