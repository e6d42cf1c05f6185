export interface ServerSentEvent {
  id: string;
  event: string;
  // Tests look into it freely.
  // oxlint-disable-next-line typescript/no-explicit-any
  data: any;
}

/** Reads a stream of server-sent events as they come. */
export class SseReader {
  readonly events: ServerSentEvent[] = [];
  comments = 0;
  ended = false;
  private readonly leaving = new AbortController();

  private constructor() {}

  static async open(url: string, key: string, headers: Record<string, string> = {}): Promise<SseReader> {
    const reader = new SseReader();
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream', ...headers },
      signal: reader.leaving.signal,
    });
    if (response.status !== 200) throw new Error(`The stream answered ${response.status}.`);
    void reader.read(response).catch(() => {});
    return reader;
  }

  close(): void {
    this.leaving.abort();
  }

  private async read(response: Response): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) this.take(block);
    }
    this.ended = true;
  }

  private take(block: string): void {
    if (block.startsWith(':')) {
      this.comments++;
      return;
    }
    const fields = new Map(
      block.split('\n').map((line) => {
        const colon = line.indexOf(': ');
        return [line.slice(0, colon), line.slice(colon + 2)];
      }),
    );
    const data: unknown = JSON.parse(fields.get('data')!);
    this.events.push({ id: fields.get('id')!, event: fields.get('event')!, data });
  }
}
