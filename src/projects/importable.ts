import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/*
 * Which keys of kratos.yml and keto.yml a project takes over (admin-keto-projects §6.4); everything else is dropped with a
 * warning. A path stands for everything below it.
 */

const FLOWS = ['login', 'registration', 'settings', 'recovery', 'verification', 'logout', 'error']

const METHODS = ['link', 'lookup_secret', 'oidc', 'password', 'profile', 'totp', 'webauthn']

const PATHS: readonly string[] = [
  'cookies.same_site',
  ...['connection_uri', 'from_address', 'from_name', 'headers'].map((key) => `courier.smtp.${key}`),
  ...['recovery', 'verification'].flatMap((template) =>
    ['invalid', 'valid'].flatMap((kind) => {
      const email = `courier.templates.${template}.${kind}.email`
      return [`${email}.subject`, `${email}.body.html`, `${email}.body.plaintext`]
    }),
  ),
  'identity.schemas',
  'identity.default_schema_id',
  ...['cipher', 'cookie', 'default'].map((key) => `secrets.${key}`),
  'selfservice.allowed_return_urls',
  'selfservice.default_browser_return_url',
  ...FLOWS.flatMap((flow) =>
    ['ui_url', 'lifespan', 'before', 'after'].map((key) => `selfservice.flows.${flow}.${key}`),
  ),
  ...['registration', 'recovery', 'verification'].map((flow) => `selfservice.flows.${flow}.enabled`),
  'selfservice.flows.settings.privileged_session_max_age',
  'selfservice.flows.settings.required_aal',
  ...METHODS.map((method) => `selfservice.methods.${method}.enabled`),
  ...['base_url', 'lifespan'].map((key) => `selfservice.methods.link.config.${key}`),
  ...['base_redirect_uri', 'providers'].map((key) => `selfservice.methods.oidc.config.${key}`),
  ...[
    'haveibeenpwned_enabled',
    'identifier_similarity_check_enabled',
    'ignore_network_errors',
    'max_breaches',
    'min_password_length',
  ].map((key) => `selfservice.methods.password.config.${key}`),
  'selfservice.methods.totp.config.issuer',
  'selfservice.methods.webauthn.config.passwordless',
  ...['display_name', 'icon', 'id', 'origin'].map((key) => `selfservice.methods.webauthn.config.rp.${key}`),
  'session.lifespan',
  'session.cookie.persistent',
  'session.cookie.same_site',
  'session.whoami.required_aal',
]

/** A key of the table: `true` when it is taken over with all below it. */
type Branch = Map<string, Branch | true>

/** What the server sets itself: in what a client sends it is overwritten without a word. */
const SERVER_OWNED: readonly string[] = ['serve', 'cookies', 'session.cookie']

const importable = treeOf(PATHS)
const owned = treeOf(SERVER_OWNED)

/**
 * Parts a configuration into what a project takes over and the keys that it drops.
 * @returns `dropped` in dots, e.g. `hashers.algorithm`, without those that the server sets itself
 */
export function partConfig(config: JsonObject): { readonly kept: JsonObject; readonly dropped: readonly string[] } {
  const dropped: string[] = []
  const kept = part(config, importable, [], dropped)
  return { kept, dropped: dropped.filter((path) => !covers(owned, path.split('.'))) }
}

function part(config: JsonObject, branch: Branch, path: readonly string[], dropped: string[]): JsonObject {
  const kept = Object.entries(config).flatMap(([key, value]): [string, Json | undefined][] => {
    const known = branch.get(key)
    const here = [...path, key]
    if (known === undefined) {
      dropped.push(here.join('.'))
      return []
    }
    // what is no object where one belongs stays, for the validator to refuse
    if (known === true || !isJsonObject(value)) return [[key, value]]
    return [[key, part(value, known, here, dropped)]]
  })
  return Object.fromEntries(kept)
}

function covers(branch: Branch, path: readonly string[]): boolean {
  const [key, ...rest] = path
  if (key === undefined) return false
  const known = branch.get(key)
  return known === true || (known !== undefined && covers(known, rest))
}

function treeOf(paths: readonly string[]): Branch {
  const root: Branch = new Map()
  for (const path of paths) {
    const keys = path.split('.')
    let branch = root
    for (const [i, key] of keys.entries()) {
      const below: Branch | true = i === keys.length - 1 ? true : (branch.get(key) ?? new Map())
      branch.set(key, below)
      if (below !== true) branch = below
    }
  }
  return root
}
