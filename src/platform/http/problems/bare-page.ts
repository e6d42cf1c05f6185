import { escaped } from './problems.page.js';
import type { ProblemDocument } from './problem.js';

export interface ErrorPage {
  html: string;
  /** Its Content-Security-Policy. */
  policy: string;
}

/** The last page there is: plain text in plain HTML, which needs no file, no style and nothing that can fail. */
export function barePage({ status, title, detail, request_id }: ProblemDocument): ErrorPage {
  const [heading, text, id] = [`${status} ${title}`, detail, request_id].map(escaped);
  return {
    html: `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${heading}</title><h1>${heading}</h1><p>${text}</p><p>Request ${id}</p></html>`,
    policy: "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  };
}
