import { noContent, ok, type Reply } from '../../http/reply.ts'
import { isJsonObject } from '../../json.ts'
import { applyFixture } from '../build-world.ts'
import { exportState } from '../export-state.ts'
import { generateIdentities } from '../generate.ts'
import { readFixture } from '../load-fixture.ts'
import { fileOfName } from '../named-files.ts'
import { resetSandbox, startSandbox } from '../sandboxes.ts'
import { describeScenarios } from '../scenario.ts'
import { prepareStart } from '../start.ts'
import { type ControlCall, ControlError, type ControlRoute } from './control-route.ts'

const STATE = { type: 'object', description: 'A fixture: see fixtures/fixture.schema.json.' }

/** The world as a fixture, whole. */
function getState({ exchange }: ControlCall): Reply {
  return ok(exportState(exchange.world, exchange.worlds))
}

async function putState({ exchange, body = null }: ControlCall): Promise<Reply> {
  const { world, worlds, sandbox, urls } = exchange
  const options = { startConfig: sandbox.start.config, publicUrl: urls.public, worlds }
  applyFixture(world, await generateIdentities(readFixture(body), options), options)
  return noContent()
}

/** Back to what the sandbox started from. */
function reset({ exchange }: ControlCall): Reply {
  resetSandbox(exchange.sandbox)
  return noContent()
}

function getScenario({ exchange }: ControlCall): Reply {
  const { scenario } = exchange.sandbox.start
  return ok(scenario ? { name: scenario.name, title: scenario.title } : { name: null })
}

/** Starts the sandbox anew in a scenario; a later reset comes back to it. */
async function putScenario({ mock, exchange, body }: ControlCall): Promise<Reply> {
  const name = isJsonObject(body) ? body['name'] : undefined
  if (typeof name !== 'string' && name !== null) {
    throw new ControlError(
      400,
      'Send {"name": "…"} with the name of a scenario ("ory-mock scenarios" lists them), or null for none.',
    )
  }
  // what arrives over the wire names scenarios; it opens no files of the machine
  if (name !== null && !/^[\w-]+$/.test(name)) throw new ControlError(400, `"${name}" is not the name of a scenario.`)
  if (name !== null) fileOfName('scenarios', name)
  const { sandbox } = exchange
  const next = name === null ? mock.start : await prepareStart({ config: mock.start.config, scenario: name })
  startSandbox(sandbox, next)
  return getScenario({ mock, exchange, params: {}, body: undefined })
}

export const stateRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/state',
    summary: 'The world as JSON: a fixture that holds all of it.',
    answer: STATE,
    handle: getState,
  },
  {
    method: 'PUT',
    path: '/state',
    summary: 'Replaces the world by what a fixture says.',
    body: STATE,
    handle: putState,
  },
  { method: 'POST', path: '/reset', summary: 'Back to the fixture and scenario of the start.', handle: reset },
  {
    method: 'GET',
    path: '/scenario',
    summary: 'The scenario that the sandbox was started in.',
    answer: {
      type: 'object',
      properties: { name: { type: ['string', 'null'] }, title: { type: 'string' } },
      required: ['name'],
    },
    handle: getScenario,
  },
  {
    method: 'PUT',
    path: '/scenario',
    summary: 'Starts the sandbox anew in a scenario; null for none.',
    body: { type: 'object', properties: { name: { type: ['string', 'null'] } }, required: ['name'] },
    answer: { type: 'object' },
    handle: putScenario,
  },
  {
    method: 'GET',
    path: '/scenarios',
    summary: 'The scenarios that can be chosen.',
    answer: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'title', 'story'],
        properties: { name: { type: 'string' }, title: { type: 'string' }, story: { type: 'string' } },
      },
    },
    handle: () => ok(describeScenarios()),
  },
]
