import { ProblemError } from '../../config/problem.ts'
import { SchemaChecker } from '../../config/schema-checker.ts'
import { noContent, ok, type Reply } from '../../http/reply.ts'
import { isJsonObject } from '../../json.ts'
import type { SwitchRequest } from '../../state/thrown-switch.ts'
import { catalogue, sections } from '../switches/catalogue.ts'
import { notSwitchable } from '../switches/not-switchable.ts'
import { throwSwitch } from '../switches/thrown.ts'
import { type ControlCall, ControlError, type ControlRoute } from './control-route.ts'

/** What is thrown in the sandbox, and what can be: with `active` only the former, for those who ask often. */
function getSwitches({ exchange }: ControlCall): Reply {
  const active = exchange.world.switches.snapshot()
  return ok(
    exchange.query.has('active')
      ? { active }
      : { active, catalogue: describeCatalogue(), not_switchable: describeNotSwitchable() },
  )
}

/** The catalogue as data: for the control API, the command line and the documentation. */
export function describeCatalogue() {
  return Object.entries(sections).flatMap(([section, definitions]) =>
    Object.keys(definitions).map((name) => {
      const { effect: _, ...definition } = catalogue.get(name) ?? { effect: undefined }
      return { name, section, ...definition }
    }),
  )
}

/** What no server can switch on: name and reason. */
export function describeNotSwitchable() {
  return Object.entries(notSwitchable).map(([name, reason]) => ({ name, reason }))
}

function postSwitch({ exchange, body }: ControlCall): Reply {
  if (!isJsonObject(body) || typeof body['name'] !== 'string') {
    throw new ControlError(
      400,
      'Send {"name": "…"}: the name of a switch, and what narrows it: operation, times, after, probability, seed, parameters.',
    )
  }
  const problems = checker.check(body)
  if (problems.length > 0) throw new ProblemError(problems)
  return ok(throwSwitch(exchange.world, body as unknown as SwitchRequest, 'control'))
}

function deleteSwitches({ exchange }: ControlCall): Reply {
  exchange.world.switches.clear()
  return noContent()
}

function deleteSwitch({ exchange, params }: ControlCall): Reply {
  const id = params['id'] ?? ''
  if (!exchange.world.switches.delete(id)) throw new ControlError(404, `No switch is thrown under the id "${id}".`)
  return noContent()
}

const REQUEST = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string' },
    operation: { type: 'string' },
    times: { type: 'integer', minimum: 1 },
    after: { type: 'integer', minimum: 1 },
    probability: { type: 'number', minimum: 0, maximum: 1 },
    seed: { type: 'string' },
    parameters: { type: 'object' },
  },
}

const checker = new SchemaChecker(REQUEST)

export const switchRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/switches',
    summary: 'The switches that are thrown, and the catalogue; with ?active only what is thrown.',
    query: ['active'],
    answer: { type: 'object' },
    handle: getSwitches,
  },
  {
    method: 'POST',
    path: '/switches',
    summary: 'Throws a switch.',
    body: REQUEST,
    answer: { type: 'object' },
    handle: postSwitch,
  },
  { method: 'DELETE', path: '/switches', summary: 'Clears all switches.', handle: deleteSwitches },
  { method: 'DELETE', path: '/switches/{id}', summary: 'Clears a switch.', handle: deleteSwitch },
]
