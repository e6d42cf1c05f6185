import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

export interface Asset {
  type: string;
  body: Buffer;
  /** Where it is worth it: fonts and pictures are packed already. */
  gzipped: Buffer | undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};
const PACKED = new Set(['.png', '.woff2']);

/** What every page refers to. Tailwind makes the styles before the compiler runs, so a bare compile lacks them. */
const NEEDED = ['app.css', 'app.js', 'inter.woff2', 'icon.svg', 'og.png'] as const;
type Needed = (typeof NEEDED)[number];

/** The build is incomplete; the message is one line for the person who built it. */
export class AssetsMissing extends Error {
  override readonly name = 'AssetsMissing';
}

/** What pages load. It lies beside this file, is read once, and is kept by browsers for good under a name of its version. */
@Injectable()
export class AssetShelf {
  private readonly assets = assetsIn(path.join(import.meta.dirname, 'assets'));
  readonly version = versionOf(this.assets);

  find(name: string): Asset | undefined {
    return this.assets.get(name);
  }

  href(name: Needed): string {
    return `/assets/${this.version}/${name}`;
  }
}

export function assetsIn(folder: string): ReadonlyMap<string, Asset> {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => path.extname(name) in TYPES) : [];
  const assets = new Map(names.toSorted().map((name) => [name, readAsset(path.join(folder, name))]));
  const missing = NEEDED.filter((name) => !assets.get(name)?.body.length);
  if (missing.length === 0) return assets;
  const files = missing.map((name) => path.join(folder, name)).join(', ');
  throw new AssetsMissing(
    `pages cannot be served without ${files}. Run \`npm run build\`, which makes them.`,
  );
}

function readAsset(file: string): Asset {
  const body = readFileSync(file);
  const ending = path.extname(file);
  return {
    type: TYPES[ending]!,
    body,
    gzipped: PACKED.has(ending) ? undefined : gzipSync(body, { level: 9 }),
  };
}

function versionOf(assets: ReadonlyMap<string, Asset>): string {
  const hash = createHash('sha256');
  for (const [name, { body }] of assets) hash.update(name).update(body);
  return hash.digest('hex').slice(0, 12);
}
