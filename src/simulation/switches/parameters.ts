import { parseDuration } from '../../config/duration.ts'
import type { Millis } from '../../state/clock.ts'
import type { SwitchContext } from './switch.ts'

/** A parameter that is a length of time. @param otherwise as Go writes it, or `''` for none */
export const duration = (otherwise: string, help: string) => ({
  type: 'duration' as const,
  default: otherwise,
  help,
  minimum: 0,
})

/** The value of such a parameter; 0 for none. */
export function millis({ parameters }: Pick<SwitchContext, 'parameters'>, name: string): Millis {
  return parseDuration(String(parameters[name])) ?? 0
}
