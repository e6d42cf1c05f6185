/** As much of it as is used here: the package has no types. */
declare module 'autocannon' {
  export interface Client {
    setRequests(requests: Request[]): void;
  }
  export interface Request {
    method?: string;
    path?: string;
    headers?: Record<string, string>;
    body?: string;
    setupRequest?: (request: Request) => Request;
  }
  export interface Options {
    url: string;
    connections: number;
    duration: number;
    timeout?: number;
    overallRate?: number;
    setupClient?: (client: Client) => void;
    requests?: Request[];
  }
  export interface Result {
    duration: number;
    requests: { total: number };
    statusCodeStats?: Record<string, { count: number }>;
    errors: number;
    non2xx: number;
    '2xx': number;
    latency: { p50: number; p99: number; max: number };
  }
  export default function autocannon(options: Options): Promise<Result>;
}
