import { internal } from '../../../errors.ts'
import { addMessage, nodeId } from '../../../flows/nodes.ts'
import type { Call } from '../../../http/call.ts'
import type { Reply } from '../../../http/reply.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../json.ts'
import type { UiContainer, UiText } from '../../../state/records.ts'
import { refuse } from '../arrange.ts'
import { FETCH, INIT_API, INIT_BROWSER, SUBMIT, submitOf } from '../operation-ids.ts'
import { underHook } from '../project-view.ts'
import { withBody } from '../rewrite.ts'
import { traitsFor, underSchema, withoutTraits, withRequired } from '../submitted-traits.ts'
import type { RequestChange, SwitchContext, SwitchDefinition } from '../switch.ts'

/*
 * ecosystem §4.3, second part: what hooks and schemas bring into a form, and contents that a page must survive.
 */

const INIT = [...INIT_BROWSER, ...INIT_API]
const HOOKED = submitOf('Login', 'Registration', 'Settings')

/** Every operation that answers a flow. */
const SHOWS_FLOW = [...INIT, ...FETCH, ...SUBMIT]

const text = (value: string, help: string) => ({ type: 'string' as const, default: value, help })

/** The veto of a web hook, in the words of the parameters. */
function veto({ call, parameters }: SwitchContext): RequestChange {
  const { id, message, node } = parameters
  const detail = { id: Number(id), text: String(message), type: 'error' }
  const pointer = node === '' ? '' : `#/${String(node).replaceAll('.', '/')}`
  const answer = { messages: [{ instance_ptr: pointer, messages: [detail] }] }
  return underHook(call, { hook: 'web_hook', config: { answer } })
}

const HOOK_URL = 'https://hooks.example.org/after'

/** Every trait is required, and nothing at all was typed. */
function nothingTyped(call: Call): RequestChange {
  const traits = traitsFor(call)
  const change = withoutTraits(call, { password: undefined })
  return { ...change, ...underSchema(call, (schema) => traits.reduce(withRequired, schema)) }
}

// --- what a flow says ------------------------------------------------------------------------------------------------------

const isFlow = (body: Json): body is JsonObject => isJsonObject(body) && isJsonObject(body['ui'])

/** The answered flow, with another form. */
function onForm(reply: Reply, change: (ui: UiContainer) => UiContainer): Reply {
  return withBody(reply, (body) => {
    if (!isFlow(body)) return body
    const ui = body['ui'] as unknown as UiContainer
    return { ...body, ui: change({ ...ui, messages: ui.messages ?? [] }) as unknown as Json }
  })
}

/** The first field that people fill in. */
function firstField({ nodes }: UiContainer): string {
  const field = nodes?.find(
    ({ attributes }) => attributes.node_type === 'input' && !/hidden|submit/.test(attributes.type),
  )
  return field ? nodeId(field) : ''
}

/** A message above the form and one at its first field, in the answer and in the flow: pages that fetch it see it too. */
function say(reply: Reply, { call }: SwitchContext, message: UiText): Reply {
  const said = (ui: UiContainer): UiContainer => {
    const field = firstField(ui)
    const shown = ui.messages.some(({ text: known }) => known === message.text) ? ui : addMessage(ui, message)
    const at = shown.nodes?.find((node) => nodeId(node) === field)
    return !at || at.messages.some(({ text: known }) => known === message.text)
      ? shown
      : addMessage(shown, message, field)
  }
  const flow = call.world.flows.get(flowIdOf(reply))
  if (flow) call.world.flows.save({ ...flow, ui: said(flow.ui) })
  return onForm(reply, said)
}

/** The id of the flow that a reply holds, or sends a browser to. */
function flowIdOf({ body, headers }: Reply): string {
  if (isJsonObject(body)) return String(body['id'])
  return /[?&]flow=([^&]+)/.exec(headers?.['Location'] ?? '')?.[1] ?? ''
}

const hostile = (title: string, how: string, sees: string, message: UiText) => ({
  title,
  operations: SHOWS_FLOW,
  how,
  sees: `${sees}, above the form and at its first field; the flow keeps it.`,
  effect: { after: (reply: Reply, context: SwitchContext) => say(reply, context, message) },
})

const strange = (title: string, sees: string, change: (ui: UiContainer) => unknown) => ({
  title,
  operations: SHOWS_FLOW,
  how: 'The server is newer than the client.',
  sees,
  breaksContract: true as const,
  effect: { after: (reply: Reply) => onForm(reply, (ui) => change(ui) as UiContainer) },
})

