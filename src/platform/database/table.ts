import { getMetadataArgsStorage } from 'typeorm';
import type { Tx } from '#kernel/tx';
import { BulkStatement, Statement, valueOf, type Parameter } from './statement.js';

/** The table that an entity class describes. */
export const tableOf = <Row extends object>(entity: new () => Row): Table<Row> => new Table(entity);

export class Table<Row extends object> {
  readonly name: string;
  private readonly described: readonly Described<Row>[];
  private readonly key: Described<Row>;

  constructor(entity: new () => Row) {
    const { tables, columns } = getMetadataArgsStorage();
    this.name = String(tables.find(({ target }) => target === entity)?.name);
    this.described = columns
      .filter(({ target }) => target === entity)
      .map(({ propertyName, options: { name, type, array, primary } }) => ({
        property: propertyName as Property<Row>,
        column: name ?? propertyName,
        type: String(type),
        isList: array ?? false,
        isJson: type === 'jsonb',
        isKey: primary ?? false,
      }));
    const keys = this.described.filter(({ isKey }) => isKey);
    if (keys.length !== 1) throw new Error(`${entity.name} needs one primary column.`);
    this.key = keys[0]!;
  }

  /** A SELECT list that gives rows as they are described, of all properties or of these. */
  columns(properties: readonly Property<Row>[] = this.properties()): string {
    return this.only(properties)
      .map(({ column, property }) => (column === property ? column : `${column} AS "${property}"`))
      .join(', ');
  }

  /** All properties, or all but these. */
  properties<Except extends Property<Row> = never>(
    except: readonly Except[] = [],
  ): Exclude<Property<Row>, Except>[] {
    const excluded = new Set<string>(except);
    return this.described
      .map(({ property }) => property as Exclude<Property<Row>, Except>)
      .filter((property) => !excluded.has(property));
  }

  /** Of all properties, or of these; the others get the defaults of their columns. */
  insert<P extends Property<Row> = Property<Row>>(
    properties: readonly P[] = this.properties() as P[],
  ): Statement<Pick<Row, P>> {
    const parameters = this.only(properties);
    const columns = parameters.map(({ column }) => column);
    const values = columns.map((_, index) => `$${index + 1}`);
    return new Statement(
      `insert-${this.name}`,
      `INSERT INTO ${this.name} (${columns.join(', ')}) VALUES (${values.join(', ')})`,
      parameters,
    );
  }

  /** Takes the place of the row with the same key, if there is one. */
  upsert(): Statement<Pick<Row, Property<Row>>> {
    const others = this.described.filter((one) => one !== this.key);
    const set = others.map(({ column }) => `${column} = excluded.${column}`);
    return this.insert().within(
      `upsert-${this.name}`,
      (insert) => `${insert} ON CONFLICT (${this.key.column}) DO UPDATE SET ${set.join(', ')}`,
    );
  }

  /** Of the row with the same key. */
  update(name: string, properties: readonly Property<Row>[]): Statement<Row> {
    return new Statement(name, this.updating(properties), [this.key, ...this.only(properties)]);
  }

  /** Of the rows with the same keys. */
  updateMany(name: string, properties: readonly Property<Row>[]): BulkStatement<Row> {
    const all = [this.key, ...this.only(properties)];
    const list = all.find(({ isList }) => isList);
    if (list) throw new Error(`${list.column} is a list, and PostgreSQL unnests a list of lists to its end.`);
    const lists = all.map(({ type }, index) => `$${index + 1}::${typeInLists(type)}[]`);
    const set = this.only(properties).map(({ column }) => `${column} = now.${column}`);
    return new BulkStatement(
      name,
      `UPDATE ${this.name} AS kept SET ${set.join(', ')}
         FROM unnest(${lists.join(', ')}) AS now (${all.map(({ column }) => column).join(', ')})
        WHERE kept.${this.key.column} = now.${this.key.column}`,
      all,
    );
  }

  /** Of properties that only the caller knows, so PostgreSQL plans it each time. */
  async patch(tx: Tx, key: string, changes: Partial<Row>): Promise<void> {
    const properties = Object.keys(changes) as Property<Row>[];
    if (properties.length === 0) return;
    const values = this.only(properties).map((parameter) => valueOf(parameter, changes));
    await tx.query(this.updating(properties), [key, ...values]);
  }

  private updating(properties: readonly Property<Row>[]): string {
    const set = this.only(properties).map(({ column }, index) => `${column} = $${index + 2}`);
    return `UPDATE ${this.name} SET ${set.join(', ')} WHERE ${this.key.column} = $1`;
  }

  private only<P extends Property<Row>>(
    properties: readonly P[],
  ): (Described<Row> & Parameter<Pick<Row, P>>)[] {
    return properties.map((property) => {
      const found = this.described.find((one) => one.property === property);
      if (!found) throw new Error(`${this.name} has no ${property}.`);
      return { ...found, property };
    });
  }
}

export type Property<Row> = Extract<keyof Row, string>;

interface Described<Row> extends Parameter<Row> {
  property: Property<Row>;
  column: string;
  type: string;
  isList: boolean;
  isKey: boolean;
}

/** Without a length: a value that is too long is refused when it is assigned, and not cut. */
const typeInLists = (type: string): string => (type === 'varchar' ? 'text' : type);
