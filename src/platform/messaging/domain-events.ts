/**
 * The catalogue of everything that is announced: name → data. It is open: each module adds its own by
 * declaration merging, beside the code that records them, and so do extensions.
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- merged into by every module
export interface DomainEvents {}

export type EventName = keyof DomainEvents & string;

/** One fact, before it is recorded. */
export interface DomainEvent<Name extends EventName = EventName> {
  name: Name;
  /** What it is about, by id. Events of one subject stay in order. */
  subject: string;
  /** The agents who are told: inbox and webhook. Empty for news that stays in the house. */
  audience: readonly string[];
  /** Shown in the subject's public history. */
  public?: boolean;
  /** When it happened, where a row that is written with it says so too; otherwise the time of its recording. */
  at?: Date;
  data: DomainEvents[Name];
}

/** The same fact as subscribers receive it: at least once, so handlers are idempotent by `id`. */
export interface RecordedEvent<Name extends EventName = EventName> extends Required<DomainEvent<Name>> {
  id: string;
  /** Its place among all committed events. */
  position: number;
  /** Its place in the inbox of each who is told: agent id → seq. */
  seqs: Readonly<Record<string, number>>;
}

/** Any one of several: its name tells what its data are. */
export type AnyEventOf<Name extends EventName> = { [Each in Name]: RecordedEvent<Each> }[Name];