/** A form with one more node, which no version of the document knows. */
function withNode(ui: UiContainer, change: JsonObject, attributes: JsonObject = {}): unknown {
  const node = {
    type: 'input',
    group: 'default',
    attributes: {
      name: 'from_the_future',
      type: 'text',
      value: '',
      disabled: false,
      node_type: 'input',
      ...attributes,
    },
    messages: [],
    meta: {},
    ...change,
  }
  return { ...ui, nodes: [...(ui.nodes ?? []), node] }
}

const LONG = `This message is very long, ${'and it goes on and on, '.repeat(80)}until it ends. Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung.`

export const formContent = {
  'webhook-rejects': {
    title: 'A web hook vetoes',
    operations: HOOKED,
    status: 400,
    how: 'A rule of the business: can_interrupt, and a hook that says no. What was typed is right.',
    sees: '400 with the flow; id and text as the hook gave them, at the node that it names or above the form.',
    parameters: {
      id: { type: 'number', default: 1234, help: 'the id of the message' },
      message: text('This address is not on the guest list.', 'what the hook says'),
      node: text('', 'the node that it says it of, such as traits.email; empty for the form'),
    },
    effect: { before: veto },
  },
  'webhook-down': {
    title: 'A web hook cannot be reached',
    operations: HOOKED,
    status: 500,
    how: 'The server behind the hook is down.',
    sees: '500 in browser flows (HTML: error page), 400 in API flows; the body says 500 in both.',
    effect: {
      before: ({ call }) =>
        underHook(call, {
          hook: 'web_hook',
          config: { failure: `Post "${HOOK_URL}": dial tcp: lookup hooks.example.org: no such host` },
        }),
    },
  },
  'webhook-bad-answer': {
    title: 'A web hook answers what nobody can read',
    operations: HOOKED,
    status: 500,
    how: 'The hook answers with an HTML page.',
    sees: '500 in browser flows (HTML: error page), 400 in API flows; the body says 500 in both.',
    effect: { before: ({ call }) => underHook(call, { hook: 'web_hook', config: { answer: '<html>' } }) },
  },
  'traits-schema-unreachable': {
    title: 'The identity schema cannot be loaded',
    operations: [...INIT, ...SUBMIT],
    status: 500,
    how: 'The URL of the schema is wrong, or its server is down.',
    sees: '500 without an id; HTML: error page.',
    effect: {
      before: (context) => {
        const debug = 'Get "https://schemas.example.org/person.schema.json": dial tcp: no such host'
        return refuse(context, internal('Unable to parse validate JSON object against JSON schema.', debug))
      },
    },
  },
  'validation-many-errors': {
    title: 'Several fields are wrong at once',
    operations: submitOf('Registration'),
    status: 400,
    how: 'An empty form is sent.',
    sees: '400 with the flow; 4000002 at the node of every trait, and at the password.',
    effect: { before: ({ call }) => nothingTyped(call) },
  },
  'message-long-text': hostile(
    'A message is very long',
    'Translations, hooks, errors of other services.',
    '4000001 with some 2,000 letters and a word of 70',
    { id: 4000001, text: LONG, type: 'error', context: {} },
  ),
  'message-unknown-id': hostile(
    'A message has an id that nobody knows',
    'A newer server.',
    '4999999, which no table of translations has',
    { id: 4999999, text: 'A message from the future.', type: 'info', context: { since: 2030 } },
  ),
  'message-with-html': hostile(
    'A message has HTML in it',
    'What somebody typed comes back in a message.',
    '4000001 with a script, an image and an entity, which a page must escape',
    {
      id: 4000001,
      text: '<script>document.title = "injected"</script><img src="x" onerror="document.title = \'injected\'"> &amp; <b>bold</b>',
      type: 'error',
      context: {},
    },
  ),
  'unknown-node-type': strange(
    'A node has a type that nobody knows',
    'One more node with type and node_type hologram.',
    (ui) =>
      withNode(ui, {
        type: 'hologram',
        attributes: { node_type: 'hologram', id: 'from_the_future', projection: 'wall' },
      }),
  ),
  'unknown-node-group': strange(
    'A node has a group that nobody knows',
    'One more text field in the group passkey.',
    (ui) => withNode(ui, { group: 'passkey' }),
  ),
  'unknown-input-type': strange(
    'A field has a type that nobody knows',
    'One more input of the type retina-scan.',
    (ui) => withNode(ui, {}, { type: 'retina-scan' }),
  ),
} as const satisfies Record<string, SwitchDefinition>
