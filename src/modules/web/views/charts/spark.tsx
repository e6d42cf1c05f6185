/** A line of a few values, without scales. */
export function Spark({ values }: { values: readonly number[] }) {
  const [top, bottom] = [Math.max(...values), Math.min(...values)];
  if (top === bottom) return null;
  const points = values.map((value, i) => {
    const x = (i / Math.max(1, values.length - 1)) * 100;
    const y = 92 - ((value - bottom) / (top - bottom)) * 84;
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return (
    <svg
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      aria-hidden="true"
      className="h-8 w-24 overflow-visible"
    >
      <path
        d={`M${points.join('L')}`}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
