import { appConfig, demoConfig } from '../config/demo.ts'
import { configFromEnvironment } from '../config/environment.ts'
import { loadConfig } from '../config/load.ts'
import { mergeConfig } from '../config/merge.ts'
import { ProblemError } from '../config/problem.ts'
import type { JsonObject } from '../json.ts'
import { checkConfiguredSwitches } from '../simulation/switches/thrown.ts'
import type { ServeOptions } from './options.ts'

export interface StartConfig {
  readonly config: JsonObject
  /** The name on the start screen. */
  readonly project: string
  readonly notices: readonly string[]
}

/**
 * The configuration that a server starts with: files, or the built-in project; over it the app's address and what the
 * environment says.
 * @throws ProblemError with file, line and column
 */
export function startConfig(options: Pick<ServeOptions, 'config' | 'app'>, env: NodeJS.ProcessEnv): StartConfig {
  const loaded = options.config.length === 0 ? undefined : loadConfig(options.config)
  const fromEnvironment = configFromEnvironment(env)
  const problems = [...(loaded?.problems ?? []), ...fromEnvironment.problems]
  if (loaded && problems.length === 0) problems.push(...loaded.locate(checkConfiguredSwitches(loaded.config)))
  if (problems.length > 0) throw new ProblemError(problems)
  let config = loaded?.config ?? demoConfig({ app: options.app })
  if (loaded && options.app !== undefined) config = mergeConfig(config, appConfig(options.app))
  config = mergeConfig(config, fromEnvironment.config)
  if (env['DEV_DISABLE_API_FLOW_ENFORCEMENT'] === 'true') {
    config = mergeConfig(config, { mock: { disable_api_flow_enforcement: true } })
  }
  return { config, project: loaded ? options.config.join(', ') : 'demo', notices: loaded?.notices ?? [] }
}
