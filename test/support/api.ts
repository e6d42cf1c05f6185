/** What came back: the body as it was sent, and as JSON where it is. */
export interface Answer<Body = Record<string, never>> {
  status: number;
  headers: Headers;
  text: string;
  body: Body;
}

export interface RequestOptions {
  key?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Talks to the application as any client would. */
export class Api {
  constructor(readonly baseUrl: string) {}

  get<Body = Json>(path: string, options: RequestOptions = {}): Promise<Answer<Body>> {
    return this.send<Body>('GET', path, options);
  }

  post<Body = Json>(path: string, body?: unknown, options: RequestOptions = {}): Promise<Answer<Body>> {
    return this.send<Body>('POST', path, { body, ...options });
  }

  patch<Body = Json>(path: string, body: unknown, options: RequestOptions = {}): Promise<Answer<Body>> {
    return this.send<Body>('PATCH', path, { body, ...options });
  }

  async send<Body = Json>(method: string, path: string, options: RequestOptions): Promise<Answer<Body>> {
    const { key, body, headers, signal } = options;
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      redirect: 'manual',
      signal,
      headers: {
        ...(key && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (isJson && text ? JSON.parse(text) : undefined) as Body,
    };
  }
}

/** Tests look into answers freely; what they expect is what types them. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any;
