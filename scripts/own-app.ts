import { Module, type DynamicModule, type INestApplicationContext, type Type } from '@nestjs/common';
import { Env } from '#config/env';
import { Settings } from '#config/settings';
import type { Extension } from '#extensions/extension';
import { openDatabase, type OpenDatabase } from '#platform/database';
import { createApp } from '#startup/bootstrap';

@Module({})
class ScriptModule {
  static with(providers: Type[]): DynamicModule {
    return { module: ScriptModule, providers };
  }
}

/** What a proof or a benchmark runs against: the database of DATABASE_URL, or an embedded one of its own. */
export function ownDatabase(home: string, log: (line: string) => void = () => {}): Promise<OpenDatabase> {
  const { DATABASE_URL, DATABASE_OWNER_URL } = process.env;
  const env = Object.assign(new Env(), { DATABASE_URL, DATABASE_OWNER_URL, DATA_DIR: home });
  return openDatabase(env, [], log);
}

/** The whole application with providers of the script's own, as an extension would bring them; it does not listen. */
export async function ownApp(
  database: Pick<OpenDatabase, 'url' | 'ownerUrl'>,
  providers: Type[],
): Promise<INestApplicationContext> {
  const extension: Extension = { module: ScriptModule.with(providers) as never };
  const env = Object.assign(new Env(), {
    NODE_ENV: 'test',
    LOG_LEVEL: 'fatal',
    RATE_LIMIT_FACTOR: 0,
    SYSTEM_TASKS: 'off',
    REDIS_URL: process.env['REDIS_URL'],
  });
  const keys = { apiKeyPepper: 'p'.repeat(32), encryption: 'e'.repeat(32), signing: 's'.repeat(32) };
  const app = await createApp(new Settings(env, database.url, database.ownerUrl, keys, undefined), [
    extension,
  ]);
  return app.init();
}
