import type { DataSource } from 'typeorm';
import type { Lease, LeaseRequest, LeaseStore, LeaseTerms } from './lease-store.js';

const SWEEP_BATCH = 5_000;

/** Leases from an unlogged table: no fsync, and nothing to lose that a crash should not forget. */
export class PostgresLeases implements LeaseStore {
  constructor(private readonly database: Pick<DataSource, 'query'>) {}

  async lease(terms: LeaseTerms, requests: readonly LeaseRequest[]): Promise<Lease[]> {
    const rows = await this.database.query<LeaseRow[]>(LEASE, [
      terms.limit,
      terms.want,
      requests.map(({ key }) => key),
      requests.map(({ carried }) => carried),
      requests.map(({ windowMs }) => Math.ceil(windowMs)),
    ]);
    const byKey = new Map(rows.map((row) => [row.key, row]));
    return requests.map(({ key }) => leaseOf(terms, byKey.get(key)));
  }

  /** Every replica may do it at the same time: each takes rows that no other has. */
  async sweep(): Promise<void> {
    let gone = SWEEP_BATCH;
    while (gone === SWEEP_BATCH) {
      const [row] = await this.database.query<{ gone: number }[]>(SWEEP, [SWEEP_BATCH]);
      gone = row?.gone ?? 0;
    }
  }
}

interface LeaseRow {
  key: string;
  used: number;
  ends_in_ms: number;
}

/**
 * One statement takes and tells. PostgreSQL 15 cannot return the row as it was before, so `used` counts what was
 * wanted, up to one lease beyond the limit; what was granted follows from it. Rows are written in the order of
 * their keys, so that two batches never wait for each other in a circle.
 */
const LEASE = `
  insert into rate_leases as held (key, window_ends_at, used)
  select key, now() + window_ms * interval '1 millisecond', least(carried, $1::int) + $2::int
    from unnest($3::text[], $4::int[], $5::int[]) as asked (key, carried, window_ms)
   order by key
  on conflict (key) do update set
    used = least(case when held.window_ends_at > now() then held.used else 0 end + excluded.used, $1 + $2),
    window_ends_at =
      case when held.window_ends_at > now() then held.window_ends_at else excluded.window_ends_at end
  returning key, used, ceil(extract(epoch from window_ends_at - now()) * 1000)::int as ends_in_ms`;

const SWEEP = `
  with gone as (
    delete from rate_leases where key in (
      select key from rate_leases where window_ends_at < now() limit $1 for update skip locked)
    returning key)
  select count(*)::int as gone from gone`;

function leaseOf({ limit, want }: LeaseTerms, row: LeaseRow | undefined): Lease {
  if (!row) throw new Error('A lease was asked for and not answered.');
  const usedBefore = row.used - want;
  const granted = Math.min(want, Math.max(0, limit - usedBefore));
  return { granted, used: Math.min(row.used, limit), endsInMs: row.ends_in_ms };
}
