import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { promisify } from 'node:util';
import { gzip as gzipWithCallback } from 'node:zlib';
import { Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import { strongEtag } from '../../kernel/http/etag.js';
import { AssetShelf } from './asset-shelf.js';
import { Document, type Page } from './views/document.js';

const gzip = promisify(gzipWithCallback);
/** Beyond it a page gets little smaller, and costs twice as much. */
const GZIP_LEVEL = 4;

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
  packed?: Promise<Buffer>;
}

/** Turns a page into the answer. */
@Injectable()
export class PageAnswers {
  private readonly kept = new Map<string, { at: number; rendered: Promise<Rendered> }>();

  constructor(
    private readonly shelf: AssetShelf,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  async send(request: Request, response: Response, page: Page): Promise<void> {
    await this.answer(request, response, this.rendered(request, page));
  }

  /** A page that is the same for all is made once in two seconds, however many ask for it. */
  async sendKept(request: Request, response: Response, make: () => Promise<Page>): Promise<void> {
    const key = `${this.baseOf(request)}${request.path}`;
    const now = performance.now();
    let kept = this.kept.get(key);
    if (!kept || now - kept.at > KEPT_MS) {
      if (this.kept.size >= KEPT_MAX) this.kept.clear();
      const rendered = make().then((page) => this.rendered(request, page));
      this.kept.set(key, (kept = { at: now, rendered }));
      rendered.catch(() => this.kept.delete(key));
    }
    await this.answer(request, response, await kept.rendered);
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
    const { PUBLIC_URL } = this.settings.env;
    if (PUBLIC_URL) return PUBLIC_URL.replace(/\/$/, '');
    const host = request.headers.host ?? '';
    return `${request.protocol}://${/^[\w.:[\]-]{1,255}$/.test(host) ? host : 'localhost'}`;
  }

  private rendered(request: Request, page: Page): Rendered {
    const html = this.htmlOf(request, page);
    return { html, etag: strongEtag(html) };
  }

  private async answer(request: Request, response: Response, rendered: Rendered): Promise<void> {
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
      rendered.packed ??= gzip(html, { level: GZIP_LEVEL });
      response.setHeader('Content-Encoding', 'gzip');
    }
    response.end(isPacked ? await rendered.packed : html);
  }
}
