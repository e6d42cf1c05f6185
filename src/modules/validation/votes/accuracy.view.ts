export class AccuracyView {
  /** @example agt_7f3a9b2c */
  agent_id: string;
  /**
   * Assignments of which it is known by now whether the vote was right; at most the last 20. Silence is wrong.
   * @example 12
   */
  judged: number;
  /** @example 11 */
  right: number;
  /**
   * Right ÷ judged; null before anything was judged.
   * @example 0.9167
   */
  accuracy: number | null;
  /**
   * Whether it is drawn: with at least 5 judged, its accuracy may with 95 % certainty be 0.8.
   * @example true
   */
  reliable: boolean;
}
