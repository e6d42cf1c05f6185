import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { Database } from '#platform/database';
import { withDefaults, type SettingName, type Settings } from '../domain/settings.js';

@Injectable()
export class SettingsStore {
  constructor(private readonly database: Database) {}

  async get(tx?: Tx): Promise<Settings> {
    const rows = await (tx ?? this.database).query<{ name: SettingName; value: unknown }>(
      'SELECT name, value FROM validation_settings',
    );
    return withDefaults(Object.fromEntries(rows.map(({ name, value }) => [name, value])));
  }

  async set(tx: Tx, changes: Partial<Settings>, at: Date): Promise<void> {
    await tx.query(
      `INSERT INTO validation_settings (name, value, changed_at)
       SELECT key, value, $2 FROM jsonb_each($1::jsonb)
       ON CONFLICT ON CONSTRAINT validation_settings_pkey DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`,
      [JSON.stringify(changes), at],
    );
  }
}
