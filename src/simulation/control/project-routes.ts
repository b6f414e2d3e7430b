import { patchConfig } from '../../config/check-config.ts'
import { ProblemError } from '../../config/problem.ts'
import { ok, type Reply } from '../../http/reply.ts'
import { checkConfiguredSwitches, throwConfigured } from '../switches/thrown.ts'
import type { ControlCall, ControlRoute } from './control-route.ts'

function getConfig({ exchange }: ControlCall): Reply {
  return ok(exchange.world.config)
}

/** Changes the project while it runs; a broken patch changes nothing. Other switches are thrown in place of those before. */
function patch({ exchange, body }: ControlCall): Reply {
  const { world } = exchange
  const { config, settings } = patchConfig(world.config, body ?? null)
  const problems = checkConfiguredSwitches(config)
  if (problems.length > 0) throw new ProblemError(problems)
  const before = JSON.stringify(world.settings.mock.switches)
  world.config = config
  world.settings = settings
  if (JSON.stringify(settings.mock.switches) !== before) throwConfigured(world)
  return ok(config)
}

export const projectRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/config',
    summary: 'The configuration of the sandbox, kratos.yml and keto.yml keys.',
    answer: { type: 'object' },
    handle: getConfig,
  },
  {
    method: 'PATCH',
    path: '/config',
    summary: 'Changes the configuration while it runs (JSON Merge Patch).',
    body: { type: 'object' },
    answer: { type: 'object' },
    handle: patch,
  },
]
