/** The middle one of the figures; of an even number the mean of the middle two. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle - 1)] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2
}

/** `1.42 (1.31 to 1.58)`: the median, and between what the figures lay. */
export function spread(figures: readonly number[], unit = ''): string {
  return `${short(median(figures))}${unit} (${short(Math.min(...figures))} to ${short(Math.max(...figures))})`
}

/** Three digits that count. */
export function short(figure: number): string {
  return Number(figure.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 3 })
}
