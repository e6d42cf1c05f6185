import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { gzipSync } from 'node:zlib';
import { Settings } from '#config/settings';
import { Clock } from '#kernel/clock';
import { Kept } from '#platform/concurrency';
import { baseUrlOf, strongEtag } from '#platform/http';
import { AssetShelf } from './asset-shelf.js';
import { Document, type Page } from './views/document.js';

/**
 * Beyond this level a page gets little smaller and costs twice as much. In one piece and at once: to hand so little to
 * another thread, and to take it back in pieces, costs more than to pack it.
 */
const PACKING = { level: 3, chunkSize: 64 * 1024 };

/** Scripts, styles and pictures of this server alone, nothing in the page itself, and no other page around it. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What everybody is shown alike may be so old; its figures are older. */
const KEPT_MS = 2_000;
/** Where no address is configured, each name of this server has pages of its own: a flood of names keeps nothing. */
const KEPT_MAX = 20;

interface Rendered {
  html: string;
  etag: string;
  packed?: Buffer;
}

/** Turns a page into the answer. */
@Injectable()
export class PageAnswers {
  private readonly kept = new Map<string, Kept<Rendered>>();

  constructor(
    private readonly shelf: AssetShelf,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  send(request: Request, response: Response, page: Page): void {
    this.answer(request, response, this.rendered(request, page));
  }

  /** A page that is the same for all is made once in two seconds, however many ask for it. */
  async sendKept(request: Request, response: Response, make: () => Promise<Page>): Promise<void> {
    const key = `${this.baseOf(request)}${request.path}`;
    let kept = this.kept.get(key);
    if (!kept) {
      if (this.kept.size >= KEPT_MAX) this.kept.clear();
      this.kept.set(key, (kept = new Kept<Rendered>(KEPT_MS)));
    }
    this.answer(request, response, await kept.get(async () => this.rendered(request, await make())));
  }

  htmlOf(request: Request, page: Page): string {
    const around = {
      base: this.baseOf(request),
      asOf: `${this.clock.now().toISOString().slice(11, 16)} UTC`,
      css: this.shelf.href('app.css'),
      script: this.shelf.href('app.js'),
      font: this.shelf.href('inter.woff2'),
      icon: this.shelf.href('icon.svg'),
      picture: this.shelf.href('og.png'),
    };
    return `<!doctype html>${renderToStaticMarkup(createElement(Document, { page, around }))}`;
  }

  /** As the world knows this server; where nobody has said so, as this reader does. */
  baseOf(request: Request): string {
    return baseUrlOf(request, this.settings.env.PUBLIC_URL);
  }

  private rendered(request: Request, page: Page): Rendered {
    const html = this.htmlOf(request, page);
    return { html, etag: strongEtag(html) };
  }

  private answer(request: Request, response: Response, rendered: Rendered): void {
    const { html, etag } = rendered;
    const isPacked = request.acceptsEncodings(['gzip', 'identity']) === 'gzip';
    response
      .setHeader('Content-Type', 'text/html; charset=utf-8')
      .setHeader('Content-Security-Policy', PAGE_POLICY)
      .setHeader('Cache-Control', 'no-cache')
      .setHeader('Vary', 'Accept, Accept-Encoding')
      .setHeader('ETag', isPacked ? `W/${etag}` : etag);
    if (request.fresh) return void response.status(304).end();
    if (isPacked) {
      rendered.packed ??= gzipSync(html, PACKING);
      response.setHeader('Content-Encoding', 'gzip');
    }
    response.end(isPacked ? rendered.packed : html);
  }
}
