/** The whole life of a thing as data: from each state, the acts that are possible and where each leads. */
export type Transitions<State extends string, Act extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Act, State>>>>
>;

/** The state an act leads to, or `undefined` where the state does not allow the act. */
export function nextState<State extends string, Act extends string>(
  transitions: Transitions<State, Act>,
  state: State,
  act: Act,
): State | undefined {
  return transitions[state][act];
}
