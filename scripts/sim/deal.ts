export interface Trader {
  id: string;
  kind: 'honest' | 'idle' | 'ring';
  points: number;
  score: number;
  outcomes: boolean[];
  /** For whom work of it was approved by judges. */
  creators: Set<string>;
  silences: number;
  fines: number;
}

export interface Deal {
  creator: Trader | null;
  executor: Trader;
  bidders: readonly Trader[];
  price: number;
  isGood: boolean;
  isJudged: boolean;
  /** Good work that somebody wanted is worth its price to the creator; what a ring does for itself is worth nothing. */
  isWanted?: boolean;
}
