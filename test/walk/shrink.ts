/**
 * A shortest part of a sequence that still fails, by leaving out ever smaller pieces; or as short a one as was found in time.
 * @param fails whether a part of the sequence, in its order, fails
 * @param patience in milliseconds of the machine's time
 */
export async function shrink<T>(
  all: readonly T[],
  fails: (part: readonly T[]) => Promise<boolean>,
  patience: number,
): Promise<readonly T[]> {
  const until = performance.now() + patience
  let part = all
  for (let size = Math.ceil(part.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    let isShorter = true
    while (isShorter) {
      isShorter = false
      for (let at = 0; at < part.length; at += size) {
        if (performance.now() > until) return part
        const rest = [...part.slice(0, at), ...part.slice(at + size)]
        if (await fails(rest)) {
          part = rest
          isShorter = true
          at -= size
        }
      }
      if (size > 1) isShorter = false
    }
  }
  return part
}
