import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Env } from '#config/env';
import { Settings } from '#config/settings';
import { Overloaded } from '#kernel/errors/kernel.errors';
import { anEmptyDatabase, type TestDatabase } from '#test/support/database';
import { Database } from './database.js';

const KEYS = { apiKeyPepper: '', encryption: '', signing: '' };
const WHERE = 'SELECT current_database() AS name';

let primary: TestDatabase;
let replica: TestDatabase;
let dataSource: DataSource;
let database: Database;
const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();

beforeAll(async () => {
  [primary, replica] = [await anEmptyDatabase(), await anEmptyDatabase()];
  dataSource = new DataSource({ type: 'postgres', url: primary.url });
  await dataSource.initialize();
});
beforeEach(() => warn.mockClear());
afterEach(() => database.onApplicationShutdown());
afterAll(async () => {
  await dataSource.destroy();
  await Promise.all([primary.drop(), replica.drop()]);
});

async function readingFrom(DATABASE_READ_URL: string | undefined): Promise<Database> {
  const env = Object.assign(new Env(), { DATABASE_READ_URL });
  database = new Database(dataSource, new Settings(env, primary.url, primary.url, KEYS, undefined));
  await database.onModuleInit();
  return database;
}

const namesOf = (reading: Database): Promise<unknown[][]> =>
  Promise.all([
    reading.query(WHERE),
    reading.prepared('where', WHERE, []),
    reading.queryLagging(WHERE),
    reading.preparedLagging('where-lagging', WHERE, []),
  ]);
const named = (...databases: TestDatabase[]): object[] => databases.map(({ name }) => [{ name }]);

describe('A read replica', () => {
  it('is not needed', async () => {
    expect(await namesOf(await readingFrom(undefined))).toEqual(named(primary, primary, primary, primary));
  });

  it('answers what may lag, and nothing else', async () => {
    expect(await namesOf(await readingFrom(replica.url))).toEqual(named(primary, primary, replica, replica));
    expect(warn).not.toHaveBeenCalled();
  });

  it.each([
    ['is not there', () => 'postgres://nobody@127.0.0.1:1/nothing'],
    ['knows no such database', () => `${replica.url}_of_another_name`],
  ])('that %s is told at the start, and costs nobody an answer', async (_, url) => {
    const reading = await readingFrom(url());
    expect(warn).toHaveBeenCalledTimes(1);
    expect(await namesOf(reading)).toEqual(named(primary, primary, primary, primary));
  });

  it('that goes away leaves its reads to the primary', async () => {
    const gone = await anEmptyDatabase();
    const reading = await readingFrom(gone.url);
    await gone.drop();
    expect(await namesOf(reading)).toEqual(named(primary, primary, primary, primary));
    expect(warn).toHaveBeenCalledTimes(1);
  });
});

describe('A search', () => {
  it('asks a replica where there is one, and has connections of its own', async () => {
    const reading = await readingFrom(replica.url);
    expect(await reading.search(WHERE)).toEqual([{ name: replica.name }]);
    expect([reading.replica!.totalCount, reading.searches.replica!.totalCount]).toEqual([1, 1]);
    expect(await (await readingFrom(undefined)).search(WHERE)).toEqual([{ name: primary.name }]);
  });

  it('that takes too long is given up, and nothing thinks that the replica is away', async () => {
    const reading = await readingFrom(replica.url);
    await expect(reading.search('SELECT pg_sleep(20)')).rejects.toThrow(Overloaded);
    expect(await reading.search(WHERE)).toEqual([{ name: replica.name }]);
    expect(warn).not.toHaveBeenCalled();
  });
});
