import type { DomainError, DomainErrorClass } from './domain-error.js';

/** An error as the reference shows it. Without an `example` the reference makes do with title and hint. */
export interface CataloguedError extends DomainErrorClass {
  /** A typical refusal, with the members it carries. */
  readonly example?: () => DomainError;
}

const bySlug = new Map<string, CataloguedError>();

/** Adds errors to those that have a page under `/problems`. Adding one twice changes nothing. */
export function catalogue(...errors: readonly CataloguedError[]): void {
  for (const error of errors) {
    const known = bySlug.get(error.slug);
    if (known && known !== error) {
      throw new Error(`Two errors are called ${error.slug}: ${known.name} and ${error.name}. Rename one.`);
    }
    bySlug.set(error.slug, error);
  }
}

export const cataloguedErrors = (): CataloguedError[] =>
  [...bySlug.values()].toSorted((a, b) => a.slug.localeCompare(b.slug, 'en'));

export const cataloguedError = (slug: string): CataloguedError | undefined => bySlug.get(slug);
