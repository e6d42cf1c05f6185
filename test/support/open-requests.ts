import { type TestApp, OPERATOR_KEY } from './app.js';

/** How many requests the application has not answered yet, this question among them. */
export async function openRequests({ api }: TestApp): Promise<number> {
  const { text } = await api.get('/metrics', { key: OPERATOR_KEY });
  return Number(/^http_requests_open (\d+)/m.exec(text)?.[1]);
}
