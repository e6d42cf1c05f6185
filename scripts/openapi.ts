import 'reflect-metadata';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Settings } from '#config/settings';
import { documentGaps, agentDocument, operatorDocument } from '#platform/openapi';
import { documentDrift } from './document-drift.js';

/**
 * Writes openapi.json and openapi.admin.json from the controllers. Nothing is started and no database is needed.
 *   --check    writes nothing and fails when the committed files differ
 *   --module   the compiled module to document, which exports AppModule
 *   --out      the folder of the two files
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean', default: false },
      module: { type: 'string', default: 'dist/src/app.module.js' },
      out: { type: 'string', default: '.' },
    },
  });
  const app = await previewOf(values.module);
  const documents = { 'openapi.json': agentDocument(app), 'openapi.admin.json': operatorDocument(app) };
  await app.close();
  const results = Object.entries(documents).map(([name, document]) => {
    const file = join(values.out, name);
    return (
      isComplete(name, document) && (values.check ? isAsCommitted(file, document) : write(file, document))
    );
  });
  return results.every(Boolean) ? 0 : 1;
}

/** The modules and controllers with their metadata, without an instance of any provider. */
async function previewOf(file: string): Promise<INestApplication> {
  // What the sandbox offers belongs in the reference, whatever this shell is set to.
  process.env.NODE_ENV = 'development';
  const { AppModule } = (await import(pathToFileURL(resolve(file)).href)) as {
    AppModule: { with(settings: Settings): DynamicModule };
  };
  return NestFactory.create(AppModule.with(Settings.forReference()), {
    preview: true,
    logger: ['error'],
    abortOnError: false,
  });
}

function isComplete(name: string, document: OpenAPIObject): boolean {
  const gaps = documentGaps(document);
  if (gaps.length === 0) return true;
  console.error(`${name} leaves ${gaps.length} things to guess:`);
  for (const gap of gaps) console.error(`  ${gap}`);
  return false;
}

function write(file: string, document: OpenAPIObject): boolean {
  writeFileSync(file, textOf(document));
  console.log(`${file}: ${Object.keys(document.paths).length} paths`);
  return true;
}

function isAsCommitted(file: string, document: OpenAPIObject): boolean {
  const committed = existsSync(file) ? readFileSync(file, 'utf8') : '{}';
  if (committed === textOf(document)) return true;
  console.error(`${file} is not what the code says. Run \`npm run openapi\` and commit the result.`);
  for (const line of documentDrift(JSON.parse(committed), JSON.parse(textOf(document))))
    console.error(`  ${line}`);
  return false;
}

const textOf = (document: OpenAPIObject): string => `${JSON.stringify(document, null, 2)}\n`;

process.exitCode = await main();
