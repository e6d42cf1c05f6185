import type { Tx } from '#kernel/tx';

export interface Parameter<Row> {
  property: keyof Row;
  isJson: boolean;
}

/** The driver would send a list as an array of PostgreSQL, and an empty one would become `{}` in a column of JSON. */
export function valueOf<Row>({ property, isJson }: Parameter<Row>, row: Partial<Row>): unknown {
  const value = row[property];
  return isJson && value !== null && value !== undefined ? JSON.stringify(value) : value;
}

/** A prepared statement whose parameters are properties of a row. */
export class Statement<Row> {
  constructor(
    readonly name: string,
    readonly sql: string,
    private readonly parameters: readonly Parameter<Row>[],
    private readonly rename: (error: unknown, row: Row) => unknown = (error) => error,
  ) {}

  /** Says what its errors mean, such as a broken unique constraint. */
  explained(rename: (error: unknown, row: Row) => unknown): Statement<Row> {
    return new Statement(this.name, this.sql, this.parameters, rename);
  }

  /** The same with more SQL around it, which `at` tells where the properties are. */
  within(name: string, around: (sql: string, at: (property: keyof Row) => string) => string): Statement<Row> {
    return new Statement(name, around(this.sql, this.at), this.parameters, this.rename);
  }

  /** It leaves with the next question or with the commit. */
  write(tx: Tx, row: Row): void {
    tx.write(this.name, this.sql, this.valuesOf(row), (error) => this.rename(error, row));
  }

  /** Waits for what it returns. */
  ask<Answer>(tx: Tx, row: Row): Promise<Answer[]> {
    return tx.prepared<Answer>(this.name, this.sql, this.valuesOf(row));
  }

  private valuesOf(row: Row): unknown[] {
    return this.parameters.map((parameter) => valueOf(parameter, row));
  }

  private readonly at = (property: keyof Row): string => {
    const place = this.parameters.findIndex((parameter) => parameter.property === property);
    if (place < 0) throw new Error(`${this.name} has no ${String(property)}.`);
    return `$${place + 1}`;
  };
}

/** Updates many rows in one statement. */
export class BulkStatement<Row> {
  constructor(
    readonly name: string,
    readonly sql: string,
    private readonly parameters: readonly Parameter<Row>[],
  ) {}

  /** Nothing leaves for no rows. */
  write(tx: Tx, rows: readonly Row[]): void {
    if (rows.length === 0) return;
    const lists = this.parameters.map((parameter) => rows.map((row) => valueOf(parameter, row)));
    tx.write(this.name, this.sql, lists);
  }
}
