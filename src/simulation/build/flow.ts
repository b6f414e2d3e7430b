import { Continuity } from '../../flows/continuity.ts'
import { beginFlow, type FlowOf } from '../../flows/flow.ts'
import { beginLinkFlow } from '../../flows/link-flow.ts'
import { beginLogin } from '../../flows/login-flow.ts'
import { beginRegistration } from '../../flows/registration-flow.ts'
import { beginSettings } from '../../flows/settings-flow.ts'
import type { Call } from '../../http/call.ts'
import type { Flow, FlowKind, Identity } from '../../state/records.ts'
import { NO_WORLDS } from '../../state/worlds.ts'
import type { FixtureFlow } from '../fixture.ts'
import type { Build } from './build.ts'
import { buildSession } from './session.ts'

const MINUTE = 60_000

/** Adds a flow of a fixture to the world: begun as a client begins it, then put into the state that the fixture says. */
export function addFlow(build: Build, entry: FixtureFlow, pointer: string): void {
  const { world } = build
  if (!fits(build, entry, pointer)) return
  const owner = entry.identity === undefined ? undefined : build.identity(entry.identity, `${pointer}/identity`)
  if (entry.identity !== undefined && !owner) return
  const begun = build.attempt(pointer, () => (entry.ui ? bare(build, entry, owner) : begin(build, entry, owner)))
  if (!begun) return
  world.flows.delete(begun.id)
  const id = entry.id?.toLowerCase() ?? begun.id
  if (world.flows.get(id)) build.problem(`${pointer}/id`, 'another flow has this id.')
  const ui = entry.ui ?? { ...begun.ui, action: begun.ui.action.replace(begun.id, id) }
  world.flows.save({ ...begun, ...timesOf(build, entry), ...given(entry), id, ui } as Flow)
}

// --- what a kind of flow has ---------------------------------------------------------------------------------------------

const COMMON = {
  kind: true,
  id: true,
  type: true,
  issued_at: true,
  expires_at: true,
  created_at: true,
  updated_at: true,
  request_url: true,
  return_to: true,
  active: true,
  csrf_token: true,
  ui: true,
} as const

/** What the record of that kind has beside what all have; whose it is, a fixture calls `identity`. */
type OwnKey<K extends FlowKind> = Exclude<keyof FlowOf<K>, keyof typeof COMMON | 'identity_id'>

/** Does not compile when a record gains a key that is missing here. */
const OWN: { readonly [K in FlowKind]: Readonly<Record<OwnKey<K>, true> & Partial<Record<keyof FixtureFlow, true>>> } =
  {
    login: { refresh: true, requested_aal: true, webauthn_challenge: true, webauthn_user_handle: true, identity: true },
    registration: { webauthn_challenge: true, webauthn_user_handle: true },
    settings: { identity: true, state: true, totp_url: true, lookup_codes: true, webauthn_challenge: true },
    recovery: { state: true },
    verification: { state: true },
  }

const EMAIL_STATES = ['choose_method', 'sent_email', 'passed_challenge']
const STATES: Partial<Record<FlowKind, readonly string[]>> = {
  settings: ['show_form', 'success'],
  recovery: EMAIL_STATES,
  verification: EMAIL_STATES,
}

function fits(build: Build, entry: FixtureFlow, pointer: string): boolean {
  const { kind, state } = entry
  const before = build.problems.length
  for (const key of Object.keys(entry)) {
    if (key === 'expired' || Object.hasOwn(COMMON, key) || Object.hasOwn(OWN[kind], key)) continue
    build.problem(`${pointer}/${key}`, `a ${kind} flow has no ${key}.`)
  }
  if (state !== undefined && STATES[kind] && !STATES[kind].includes(state)) {
    build.problem(
      `${pointer}/state`,
      `a ${kind} flow is never in the state ${JSON.stringify(state)}.`,
      `Write ${STATES[kind].join(' or ')}.`,
    )
  }
  if (kind === 'settings' && entry.identity === undefined) {
    build.problem(pointer, "a settings flow is somebody's.", 'Add "identity": an e-mail, user name or id.')
  }
  return build.problems.length === before
}

function timesOf(build: Build, entry: FixtureFlow) {
  const { lifespan } = build.world.settings.selfservice.flows[entry.kind]
  const issued_at = build.at(entry.issued_at, entry.expired ? build.now - lifespan - MINUTE : build.now)
  const expires_at = entry.expired ? Math.min(issued_at + lifespan, build.now - MINUTE) : issued_at + lifespan
  const created_at = build.at(entry.created_at, issued_at)
  return {
    issued_at,
    expires_at: build.at(entry.expires_at, expires_at),
    created_at,
    updated_at: build.at(entry.updated_at, created_at),
  }
}

const GIVEN = [
  ...(['request_url', 'return_to', 'active', 'csrf_token', 'state', 'refresh', 'requested_aal'] as const),
  ...(['webauthn_challenge', 'webauthn_user_handle', 'totp_url', 'lookup_codes'] as const),
]

/** What the fixture says under the names that the record has. */
function given(entry: FixtureFlow): Partial<FixtureFlow> {
  return Object.fromEntries(GIVEN.flatMap((key) => (entry[key] === undefined ? [] : [[key, entry[key]]])))
}

// --- how it begins -------------------------------------------------------------------------------------------------------

function begin(build: Build, entry: FixtureFlow, owner: Identity | undefined): Flow {
  const call = callOf(build, entry)
  const { kind, type = 'browser', refresh = false, requested_aal = 'aal1' } = entry
  if (kind === 'registration') return beginRegistration(call, type)
  if (kind === 'recovery' || kind === 'verification') return beginLinkFlow(call, kind, type)
  if (kind === 'settings')
    return owner ? beginSettings(call, new Continuity(call), { type, identity: owner }) : bare(build, entry, owner)
  const session = owner && buildSession(build, { identity: owner.id }, '')
  const active = owner && session && ({ session, identity: owner, via: 'token' } as const)
  return beginLogin(call, { type, refresh, requested_aal, active })
}

/** A flow without a form. */
function bare(build: Build, entry: FixtureFlow, owner: Identity | undefined): Flow {
  const { kind, type = 'browser', refresh = false, requested_aal = 'aal1' } = entry
  const begun = beginFlow(callOf(build, entry), kind, type)
  switch (kind) {
    case 'login':
      return { ...begun, kind, refresh, requested_aal }
    case 'registration':
      return { ...begun, kind }
    case 'settings':
      return { ...begun, kind, identity_id: owner?.id ?? '', state: 'show_form' }
    case 'recovery':
    case 'verification':
      return { ...begun, kind, state: 'choose_method' }
  }
}

/** The request that would have begun the flow. */
function callOf({ world, publicUrl }: Build, { kind, type = 'browser', return_to }: FixtureFlow): Call {
  const query = new URLSearchParams(return_to === undefined ? {} : { return_to })
  return {
    method: 'GET',
    path: `/self-service/${kind}/${type}`,
    rawQuery: query.toString(),
    query,
    params: {},
    headers: {},
    cookies: new Map(),
    body: { contentType: undefined, text: '' },
    listener: 'all',
    urls: {
      request: publicUrl,
      public: publicUrl,
      admin: publicUrl,
      links: publicUrl,
      publicBase: world.settings.serve.public.base_url ?? `${publicUrl}/`,
    },
    world,
    worlds: NO_WORLDS,
    csrf: { value: world.chance.bytes(32).toString('base64'), cookies: [] },
  }
}
