/** Today is not over, and would look like a fall; on the first day of all there is nothing else to show. */
export function withoutToday<Day>(days: readonly Day[], hasAny: (day: Day) => boolean): readonly Day[] {
  const whole = days.slice(0, -1);
  return whole.some(hasAny) ? whole : days;
}
