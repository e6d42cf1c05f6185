import type { Request } from 'express';

/** This server as the world knows it; where nobody has said so, as this reader does. Without a slash at its end. */
export function baseUrlOf(request: Request, publicUrl: string | undefined): string {
  if (publicUrl) return publicUrl.replace(/\/$/, '');
  const host = request.headers.host ?? '';
  return `${request.protocol}://${/^[\w.:[\]-]{1,255}$/.test(host) ? host : 'localhost'}`;
}
