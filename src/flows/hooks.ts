import type { AfterFlow } from '../config/settings.ts'

/** The names of the hooks that run after a flow: those of its method, or else those for all methods. */
export function hooksAfter(after: AfterFlow, method: string): ReadonlySet<string> {
  const own = after.methods[method]?.hooks
  return new Set((own && own.length > 0 ? own : after.hooks).map(({ hook }) => hook))
}
